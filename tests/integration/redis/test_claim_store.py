import pytest

from gpadapters.redis.claim_store import RedisClaimStore
from gpadapters.redis.client import RedisClient
from tests.contracts.claim_reopener import ClaimReopenerContract
from tests.contracts.claim_store import ClaimStoreContract, Unplug
from tests.settable_clock import SettableClock

pytestmark = pytest.mark.integration


class TestRedisClaimStore(ClaimStoreContract, ClaimReopenerContract):
    @pytest.fixture
    def clock(self) -> SettableClock:
        return SettableClock()

    @pytest.fixture
    def store(self, redis_client: RedisClient, redis_prefix: str, clock: SettableClock) -> RedisClaimStore:
        return RedisClaimStore(redis_client, redis_prefix, clock)

    @pytest.fixture
    def reopener(self, store: RedisClaimStore) -> RedisClaimStore:
        return store

    @pytest.fixture
    def unplug(self, redis_client: RedisClient) -> Unplug:
        return redis_client.close
