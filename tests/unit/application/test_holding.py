"""A claim that is held: intents are waited for, facts are written soon, and nothing overtakes anything."""

import asyncio

import pytest

from gpadapters.memory.claim_store import InMemoryClaimStore
from gpadapters.memory.telemetry import InMemoryTelemetry
from gpcore.application.claiming import Claims
from gpcore.application.holding import Hold
from gpcore.domain import metrics
from gpcore.domain.claims import Completion, Progress, Ticket, Verdict
from gpcore.domain.wire_message import Lane
from gpcore.errors import PortUnavailableError
from tests.unit.application.worlds import World

ID = "1214497633075331073"
OTHER = "1214497633075331074"


class SlowStore(InMemoryClaimStore):
    """Takes a while for each write, longer for some, and tells what came when."""

    def __init__(self, world: World) -> None:
        super().__init__(world.clock)
        self._clock = world.clock
        self.written: list[str] = []
        self.takes: dict[str, float] = {}
        self.down = False

    async def note(self, ticket: Ticket, progress: Progress, *, ephemeral: bool = False, lease_us: int = 0) -> bool:
        await self._write(progress.value)
        return await super().note(ticket, progress, ephemeral=ephemeral, lease_us=lease_us)

    async def complete(self, ticket: Ticket) -> Completion:
        await self._write("complete")
        return await super().complete(ticket)

    async def release(self, ticket: Ticket, *, give_back_attempt: bool = False) -> bool:
        await self._write("release")
        return await super().release(ticket, give_back_attempt=give_back_attempt)

    async def _write(self, what: str) -> None:
        await self._clock.sleep(self.takes.get(what, 0.01))
        if self.down:
            raise PortUnavailableError("down")
        self.written.append(what)


class Held:
    """A hold of an interaction, with everything around it in sight."""

    def __init__(self, world: World) -> None:
        self.store = SlowStore(world)
        self.telemetry = InMemoryTelemetry()
        self.claims = Claims(self.store, world.clock, self.telemetry)

    async def hold(self) -> Hold:
        return self.claims.hold(await self.claims.claim(Lane.INTERACTIONS, ID), Lane.INTERACTIONS)


@pytest.fixture
def held(world: World) -> Held:
    return Held(world)


async def test_a_fact_is_written_when_the_turn_is_over_and_nobody_waits(world: World, held: Held) -> None:
    hold = await held.hold()
    hold.note_soon(Progress.DEFERRED, ephemeral=True)
    assert held.store.written == []
    await world.clock.advance(1)

    assert held.store.written == ["deferred"]
    found = await held.claims.claim(Lane.INTERACTIONS, ID)
    assert found.verdict is Verdict.BUSY
    assert (found.progress, found.ephemeral) == (Progress.DEFERRED, True)


async def test_a_fact_makes_the_lease_long(world: World, held: Held) -> None:
    hold = await held.hold()
    hold.note_soon(Progress.DEFERRED)
    await world.clock.advance(20)

    assert (await held.claims.claim(Lane.INTERACTIONS, ID)).verdict is Verdict.BUSY


async def test_what_comes_in_the_same_turn_takes_its_place(world: World, held: Held) -> None:
    hold = await held.hold()
    hold.note_soon(Progress.DEFERRED)
    await world.run(hold.note(Progress.SPEAKING), seconds=1)
    hold.note_soon(Progress.ANSWERED)
    await world.run(hold.complete(), seconds=1)

    assert held.store.written == ["speaking", "complete"]


async def test_nothing_overtakes_a_fact_that_is_being_written(world: World, held: Held) -> None:
    held.store.takes = {"deferred": 0.2, "answered": 0.2}
    hold = await held.hold()
    hold.note_soon(Progress.DEFERRED)
    await world.clock.advance(0.005)
    await world.run(hold.note(Progress.SPEAKING), seconds=1)
    hold.note_soon(Progress.ANSWERED)
    await world.clock.advance(0.005)
    await world.run(hold.complete(), seconds=1)

    assert held.store.written == ["deferred", "speaking", "answered", "complete"]


async def test_whoever_gets_a_released_claim_finds_the_fact(world: World, held: Held) -> None:
    hold = await held.hold()
    hold.note_soon(Progress.DEFERRED)
    await world.run(hold.release(), seconds=1)

    assert held.store.written == ["deferred", "release"]
    assert (await held.claims.claim(Lane.INTERACTIONS, ID)).progress is Progress.DEFERRED


@pytest.mark.parametrize("seconds", [0.0, 0.005, 0.01, 0.015])
@pytest.mark.parametrize("turns", [0, 1])
async def test_a_release_that_is_cancelled_still_writes_both(
    world: World, held: Held, seconds: float, turns: int
) -> None:
    hold = await held.hold()

    async def end() -> None:
        hold.note_soon(Progress.DEFERRED)
        for _ in range(turns):
            await asyncio.sleep(0)
        await hold.release()

    releasing = asyncio.ensure_future(end())
    await world.clock.advance(seconds)
    releasing.cancel()
    await world.clock.advance(1)

    assert releasing.cancelled()
    assert held.store.written[-1] == "release"
    assert (await held.claims.claim(Lane.INTERACTIONS, ID)).progress is Progress.DEFERRED


async def test_a_note_that_is_cancelled_leaves_the_fact_that_it_would_have_replaced(world: World, held: Held) -> None:
    hold = await held.hold()

    async def go_on() -> None:
        hold.note_soon(Progress.DEFERRED)
        try:
            await hold.note(Progress.SPEAKING)
        finally:
            await hold.release()

    going_on = asyncio.ensure_future(go_on())
    await world.clock.advance(0.005)
    going_on.cancel()
    await world.clock.advance(1)

    assert held.store.written == ["deferred", "release"]


async def test_a_note_that_failed_is_written_before_the_release(world: World, held: Held) -> None:
    hold = await held.hold()
    hold.note_soon(Progress.DEFERRED)
    held.store.down = True
    assert await world.run(hold.note(Progress.SPEAKING), seconds=1) is False
    held.store.down = False
    await world.run(hold.release(), seconds=1)

    assert held.store.written == ["speaking", "release"]


async def test_of_two_facts_in_one_turn_the_later_one_is_written(world: World, held: Held) -> None:
    hold = await held.hold()
    hold.note_soon(Progress.DEFERRED)
    hold.note_soon(Progress.ANSWERED)
    await world.clock.advance(1)

    assert held.store.written == ["answered"]


async def test_facts_one_after_the_other_are_written_in_order(world: World, held: Held) -> None:
    held.store.takes = {"deferred": 0.2}
    hold = await held.hold()
    hold.note_soon(Progress.DEFERRED)
    await world.clock.advance(0.1)
    hold.note_soon(Progress.ANSWERED)
    await world.run(hold.complete(), seconds=1)
    assert held.store.written == ["deferred", "complete"]

    other = held.claims.hold(await held.claims.claim(Lane.INTERACTIONS, OTHER), Lane.INTERACTIONS)
    held.store.written.clear()
    for fact in (Progress.DEFERRED, Progress.ANSWERED):
        other.note_soon(fact)
        await world.clock.advance(0.1)
    await world.clock.advance(1)
    assert held.store.written == ["deferred", "answered"]
    other.note_soon(Progress.ANSWERED)
    await world.clock.advance(1)
    assert held.store.written == ["deferred", "answered", "answered"]


async def test_a_fault_of_the_store_itself_comes_out_where_the_fact_is_waited_for(world: World, held: Held) -> None:
    hold = await held.hold()
    held.store.takes = {"deferred": float("nan")}
    hold.note_soon(Progress.DEFERRED)
    await world.clock.advance(0.001)

    with pytest.raises(ValueError, match="NaN"):
        await hold.complete()


async def test_a_fact_whose_task_was_cancelled_keeps_nobody_from_releasing(world: World, held: Held) -> None:
    hold = await held.hold()
    before = asyncio.all_tasks()
    hold.note_soon(Progress.DEFERRED)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    (writing,) = asyncio.all_tasks() - before
    writing.cancel()
    await world.run(hold.release(), seconds=1)

    assert held.store.written == ["deferred", "release"]


async def test_a_fact_that_cannot_be_written_is_counted_and_stops_nothing(world: World, held: Held) -> None:
    hold = await held.hold()
    held.store.down = True
    hold.note_soon(Progress.DEFERRED)
    await world.clock.advance(1)
    held.store.down = False
    await world.run(hold.complete(), seconds=1)

    assert held.telemetry.counted(metrics.STATE_FAILURES, "note") == 1
    assert held.store.written == ["complete"]


async def test_a_hold_of_nothing_writes_nothing(world: World, held: Held) -> None:
    hold = held.claims.hold(None)
    hold.note_soon(Progress.DEFERRED)
    assert await hold.note(Progress.SPEAKING) is False
    assert await hold.complete() is None
    await hold.release()
    await world.clock.advance(1)

    assert held.store.written == []
