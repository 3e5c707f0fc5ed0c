"""The events lane: what may have killed its worker runs alone."""

import asyncio

import pytest

from gpcore import EventContext, MemberJoin
from gpcore.application.edge import Timing
from gpcore.domain import metrics
from gpcore.domain.claims import LEASE_US, Verdict
from gpcore.domain.ladders import Ladders
from gpcore.domain.settling import Ack, DeadLetter, Disposition, GiveBack, Retry
from gpcore.domain.wire_message import Lane, WireMessage
from tests.unit.application.deliveries import RecordedDelivery
from tests.unit.application.joins import Joins, claim_for_another, failed, raising
from tests.unit.application.worlds import Process, World


class Crowd:
    """Events whose handlers stay until they are told to go."""

    def __init__(self, world: World, *, slots: int = 5, if_state_down: str = "run") -> None:
        self.world = world
        self.inside: list[str] = []
        self.go: dict[str, asyncio.Event] = {}
        self.bot = Joins(self._stay, if_state_down=if_state_down)
        self.process = Process(world, self.bot.router, slots=slots)
        self.tasks: dict[str, asyncio.Task[Disposition]] = {}

    async def _stay(self, ctx: EventContext[MemberJoin]) -> None:
        self.inside.append(ctx.event_id)
        try:
            await self.go.setdefault(ctx.event_id, asyncio.Event()).wait()
        finally:
            self.inside.remove(ctx.event_id)

    async def come(self, message: WireMessage, *, returns: int = 0) -> str:
        event_id = message.message_id or ""
        delivery = RecordedDelivery(message, lane=Lane.EVENTS, broker_deliveries=returns)
        self.tasks[event_id] = asyncio.create_task(self.process.events.handle(delivery))
        await self.world.clock.advance(0)
        return event_id

    async def leave(self, event_id: str) -> Disposition:
        self.go[event_id].set()
        await self.world.clock.advance(0)
        return self.tasks[event_id].result()

    async def attempts(self, event_id: str) -> int:
        await self.world.clock.advance(31)
        result = await self.world.claims.claim(event_id, owner="asks", lease_us=LEASE_US, max_attempts=9)
        return result.attempts if result.verdict is not Verdict.DONE else 0


async def killed_with(world: World, times: int) -> WireMessage:
    """Return an event that so many workers had when they died."""
    message = world.event()
    for _ in range(times):
        await claim_for_another(world, message)
        await world.clock.advance(31)
    return message


@pytest.mark.parametrize(("returns", "deaths"), [(3, 0), (0, 2)])
async def test_a_suspect_waits_until_nobody_runs_and_keeps_others_out(world: World, returns: int, deaths: int) -> None:
    crowd = Crowd(world)
    suspicious = await killed_with(world, deaths)
    first = await crowd.come(world.event())
    suspect = await crowd.come(suspicious, returns=returns)
    later = await crowd.come(world.event())
    assert crowd.inside == [first]
    assert await crowd.leave(first) == Ack("handled")
    assert crowd.inside == [suspect]
    assert await crowd.leave(suspect) == Ack("handled")
    assert crowd.inside == [later]
    assert await crowd.leave(later) == Ack("handled")
    assert crowd.process.telemetry.counted(metrics.SUSPECTS) == 1


@pytest.mark.parametrize(("returns", "deaths"), [(2, 0), (0, 1)])
async def test_what_may_be_anybodys_fault_runs_beside_others(world: World, returns: int, deaths: int) -> None:
    crowd = Crowd(world)
    message = await killed_with(world, deaths)
    first, second = await crowd.come(world.event()), await crowd.come(message, returns=returns)
    assert crowd.inside == [first, second]
    for event_id in (first, second):
        await crowd.leave(event_id)


async def test_known_failures_raise_no_suspicion(world: World) -> None:
    message = await killed_with(world, 3)
    crowd = Crowd(world)
    first, second = await crowd.come(world.event()), await crowd.come(failed(message, 3))
    assert crowd.inside == [first, second]
    for event_id in (first, second):
        await crowd.leave(event_id)


@pytest.mark.parametrize("deaths", [0, 2])
async def test_a_death_costs_those_who_wait_no_attempt(world: World, deaths: int) -> None:
    crowd = Crowd(world)
    await crowd.come(world.event(), returns=3)
    waiting = await crowd.come(await killed_with(world, deaths))
    for task in crowd.tasks.values():
        task.cancel()
    await asyncio.gather(*crowd.tasks.values(), return_exceptions=True)
    assert await crowd.attempts(waiting) == deaths + 1


@pytest.mark.parametrize("returns", [0, 3])
async def test_a_drain_returns_who_waits_and_starts_nobody(world: World, returns: int) -> None:
    crowd = Crowd(world)
    first = await crowd.come(world.event(), returns=3)
    waiting = await crowd.come(world.event(), returns=returns)
    crowd.process.event_slots.close()
    await crowd.leave(first)
    assert crowd.tasks[waiting].result() == GiveBack("drained")


async def test_a_suspect_does_not_keep_the_lane_waiting_for_the_state(world: World) -> None:
    crowd = Crowd(world, if_state_down="wait")
    world.claims.unavailable = True
    suspect = await crowd.come(world.event(), returns=3)
    disposition = crowd.tasks[suspect].result()
    assert isinstance(disposition, Retry)
    assert (disposition.outcome, disposition.counts) == ("state_down", False)


async def test_the_ladder_decides_when_and_how_often(world: World) -> None:
    timing = Timing(ladders=Ladders(events=(7,)))
    process = Process(world, Joins(raising(ZeroDivisionError())).router, timing=timing)
    first = await process.process(world.event())
    assert isinstance(first, Retry)
    assert 5.6 <= first.after <= 7
    assert await process.process(failed(world.event(), 1)) == DeadLetter("attempts", error="ZeroDivisionError")
