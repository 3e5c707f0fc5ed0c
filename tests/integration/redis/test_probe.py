import pytest

from gpadapters.redis import open_stores
from gpadapters.redis.client import RedisClient
from gpadapters.redis.probe import RedisProbe
from tests.servers.redis import connected
from tests.servers.redis_process import RedisProcess

pytestmark = pytest.mark.integration


async def test_a_working_server_is_named_with_its_version(redis_client: RedisClient) -> None:
    result = await RedisProbe(redis_client).check()

    assert (result.name, result.ok, result.required) == ("redis", True, True)
    assert result.detail.startswith(("Redis ", "Valkey "))
    assert redis_client.address in result.detail


async def test_a_server_that_is_down_is_no_error(redis_server: RedisProcess) -> None:
    redis_server.stop()
    async with connected(redis_server.url) as client:
        result = await RedisProbe(client, required=False).check()

    assert (result.ok, result.required) == (False, False)
    assert f"127.0.0.1:{redis_server.port}" in result.detail


async def test_a_replica_does_not_do(redis_server: RedisProcess) -> None:
    async with connected(redis_server.unix_url) as client:
        await client.execute("REPLICAOF", "127.0.0.1", "1")
        result = await RedisProbe(client).check()

    assert not result.ok
    assert "replica" in result.detail


async def test_a_server_that_evicts_is_told(redis_server: RedisProcess) -> None:
    async with connected(redis_server.unix_url) as client:
        await client.execute("CONFIG", "SET", "maxmemory", str(100 * 2**20))
        await client.execute("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
        result = await RedisProbe(client).check()

    assert result.ok
    assert "allkeys-lru" in result.detail


async def test_the_stores_alone_work_without_a_worker(redis_url: str, redis_prefix: str) -> None:
    async with open_stores(redis_url, key_prefix=redis_prefix) as stores:
        assert (await stores.probe.check()).ok
        await stores.sessions.create("form", "1", b"mine", ttl_us=60_000_000)
        session = await stores.sessions.read("form", "1")

    assert session is not None
    assert session.data == b"mine"
