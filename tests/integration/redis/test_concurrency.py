import asyncio
import sys
from random import Random

import pytest

from gpadapters.memory.admission_store import InMemoryAdmissionStore
from gpadapters.memory.session_store import InMemorySessionStore
from gpadapters.redis.admission_store import RedisAdmissionStore
from gpadapters.redis.claim_store import RedisClaimStore
from gpadapters.redis.client import RedisClient
from gpadapters.redis.session_store import RedisSessionStore
from gpcore.domain.claims import Verdict
from gpcore.domain.limit_rules import WindowRule
from gpcore.ports.admission_store import AdmissionStore
from gpcore.ports.session_store import SessionStore
from tests.servers.redis import a_client
from tests.settable_clock import SettableClock

pytestmark = pytest.mark.integration

HOUR_US = 3600 * 1_000_000
ADMITTED = 37
RULE = WindowRule(key="rl:x", limit=ADMITTED, window_us=HOUR_US)

LIMITS = {
    "window": f"SlidingWindow({ADMITTED}, per=3600)",
    # So long that no aligned window ends while the test runs, or hardly ever.
    "counter": f"WindowCounter({ADMITTED}, per=30 * 24 * 3600)",
    "gcra": f"Gcra({ADMITTED}, per={ADMITTED} * 3600, burst={ADMITTED})",
}

ADMITTING = """
import asyncio, sys
from gpadapters.redis import open_stores
from gpcore import Gcra, Limiter, SlidingWindow, WindowCounter

async def main(url, prefix, limit):
    async with open_stores(url, key_prefix=prefix) as stores:
        await stores.probe.check()
        limiter = Limiter(stores.admissions, "x", eval(limit))

        async def task():
            return sum([(await limiter.acquire("")).allowed for _ in range(4)])

        print("ready", flush=True)
        sys.stdin.readline()
        print(sum(await asyncio.gather(*(task() for _ in range(50)))))

asyncio.run(main(*sys.argv[1:]))
"""


async def used(store: AdmissionStore, tasks: int, uses: int) -> int:
    async def use_up(task: int) -> int:
        return sum([(await store.admit([RULE], nonce=f"{task} {use}")).allowed for use in range(uses)])

    return sum(await asyncio.gather(*(use_up(task) for task in range(tasks))))


@pytest.mark.parametrize(("tasks", "uses"), [(10, 10), (4, 5)])
async def test_p17_concurrent_uses_admit_exactly_the_limit(
    redis_url: str, redis_prefix: str, tasks: int, uses: int
) -> None:
    clients = [a_client(redis_url) for _ in range(tasks)]
    stores = [RedisAdmissionStore(client, redis_prefix) for client in clients]

    admitted = await asyncio.gather(*(used(store, 1, uses) for store in stores))
    # The stores use the same nonces, so a task's uses are replays of another's, not new ones.
    assert admitted == [min(uses, ADMITTED)] * tasks

    await stores[0].reset([RULE])
    assert await used(stores[0], tasks, uses) == min(tasks * uses, ADMITTED)
    await asyncio.gather(*(client.close() for client in clients))


async def test_p17_concurrent_uses_in_memory_admit_exactly_the_limit() -> None:
    assert await used(InMemoryAdmissionStore(SettableClock()), 10, 10) == ADMITTED


@pytest.mark.parametrize("kind", list(LIMITS))
async def test_p17_two_processes_of_fifty_tasks_admit_exactly_the_limit(
    redis_url: str, redis_prefix: str, kind: str
) -> None:
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", ADMITTING, redis_url, redis_prefix, LIMITS[kind]),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        for _ in range(2)
    ]
    # Both begin together, or the first would take everything before the second has started.
    for process in processes:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    outputs = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))

    assert sum(int(output) for output, _ in outputs) == ADMITTED


async def test_one_of_many_claimants_gets_the_claim(redis_url: str, redis_prefix: str) -> None:
    clients = [a_client(redis_url) for _ in range(10)]
    results = await asyncio.gather(
        *(
            RedisClaimStore(client, redis_prefix).claim("7", owner=str(owner), lease_us=HOUR_US, max_attempts=6)
            for owner, client in enumerate(clients)
        )
    )

    assert sorted(result.verdict for result in results) == [Verdict.BUSY] * 9 + [Verdict.CLAIMED]
    await asyncio.gather(*(client.close() for client in clients))


async def counted_up(store: SessionStore, tasks: int, increments: int) -> bytes:
    await store.create("count", "1", b"0", ttl_us=HOUR_US)

    async def increment(jitter: Random) -> None:
        while True:
            session = await store.read("count", "1")
            assert session is not None
            data = str(int(session.data) + 1).encode()
            await asyncio.sleep(jitter.random() / 1000)
            if await store.replace("count", "1", data, expected_version=session.version):
                return

    for _ in range(increments):
        await asyncio.gather(*(increment(Random(task)) for task in range(tasks)))
    session = await store.read("count", "1")
    assert session is not None
    return session.data


async def test_s1_no_update_of_a_session_is_lost(redis_client: RedisClient, redis_prefix: str) -> None:
    assert await counted_up(RedisSessionStore(redis_client, redis_prefix), 8, 5) == b"40"
    assert await counted_up(InMemorySessionStore(SettableClock()), 8, 5) == b"40"


async def test_s6_a_computation_that_raises_leaves_the_session_as_it_was(
    redis_client: RedisClient, redis_prefix: str
) -> None:
    store = RedisSessionStore(redis_client, redis_prefix)
    await store.create("count", "1", b"not a number", ttl_us=HOUR_US)
    before = await redis_client.execute("DUMP", f"{redis_prefix}sess:count:1")

    async def increment() -> None:
        session = await store.read("count", "1")
        assert session is not None
        data = str(int(session.data) + 1).encode()
        await store.replace("count", "1", data, expected_version=session.version)

    with pytest.raises(ValueError, match="invalid literal"):
        await increment()

    assert await redis_client.execute("DUMP", f"{redis_prefix}sess:count:1") == before
