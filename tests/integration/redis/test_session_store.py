import pytest

from gpadapters.redis.client import RedisClient
from gpadapters.redis.session_store import RedisSessionStore
from tests.contracts.session_store import SessionStoreContract, Unplug
from tests.settable_clock import SettableClock

pytestmark = pytest.mark.integration


class TestRedisSessionStore(SessionStoreContract):
    @pytest.fixture
    def clock(self) -> SettableClock:
        return SettableClock()

    @pytest.fixture
    def store(self, redis_client: RedisClient, redis_prefix: str, clock: SettableClock) -> RedisSessionStore:
        return RedisSessionStore(redis_client, redis_prefix, clock)

    @pytest.fixture
    def unplug(self, redis_client: RedisClient) -> Unplug:
        return redis_client.close
