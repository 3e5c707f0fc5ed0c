"""What real servers refuse with, and what the caller is told: what is wrong, and never a secret."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from gpadapters.redis.claim_store import RedisClaimStore
from gpadapters.redis.client import RedisClient
from gpadapters.redis.session_store import RedisSessionStore
from gpcore.errors import PortUnavailableError
from tests.servers.redis import connected
from tests.servers.redis_process import RedisProcess, free_port

pytestmark = pytest.mark.integration

HOUR_US = 3600 * 1_000_000
SECRET = "p@ss:w/rd#%"
ENCODED = "p%40ss%3Aw%2Frd%23%25"


@asynccontextmanager
async def a_replica_without_its_master(server: RedisProcess) -> AsyncIterator[str]:
    async with connected(server.unix_url) as admin:
        await admin.execute("CONFIG", "SET", "replica-serve-stale-data", "no")
        await admin.execute("REPLICAOF", "127.0.0.1", "1")
        yield server.url


@asynccontextmanager
async def a_replica(server: RedisProcess) -> AsyncIterator[str]:
    master = RedisProcess("--repl-diskless-sync-delay", "0")
    try:
        master.start()
        async with connected(server.unix_url) as admin:
            await admin.execute("REPLICAOF", "127.0.0.1", master.port)
            while b"master_link_status:up" not in await _info(admin):
                await asyncio.sleep(0.02)
            yield server.url
    finally:
        master.close()


async def _info(admin: RedisClient) -> bytes:
    reply = await admin.execute("INFO", "replication")
    assert isinstance(reply, bytes)
    return reply


@asynccontextmanager
async def without_memory(server: RedisProcess) -> AsyncIterator[str]:
    async with connected(server.unix_url) as admin:
        await admin.execute("CONFIG", "SET", "maxmemory", "1")
        yield server.url


@asynccontextmanager
async def without_replicas(server: RedisProcess) -> AsyncIterator[str]:
    async with connected(server.unix_url) as admin:
        await admin.execute("CONFIG", "SET", "min-replicas-to-write", "1")
        yield server.url


@asynccontextmanager
async def without_a_disk(server: RedisProcess) -> AsyncIterator[str]:
    async with connected(server.url) as admin:
        await admin.execute("CONFIG", "SET", "save", "3600 1000")
        shutil.rmtree(server.socket.parent)
        await admin.execute("BGSAVE")
        while True:
            reply = await admin.execute("INFO", "persistence")
            assert isinstance(reply, bytes)
            if b"rdb_last_bgsave_status:err" in reply:
                break
            await asyncio.sleep(0.02)
        yield server.url


@asynccontextmanager
async def with_a_password(server: RedisProcess) -> AsyncIterator[str]:
    async with connected(server.unix_url) as admin:
        await admin.execute("CONFIG", "SET", "requirepass", SECRET)
        yield server.url


@asynccontextmanager
async def with_another_password(server: RedisProcess) -> AsyncIterator[str]:
    async with with_a_password(server) as url:
        yield url.replace("//", f"//:{ENCODED}x@")


@asynccontextmanager
async def for_a_user_without_rights(server: RedisProcess) -> AsyncIterator[str]:
    async with connected(server.unix_url) as admin:
        await admin.execute("ACL", "SETUSER", "worker", "on", f">{SECRET}", "~elsewhere:*", "+@all")
        yield server.url.replace("//", f"//worker:{ENCODED}@")


@asynccontextmanager
async def for_a_user_without_scripts(server: RedisProcess) -> AsyncIterator[str]:
    async with connected(server.unix_url) as admin:
        await admin.execute("ACL", "SETUSER", "worker", "on", f">{SECRET}", "~*", "+@all", "-@scripting")
        yield server.url.replace("//", f"//worker:{ENCODED}@")


@asynccontextmanager
async def while_a_script_runs_on(server: RedisProcess) -> AsyncIterator[str]:
    async with connected(server.unix_url) as admin, connected(server.unix_url) as other:
        await other.execute("CONFIG", "SET", "busy-reply-threshold", "20")
        endless = asyncio.create_task(admin.execute("EVAL", "while true do end", 0))
        while not await _is_busy(other):
            await asyncio.sleep(0.01)
        yield server.url
        await other.execute("SCRIPT", "KILL")
        await asyncio.wait([endless])
        assert endless.exception() is not None


async def _is_busy(client: RedisClient) -> bool:
    try:
        await client.execute("PING")
    except PortUnavailableError as error:
        return "BUSY" in str(error)
    return False


@asynccontextmanager
async def in_a_cluster_that_is_not_covered(server: RedisProcess) -> AsyncIterator[str]:
    # By default the bus listens 10,000 ports above, where there may be none.
    node = RedisProcess("--cluster-enabled", "yes", "--cluster-port", str(free_port()))
    try:
        node.start()
        yield node.url
    finally:
        node.close()


State = Callable[[RedisProcess], AbstractAsyncContextManager[str]]

REFUSALS = [
    (a_replica, "READONLY", "it is a replica and takes no writes"),
    (a_replica_without_its_master, "MASTERDOWN", "lost its master"),
    (without_memory, "OOM", "out of memory"),
    (without_replicas, "NOREPLICAS", "want of replicas"),
    (without_a_disk, "MISCONF", "cannot save to disk"),
    (with_a_password, "NOAUTH", "wants a password"),
    (with_another_password, "WRONGPASS", "user name or password is wrong"),
    (for_a_user_without_rights, "NOPERM", "lacks a permission"),
    (for_a_user_without_scripts, "NOPERM", "lacks a permission"),
    (while_a_script_runs_on, "BUSY", "busy running a script"),
    (in_a_cluster_that_is_not_covered, "CLUSTERDOWN", "its cluster is down"),
]


async def _claim(client: RedisClient) -> object:
    return await RedisClaimStore(client).claim("7", owner="a", lease_us=HOUR_US, max_attempts=6)


async def _create(client: RedisClient) -> object:
    return await RedisSessionStore(client).create("form", "1", b"mine", ttl_us=HOUR_US)


@pytest.mark.parametrize(("state", "code", "said"), REFUSALS, ids=[state.__name__ for state, _, _ in REFUSALS])
@pytest.mark.parametrize("write", [_claim, _create])
async def test_a_refusal_of_the_server_is_told_with_its_reason_and_without_secrets(
    redis_server: RedisProcess, state: State, code: str, said: str, write: Callable[[RedisClient], Awaitable[object]]
) -> None:
    async with state(redis_server) as url, connected(url) as client:
        with pytest.raises(PortUnavailableError) as refused:
            await write(client)

    assert code in str(refused.value)
    assert said in str(refused.value)
    for secret in (SECRET, ENCODED, "mine"):
        assert secret not in f"{refused.value!r} {refused.value}"


async def test_a_user_with_its_password_in_the_url_may_do_all_that_a_worker_does(redis_server: RedisProcess) -> None:
    async with connected(redis_server.unix_url) as admin:
        await admin.execute("ACL", "SETUSER", "worker", "on", f">{SECRET}", "~gp:*", "+@all", "-@admin", "+info")
        await admin.execute("ACL", "SETUSER", "default", "off")
        async with connected(redis_server.url.replace("//", f"//worker:{ENCODED}@")) as client:
            store = RedisClaimStore(client, "gp:")
            result = await store.claim("7", owner="a", lease_us=HOUR_US, max_attempts=6)
            assert await store.release(result.ticket)
            session = await RedisSessionStore(client, "gp:").create("form", "1", b"mine", ttl_us=HOUR_US)
            assert await RedisSessionStore(client, "gp:").read("form", "1") == session


async def test_a_password_alone_is_enough_over_the_unix_socket_too(redis_server: RedisProcess) -> None:
    async with with_a_password(redis_server):
        for url in (
            redis_server.url.replace("//", f"//:{ENCODED}@"),
            f"{redis_server.unix_url}&password={ENCODED}",
        ):
            async with connected(url) as client:
                assert await client.execute("PING") == b"PONG"
