"""A real cluster of three nodes: the same contracts, slots that move, and a node that dies."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from redis.crc import key_slot

from gpadapters.redis import open_stores
from gpadapters.redis.claim_store import RedisClaimStore
from gpadapters.redis.client import RedisClient
from gpadapters.redis.cluster_admission_store import RedisClusterAdmissionStore
from gpadapters.redis.egress_ledger import RedisEgressLedger
from gpadapters.redis.probe import RedisProbe
from gpadapters.redis.request_limiter import RedisRequestLimiter
from gpadapters.redis.session_store import RedisSessionStore
from gpcore import Cooldown, Limiter, SlidingWindow
from gpcore.domain.claims import Verdict
from gpcore.domain.limit_rules import CooldownRule, Rule, WindowRule
from gpcore.errors import PortUnavailableError
from tests.contracts.admission_store import AdmissionStoreContract
from tests.contracts.admission_store import Unplug as AdmissionUnplug
from tests.contracts.claim_store import ClaimStoreContract
from tests.contracts.claim_store import Unplug as ClaimUnplug
from tests.contracts.egress_ledger import EgressLedgerContract
from tests.contracts.egress_ledger import Unplug as EgressUnplug
from tests.contracts.request_limiter import RequestLimiterContract
from tests.contracts.request_limiter import Unplug as RequestUnplug
from tests.contracts.session_store import SessionStoreContract
from tests.contracts.session_store import Unplug as SessionUnplug
from tests.servers.redis import a_client, connected
from tests.servers.redis_cluster import RedisClusterProcesses, move_slot
from tests.settable_clock import SettableClock

pytestmark = pytest.mark.integration

HOUR_US = 3600 * 1_000_000


@pytest.fixture(scope="module")
def cluster() -> Iterator[RedisClusterProcesses]:
    nodes = RedisClusterProcesses()
    asyncio.run(nodes.start())
    yield nodes
    nodes.close()


@pytest.fixture
async def client(cluster: RedisClusterProcesses) -> AsyncIterator[RedisClient]:
    async with connected(cluster.url) as opened:
        yield opened


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


class TestAdmissionStoreOnACluster(AdmissionStoreContract):
    @pytest.fixture
    def store(self, client: RedisClient, redis_prefix: str, clock: SettableClock) -> RedisClusterAdmissionStore:
        return RedisClusterAdmissionStore(client, redis_prefix, clock)

    @pytest.fixture
    def unplug(self, client: RedisClient) -> AdmissionUnplug:
        return client.close


class TestClaimStoreOnACluster(ClaimStoreContract):
    @pytest.fixture
    def store(self, client: RedisClient, redis_prefix: str, clock: SettableClock) -> RedisClaimStore:
        return RedisClaimStore(client, redis_prefix, clock)

    @pytest.fixture
    def unplug(self, client: RedisClient) -> ClaimUnplug:
        return client.close


class TestSessionStoreOnACluster(SessionStoreContract):
    @pytest.fixture
    def store(self, client: RedisClient, redis_prefix: str, clock: SettableClock) -> RedisSessionStore:
        return RedisSessionStore(client, redis_prefix, clock)

    @pytest.fixture
    def unplug(self, client: RedisClient) -> SessionUnplug:
        return client.close


class TestRequestLimiterOnACluster(RequestLimiterContract):
    @pytest.fixture
    def limiter(self, client: RedisClient, redis_prefix: str, clock: SettableClock) -> RedisRequestLimiter:
        return RedisRequestLimiter(client, "1214497633075331073", redis_prefix, clock)

    @pytest.fixture
    def unplug(self, client: RedisClient) -> RequestUnplug:
        return client.close


class TestEgressLedgerOnACluster(EgressLedgerContract):
    @pytest.fixture
    def ledger(self, client: RedisClient, redis_prefix: str, clock: SettableClock) -> RedisEgressLedger:
        return RedisEgressLedger(client, "nat-1", redis_prefix, clock)

    @pytest.fixture
    def unplug(self, client: RedisClient) -> EgressUnplug:
        return client.close


def node_of(cluster: RedisClusterProcesses, key: str) -> int:
    return key_slot(key.encode()) * 3 // 16384


async def test_every_key_goes_to_its_own_node(cluster: RedisClusterProcesses, client: RedisClient) -> None:
    keys = [f"{uuid4()}" for _ in range(30)]

    await asyncio.gather(*(client.execute("SET", key, key, "PX", 60_000, key=key) for key in keys))

    assert await asyncio.gather(*(client.execute("GET", key, key=key) for key in keys)) == [k.encode() for k in keys]
    assert {node_of(cluster, key) for key in keys} == {0, 1, 2}


async def test_limits_of_one_entity_are_one_script_and_of_several_are_all_or_nothing(
    client: RedisClient, redis_prefix: str
) -> None:
    store = RedisClusterAdmissionStore(client, redis_prefix)
    user: list[Rule] = [
        CooldownRule(key="cd:a", duration_us=HOUR_US, entity="user:1"),
        WindowRule(key="rl:a", limit=2, window_us=HOUR_US, entity="user:1"),
    ]
    full = WindowRule(key="rl:b", limit=1, window_us=HOUR_US, entity="guild:2")
    await store.admit([full], nonce="somebody else")

    refused = await store.admit([full, *user], nonce="mine")

    assert (refused.allowed, refused.limiting) == (False, 0)
    assert (await store.peek(user)).allowed
    assert (await store.peek(user[1:])).remaining == 2


async def test_any_program_uses_the_limits_of_a_cluster(cluster: RedisClusterProcesses, redis_prefix: str) -> None:
    async with open_stores(cluster.url, key_prefix=redis_prefix) as stores:
        limiter = Limiter(stores.admissions, "login", SlidingWindow(2, per=60), Cooldown(0.001))

        decisions = [await limiter.acquire(str(bucket)) for bucket in range(20)]
        session = await stores.sessions.create("form", "1", b"x", ttl_us=HOUR_US)

        assert all(decision.allowed for decision in decisions)
        assert await stores.sessions.read("form", "1") == session
        assert (await stores.claims.claim("7", owner="a", lease_us=HOUR_US, max_attempts=6)).verdict is Verdict.CLAIMED


async def test_a_slot_that_moves_is_followed_and_nothing_is_counted_twice(
    cluster: RedisClusterProcesses, redis_prefix: str
) -> None:
    async with connected(cluster.url) as client:
        store = RedisClusterAdmissionStore(client, redis_prefix)
        rule = WindowRule(key="rl:moving", limit=100, window_us=HOUR_US)
        slot, source = key_slot(f"{redis_prefix}rl:moving".encode()), node_of(cluster, f"{redis_prefix}rl:moving")
        await store.admit([rule], nonce="before")

        async with asynccontextmanager(move_slot)(cluster, slot, source, (source + 1) % 3):
            on_its_way = [await store.admit([rule], nonce=f"on its way {use}") for use in range(3)]
        moved = [await store.admit([rule], nonce=f"moved {use}") for use in range(3)]

        assert [decision.remaining for decision in (*on_its_way, *moved)] == [98, 97, 96, 95, 94, 93]
        # Back again, for the tests that follow.
        async with asynccontextmanager(move_slot)(cluster, slot, (source + 1) % 3, source):
            pass
        assert (await store.admit([rule], nonce="back")).remaining == 92


async def test_a_node_that_dies_costs_only_its_own_keys_and_is_found_again(redis_prefix: str) -> None:
    nodes = RedisClusterProcesses()
    try:
        await nodes.start()
        async with connected(nodes.url) as client:
            sessions = RedisSessionStore(client, redis_prefix)
            by_node = {node_of(nodes, f"{redis_prefix}sess:form:{user}"): str(user) for user in range(50)}
            for user in by_node.values():
                await sessions.create("form", user, b"x", ttl_us=HOUR_US)

            nodes.nodes[1].kill()

            with pytest.raises(PortUnavailableError):
                await sessions.read("form", by_node[1])
            assert await sessions.read("form", by_node[0]) is not None
            assert await sessions.read("form", by_node[2]) is not None

            nodes.nodes[1].start()
            while not await written(sessions, by_node[1]):
                await asyncio.sleep(0.05)
    finally:
        nodes.close()


async def written(sessions: RedisSessionStore, user: str) -> bool:
    try:
        await sessions.create("form", user, b"x", ttl_us=HOUR_US)
    except PortUnavailableError:
        return False
    return True


async def test_nobody_there_is_told_at_once() -> None:
    client = a_client("redis+cluster://user:pass%20word@127.0.0.1:1,127.0.0.1:2")

    with pytest.raises(PortUnavailableError, match=r"the cluster of 127\.0\.0\.1:1,127\.0\.0\.1:2") as refused:
        await client.execute("PING")

    assert "pass" not in str(refused.value)
    await client.close()


async def test_the_probe_tells_a_cluster_from_a_server(cluster: RedisClusterProcesses, client: RedisClient) -> None:
    as_cluster = await RedisProbe(client).check()
    async with connected(cluster.nodes[0].url) as one_node:
        as_server = await RedisProbe(one_node).check()

    assert as_cluster.ok
    assert not as_server.ok
    assert "redis+cluster://" in as_server.detail
