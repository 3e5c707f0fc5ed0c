import pytest

from gpadapters.redis.client import RedisClient
from gpadapters.redis.request_limiter import RedisRequestLimiter
from gpcore.domain.keys import fleet_key, fleet_log_key, major_key
from gpcore.domain.request_pacing import Verdict
from tests.contracts.request_limiter import CHANNEL, RequestLimiterContract, Unplug, a_window, an_ask, heard
from tests.settable_clock import SettableClock

pytestmark = pytest.mark.integration

APPLICATION = "1214497633075331073"


class TestRedisRequestLimiter(RequestLimiterContract):
    @pytest.fixture
    def clock(self) -> SettableClock:
        return SettableClock()

    @pytest.fixture
    def limiter(self, redis_client: RedisClient, redis_prefix: str, clock: SettableClock) -> RedisRequestLimiter:
        return RedisRequestLimiter(redis_client, APPLICATION, redis_prefix, clock)

    @pytest.fixture
    def unplug(self, redis_client: RedisClient) -> Unplug:
        return redis_client.close


@pytest.fixture
def keys(redis_prefix: str) -> list[str]:
    made = fleet_key(APPLICATION), fleet_log_key(APPLICATION), major_key(APPLICATION, CHANNEL.major)
    return [redis_prefix + key for key in made]


async def test_the_keys_of_a_bot_share_a_slot_and_expire(
    redis_client: RedisClient, redis_prefix: str, keys: list[str]
) -> None:
    limiter = RedisRequestLimiter(redis_client, APPLICATION, redis_prefix)
    ask = an_ask()
    await limiter.reserve(ask)
    await limiter.report(heard(ask, window=a_window(2)))

    lifetimes = [await redis_client.execute("PTTL", key) for key in keys]

    assert {key.partition("{")[2].partition("}")[0] for key in keys} == {f"dc:{APPLICATION}"}
    assert all(isinstance(lifetime, int) and lifetime > 0 for lifetime in lifetimes)


@pytest.mark.parametrize("kind", [("SET", "text"), ("LPUSH", "item"), ("HSET", "b:?x", "nonsense")])
async def test_keys_of_another_shape_count_as_absent(
    redis_client: RedisClient, redis_prefix: str, keys: list[str], kind: tuple[str, ...]
) -> None:
    for key in keys:
        await redis_client.execute(kind[0], key, *kind[1:])
    limiter = RedisRequestLimiter(redis_client, APPLICATION, redis_prefix)
    ask = an_ask()

    first = await limiter.reserve(ask)
    await limiter.report(heard(ask, window=a_window(0)))

    assert first.verdict is Verdict.GO
    assert (await limiter.reserve(an_ask())).verdict is Verdict.WAIT
