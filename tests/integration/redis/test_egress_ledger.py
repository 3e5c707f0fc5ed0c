import pytest

from gpadapters.redis.client import RedisClient
from gpadapters.redis.egress_ledger import RedisEgressLedger
from gpcore.domain.egress import EgressNews
from gpcore.domain.keys import egress_key
from tests.contracts.egress_ledger import EgressLedgerContract, Unplug
from tests.settable_clock import SECOND, SettableClock

pytestmark = pytest.mark.integration

EGRESS = "nat-1"


class TestRedisEgressLedger(EgressLedgerContract):
    @pytest.fixture
    def clock(self) -> SettableClock:
        return SettableClock()

    @pytest.fixture
    def ledger(self, redis_client: RedisClient, redis_prefix: str, clock: SettableClock) -> RedisEgressLedger:
        return RedisEgressLedger(redis_client, EGRESS, redis_prefix, clock)

    @pytest.fixture
    def unplug(self, redis_client: RedisClient) -> Unplug:
        return redis_client.close


async def test_processes_of_one_address_add_up_and_another_is_apart(
    redis_client: RedisClient, redis_prefix: str
) -> None:
    one, same, other = (RedisEgressLedger(redis_client, name, redis_prefix) for name in (EGRESS, EGRESS, "nat-2"))
    await one.tell(EgressNews(invalid=2))

    assert (await same.tell(EgressNews(invalid=3))).invalid == 5
    assert (await other.tell(EgressNews(invalid=1))).invalid == 1


async def test_a_key_of_another_shape_is_replaced_and_expires(redis_client: RedisClient, redis_prefix: str) -> None:
    key = redis_prefix + egress_key(EGRESS)
    await redis_client.execute("SET", key, "somebody else's")
    ledger = RedisEgressLedger(redis_client, EGRESS, redis_prefix)

    view = await ledger.tell(EgressNews(invalid=1, paused_us=SECOND))
    lifetime = await redis_client.execute("PTTL", key)

    assert view.invalid == 1
    assert isinstance(lifetime, int)
    assert lifetime > 0
