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


class SlowStore(InMemoryClaimStore):
    """Takes a while for each write, and tells what came when."""

    def __init__(self, world: World) -> None:
        super().__init__(world.clock)
        self._clock = world.clock
        self.written: list[str] = []
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
        await self._clock.sleep(0.01)
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


@pytest.mark.parametrize("seconds", [0.0, 0.005, 0.015])
async def test_a_release_that_is_cancelled_still_writes_both(world: World, held: Held, seconds: float) -> None:
    hold = await held.hold()
    hold.note_soon(Progress.DEFERRED)
    releasing = asyncio.ensure_future(hold.release())
    await world.clock.advance(seconds)
    releasing.cancel()
    await world.clock.advance(1)

    assert releasing.cancelled()
    assert held.store.written[-1] == "release"
    assert (await held.claims.claim(Lane.INTERACTIONS, ID)).progress is Progress.DEFERRED


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
