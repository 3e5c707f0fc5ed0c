import pytest

from gpadapters.redis.admission_store import RedisAdmissionStore
from gpadapters.redis.client import RedisClient
from tests.contracts.admission_store import AdmissionStoreContract, Unplug
from tests.settable_clock import SettableClock

pytestmark = pytest.mark.integration


class TestRedisAdmissionStore(AdmissionStoreContract):
    @pytest.fixture
    def clock(self) -> SettableClock:
        return SettableClock()

    @pytest.fixture
    def store(self, redis_client: RedisClient, redis_prefix: str, clock: SettableClock) -> RedisAdmissionStore:
        return RedisAdmissionStore(redis_client, redis_prefix, clock)

    @pytest.fixture
    def unplug(self, redis_client: RedisClient) -> Unplug:
        return redis_client.close
