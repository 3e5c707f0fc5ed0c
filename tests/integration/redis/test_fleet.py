"""Claims and sessions of several processes at once, one of which may stand still or die."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack, suppress

import pytest

from gpadapters.memory.telemetry import InMemoryTelemetry
from gpadapters.redis import open_stores
from gpadapters.redis.claim_store import RedisClaimStore
from gpadapters.redis.client import RedisClient
from gpadapters.redis.session_store import RedisSessionStore
from gpadapters.system.clock import SystemClock
from gpcore.application.claiming import Claims
from gpcore.application.sessions import Sessions
from gpcore.domain.claims import ClaimResult, Completion, Progress, Verdict
from gpcore.domain.wire_message import Lane
from gpcore.errors import SessionConflictError
from tests.integration.redis.processes import ChildProcess, Talk, process

pytestmark = pytest.mark.integration

TASKS = 50
IDS = [str(number) for number in range(40)]
HOUR_US = 3600 * 1_000_000
SHORT_US = 1_000_000


async def claim_all(url: str, prefix: str, talk: Talk) -> None:
    """Let fifty tasks ask for the same ids, and tell which of them were had."""
    async with open_stores(url, key_prefix=prefix) as stores:
        await stores.probe.check()
        claims = Claims(stores.claims, SystemClock(), InMemoryTelemetry())

        async def task() -> list[str]:
            results = [(one, await claims.claim(Lane.EVENTS, one)) for one in IDS]
            return [one for one, result in results if result.verdict in {Verdict.CLAIMED, Verdict.OWNED}]

        talk.say("ready")
        await talk.hear()
        had = await asyncio.gather(*(task() for _ in range(TASKS)))
        talk.say([one for ids in had for one in ids])


async def count_up(url: str, prefix: str, talk: Talk) -> None:
    """Let fifty tasks count one session up, and tell how often that was done."""
    async with open_stores(url, key_prefix=prefix) as stores:
        await stores.probe.check()
        sessions = Sessions(stores.sessions, "1", SystemClock(), InMemoryTelemetry())

        async def task() -> int:
            counted = 0
            for _ in range(4):
                with suppress(SessionConflictError):
                    await sessions.update("count", lambda value: {"n": value["n"] + 1})
                    counted += 1
            return counted

        talk.say("ready")
        await talk.hear()
        talk.say(sum(await asyncio.gather(*(task() for _ in range(TASKS)))))


async def hold(url: str, prefix: str, talk: Talk, lane: str) -> None:
    """Claim an id and keep it alive; when asked, try every write with the ticket."""
    async with open_stores(url, key_prefix=prefix) as stores:
        claims = Claims(stores.claims, SystemClock(), InMemoryTelemetry())
        result = await claims.claim(Lane(lane), "7")
        claims.hold(result, Lane(lane))
        keeper = asyncio.create_task(claims.keep())
        talk.say(result.ticket.fence)
        await talk.hear()
        keeper.cancel()
        ticket = result.ticket
        noted = await stores.claims.note(ticket, Progress.ANSWERED, lease_us=HOUR_US)
        extended = await stores.claims.extend([ticket], lease_us=HOUR_US)
        released = await stores.claims.release(ticket)
        talk.say([noted, *extended, released, await stores.claims.complete(ticket)])


async def together(*children: ChildProcess) -> None:
    """Let all begin at the same time."""
    for child in children:
        assert await child.hear() == "ready"
    for child in children:
        child.say("go")


async def ask(store: RedisClaimStore, owner: str) -> ClaimResult:
    return await store.claim("7", owner=owner, lease_us=HOUR_US, max_attempts=6)


async def test_each_id_has_exactly_one_runner_among_two_processes_of_fifty_tasks(
    redis_url: str, redis_prefix: str
) -> None:
    async with AsyncExitStack() as stack:
        children = [await stack.enter_async_context(process(claim_all, redis_url, redis_prefix)) for _ in range(2)]
        await together(*children)
        had = [await child.hear() for child in children]

    assert Counter(had[0]) + Counter(had[1]) == Counter(IDS)


async def test_no_update_of_a_session_is_lost_among_two_processes_of_fifty_tasks(
    redis_client: RedisClient, redis_url: str, redis_prefix: str
) -> None:
    sessions = Sessions(RedisSessionStore(redis_client, redis_prefix), "1", SystemClock(), InMemoryTelemetry())
    await sessions.create("count", {"n": 0}, ttl=3600)
    async with AsyncExitStack() as stack:
        children = [await stack.enter_async_context(process(count_up, redis_url, redis_prefix)) for _ in range(2)]
        await together(*children)
        counted = [await child.hear() for child in children]

    assert all(counted)
    assert await sessions.get("count") == {"n": sum(counted)}


@pytest.mark.parametrize("ending", ["stands still", "is killed"])
async def test_another_takes_over_from_a_process_that_cannot_go_on_and_the_stale_owner_changes_nothing(
    redis_client: RedisClient, redis_url: str, redis_prefix: str, ending: str
) -> None:
    store = RedisClaimStore(redis_client, redis_prefix)
    key = f"{redis_prefix}event:processed:7"
    async with process(hold, redis_url, redis_prefix, Lane.INTERACTIONS.value) as owner:
        assert await owner.hear() == 1
        # While it lives its heartbeat prolongs the lease again and again.
        leases = {await redis_client.execute("HGET", key, "l")}
        while len(leases) < 4:
            await asyncio.sleep(0.05)
            leases.add(await redis_client.execute("HGET", key, "l"))

        if ending == "stands still":
            owner.stop()
        else:
            owner.kill()
        while (taken := await ask(store, "another")).verdict is Verdict.BUSY:
            await asyncio.sleep(taken.retry_after_us / SHORT_US)
        assert (taken.verdict, taken.ticket.fence) == (Verdict.CLAIMED, 2)
        if ending == "is killed":
            return

        before = await redis_client.execute("DUMP", key)
        owner.say("try")
        owner.go_on()

        assert await owner.hear() == [False, False, False, Completion.STALE]
        assert await redis_client.execute("DUMP", key) == before
        assert await store.complete(taken.ticket) is Completion.OK
