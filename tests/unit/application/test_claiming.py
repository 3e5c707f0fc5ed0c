"""Claims of this process: taken, kept alive, given up."""

import asyncio
from collections.abc import Sequence

import pytest

from gpadapters.memory.claim_store import InMemoryClaimStore
from gpadapters.memory.telemetry import InMemoryTelemetry
from gpcore.application.claiming import Claims, settled_elsewhere
from gpcore.domain import metrics
from gpcore.domain.claims import FIRST_ANSWER_LEASE_US, LEASE_US, ClaimResult, Completion, Progress, Ticket, Verdict
from gpcore.domain.ladders import Ladders
from gpcore.domain.retrying import EVENT_DELAYS, INTERACTION_DELAYS
from gpcore.domain.settling import Ack, DeadLetter, Retry
from gpcore.domain.wire_message import Lane
from gpcore.errors import PortTimeoutError, PortUnavailableError
from tests.unit.application.worlds import World


class LossyStore(InMemoryClaimStore):
    """Does what it is asked and loses as many replies as it is told to."""

    def __init__(self, world: World, *, lose: int = 0) -> None:
        super().__init__(world.clock)
        self.lose = lose
        self.extended: list[Sequence[Ticket]] = []

    async def claim(
        self,
        claim_id: str,
        *,
        owner: str,
        lease_us: int,
        max_attempts: int,
        intent: Progress = Progress.NONE,
        ephemeral: bool = False,
    ) -> ClaimResult:
        result = await super().claim(
            claim_id, owner=owner, lease_us=lease_us, max_attempts=max_attempts, intent=intent, ephemeral=ephemeral
        )
        self._reply()
        return result

    async def complete(self, ticket: Ticket) -> Completion:
        result = await super().complete(ticket)
        self._reply()
        return result

    async def extend(self, tickets: Sequence[Ticket], *, lease_us: int) -> Sequence[bool]:
        self.extended.append(tickets)
        self._reply()
        return await super().extend(tickets, lease_us=lease_us)

    def _reply(self) -> None:
        if self.lose:
            self.lose -= 1
            raise PortTimeoutError("the reply was lost")


@pytest.fixture
def telemetry() -> InMemoryTelemetry:
    return InMemoryTelemetry()


async def test_a_claim_whose_reply_was_lost_is_asked_for_again_and_counts_once(
    world: World, telemetry: InMemoryTelemetry
) -> None:
    result = await Claims(LossyStore(world, lose=1), world.clock, telemetry).claim(Lane.EVENTS, "1")

    assert (result.verdict, result.ticket.fence, result.attempts) == (Verdict.OWNED, 1, 1)
    assert telemetry.counted(metrics.CLAIMS, "events", "owned") == 1


async def test_a_claim_that_is_lost_twice_fails(world: World, telemetry: InMemoryTelemetry) -> None:
    with pytest.raises(PortTimeoutError):
        await Claims(LossyStore(world, lose=2), world.clock, telemetry).claim(Lane.EVENTS, "1")


async def test_a_store_that_is_down_is_not_asked_again(world: World, telemetry: InMemoryTelemetry) -> None:
    world.claims.unavailable = True

    with pytest.raises(PortUnavailableError):
        await Claims(world.claims, world.clock, telemetry).claim(Lane.EVENTS, "1")


async def test_two_deliveries_of_one_process_are_different_owners(world: World, telemetry: InMemoryTelemetry) -> None:
    claims = Claims(world.claims, world.clock, telemetry)

    assert (await claims.claim(Lane.EVENTS, "1")).verdict is Verdict.CLAIMED
    assert (await claims.claim(Lane.EVENTS, "1")).verdict is Verdict.BUSY


async def test_held_claims_outlive_their_lease(world: World, telemetry: InMemoryTelemetry) -> None:
    claims = Claims(world.claims, world.clock, telemetry)
    keeper = asyncio.ensure_future(claims.keep())
    hold = claims.hold(await claims.claim(Lane.EVENTS, "1"))

    await world.clock.advance(300)
    assert (await claims.claim(Lane.EVENTS, "1")).verdict is Verdict.BUSY
    await hold.complete()

    assert (await claims.claim(Lane.EVENTS, "1")).verdict is Verdict.DONE
    keeper.cancel()


async def test_only_the_long_lease_can_be_chosen(world: World, telemetry: InMemoryTelemetry) -> None:
    claims = Claims(world.claims, world.clock, telemetry, lease_us=60_000_000)
    await claims.claim(Lane.EVENTS, "1")
    hold = claims.hold(await claims.claim(Lane.INTERACTIONS, "2"), Lane.INTERACTIONS)

    assert (await claims.claim(Lane.EVENTS, "1")).retry_after_us == 60_000_000
    assert (await claims.claim(Lane.INTERACTIONS, "2")).retry_after_us == FIRST_ANSWER_LEASE_US
    await hold.note(Progress.ANSWERED)

    assert (await claims.claim(Lane.INTERACTIONS, "2")).retry_after_us == 60_000_000


async def test_the_ladder_says_how_many_attempts_there_are(world: World, telemetry: InMemoryTelemetry) -> None:
    claims = Claims(world.claims, world.clock, telemetry, ladders=Ladders(events=(7,)))
    verdicts = []
    for _ in range(3):
        verdicts.append((result := await claims.claim(Lane.EVENTS, "1")).verdict)
        await claims.hold(result).release()

    assert verdicts == [Verdict.CLAIMED, Verdict.CLAIMED, Verdict.EXHAUSTED]


async def test_all_leases_are_extended_in_one_sweep_and_only_while_they_are_held(
    world: World, telemetry: InMemoryTelemetry
) -> None:
    store = LossyStore(world)
    claims = Claims(store, world.clock, telemetry)
    keeper = asyncio.ensure_future(claims.keep())
    holds = [claims.hold(await claims.claim(Lane.EVENTS, str(number))) for number in range(3)]

    await world.clock.advance(10)
    await holds[0].complete()
    await holds[1].release()
    await world.clock.advance(10)
    await holds[2].complete()
    await world.clock.advance(30)

    assert [len(tickets) for tickets in store.extended] == [3, 1]
    keeper.cancel()


async def test_a_sweep_that_fails_is_counted_and_the_next_one_saves_the_lease(
    world: World, telemetry: InMemoryTelemetry
) -> None:
    store = LossyStore(world)
    claims = Claims(store, world.clock, telemetry)
    keeper = asyncio.ensure_future(claims.keep())
    claims.hold(await claims.claim(Lane.EVENTS, "1"))

    store.lose = 1
    await world.clock.advance(35)

    assert telemetry.counted(metrics.STATE_FAILURES, "extend") == 1
    assert (await claims.claim(Lane.EVENTS, "1")).verdict is Verdict.BUSY
    keeper.cancel()


async def test_completing_is_tried_once_more(world: World, telemetry: InMemoryTelemetry) -> None:
    store = LossyStore(world)
    claims = Claims(store, world.clock, telemetry)
    hold = claims.hold(await claims.claim(Lane.EVENTS, "1"))
    store.lose = 1

    assert await hold.complete() is Completion.OK
    assert telemetry.counted(metrics.STATE_FAILURES, "complete") == 1


async def test_completing_twice_in_vain_is_counted_and_not_raised(world: World, telemetry: InMemoryTelemetry) -> None:
    claims = Claims(world.claims, world.clock, telemetry)
    hold = claims.hold(await claims.claim(Lane.EVENTS, "1"))
    world.claims.unavailable = True

    assert await hold.complete() is None
    await hold.note(Progress.ANSWERED)
    await hold.release()

    # What could not be noted is tried once more before the release.
    assert [telemetry.counted(metrics.STATE_FAILURES, name) for name in ("complete", "note", "release")] == [2, 2, 1]


class HangsOnce(InMemoryClaimStore):
    """Lets the first last write hang until it is cancelled; the next may fail."""

    def __init__(self, world: World) -> None:
        super().__init__(world.clock)
        self.hang = True
        self.down_then = False

    async def complete(self, ticket: Ticket) -> Completion:
        await self._first()
        return await super().complete(ticket)

    async def release(self, ticket: Ticket, *, give_back_attempt: bool = False) -> bool:
        await self._first()
        return await super().release(ticket, give_back_attempt=give_back_attempt)

    async def _first(self) -> None:
        if self.hang:
            self.hang = False
            await asyncio.Event().wait()
        if self.down_then:
            raise PortUnavailableError("down")


@pytest.mark.parametrize(
    ("how", "down_then", "verdict"),
    [
        ("complete", False, Verdict.DONE),
        ("release", False, Verdict.CLAIMED),
        ("complete", True, Verdict.BUSY),
        ("release", True, Verdict.BUSY),
    ],
)
async def test_a_last_write_that_is_cancelled_is_made_all_the_same(
    world: World, telemetry: InMemoryTelemetry, how: str, down_then: bool, verdict: Verdict
) -> None:
    store = HangsOnce(world)
    store.down_then = down_then
    claims = Claims(store, world.clock, telemetry)
    hold = claims.hold(await claims.claim(Lane.EVENTS, "1"))
    task: asyncio.Future[object] = asyncio.ensure_future(hold.complete() if how == "complete" else hold.release())
    await world.clock.advance(0)

    task.cancel()
    await asyncio.wait([task])

    assert task.cancelled()
    assert (await claims.claim(Lane.EVENTS, "1")).verdict is verdict


async def test_a_mistake_in_a_store_is_not_taken_for_its_failure(world: World, telemetry: InMemoryTelemetry) -> None:
    class Broken(InMemoryClaimStore):
        async def complete(self, ticket: Ticket) -> Completion:
            raise ZeroDivisionError

    claims = Claims(Broken(world.clock), world.clock, telemetry)
    hold = claims.hold(await claims.claim(Lane.EVENTS, "1"))

    with pytest.raises(ZeroDivisionError):
        await hold.complete()


async def test_without_a_claim_nothing_is_written(world: World, telemetry: InMemoryTelemetry) -> None:
    world.claims.unavailable = True
    hold = Claims(world.claims, world.clock, telemetry).hold(None)

    await hold.note(Progress.DEFERRED)
    await hold.release()

    assert await hold.complete() is None
    assert telemetry.counted(metrics.STATE_FAILURES) == 0


async def test_somebody_elses_claim_is_not_held(world: World, telemetry: InMemoryTelemetry) -> None:
    claims = Claims(world.claims, world.clock, telemetry)
    mine = claims.hold(await claims.claim(Lane.EVENTS, "1"))
    theirs = claims.hold(await claims.claim(Lane.EVENTS, "1"))

    assert await theirs.complete() is None
    assert await mine.complete() is Completion.OK


@pytest.mark.parametrize("delays", [EVENT_DELAYS, INTERACTION_DELAYS])
def test_what_is_not_ours_is_settled_by_its_verdict(delays: tuple[int, ...]) -> None:
    def result(verdict: Verdict, retry_after_us: int = 0) -> ClaimResult:
        ticket = Ticket(claim_id="1", owner="a", fence=1)
        return ClaimResult(verdict=verdict, ticket=ticket, retry_after_us=retry_after_us)

    assert settled_elsewhere(result(Verdict.CLAIMED), delays=delays) is None
    assert settled_elsewhere(result(Verdict.OWNED), delays=delays) is None
    assert settled_elsewhere(result(Verdict.DONE), delays=delays) == Ack("duplicate")
    assert settled_elsewhere(result(Verdict.EXHAUSTED), delays=delays) == DeadLetter("attempts")
    busy = settled_elsewhere(result(Verdict.BUSY, LEASE_US), delays=delays)
    assert isinstance(busy, Retry)
    assert not busy.counts
    assert 0.8 * min(30, delays[-1]) <= busy.after <= 30
