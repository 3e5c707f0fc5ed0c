"""The events lane while the state store is down."""

import asyncio

from gpcore.domain import metrics
from gpcore.domain.settling import Ack, GiveBack, Retry
from gpcore.domain.wire_message import Lane
from tests.unit.application.deliveries import RecordedDelivery
from tests.unit.application.joins import Joins, failed, raising
from tests.unit.application.worlds import Process, World


async def test_without_state_an_event_runs_unguarded_by_default(world: World) -> None:
    world.claims.unavailable = True
    bot = Joins()
    process = Process(world, bot.router)

    assert await process.process(world.event()) == Ack("handled")
    assert bot.starts[0].fence == 0
    assert process.telemetry.counted(metrics.STATE_FAILURES, "claim") == 1


async def test_without_state_a_failed_event_still_climbs_the_ladder(world: World) -> None:
    world.claims.unavailable = True
    process = Process(world, Joins(raising(ZeroDivisionError())).router)

    disposition = await process.process(failed(world.event(), 2))

    assert isinstance(disposition, Retry)
    assert disposition.after >= 24


async def test_an_event_that_waits_for_the_state_runs_once_it_is_back(world: World) -> None:
    world.claims.unavailable = True
    bot = Joins(if_state_down="wait")
    process = Process(world, bot.router)
    task = asyncio.ensure_future(process.events.handle(RecordedDelivery(world.event(), lane=Lane.EVENTS)))

    await world.clock.advance(300)
    assert bot.starts == []
    world.claims.unavailable = False
    await world.clock.advance(10)

    assert task.result() == Ack("handled")
    assert bot.starts[0].fence == 1


async def test_an_event_goes_back_before_the_broker_takes_it_away(world: World) -> None:
    world.claims.unavailable = True
    bot = Joins(if_state_down="wait")

    disposition = await Process(world, bot.router).process(world.event(), seconds=21 * 60)

    assert disposition == GiveBack("state_down")
    assert bot.starts == []


async def test_a_drain_ends_the_waiting_for_the_state(world: World) -> None:
    world.claims.unavailable = True
    process = Process(world, Joins(if_state_down="wait").router)
    task = asyncio.ensure_future(process.events.handle(RecordedDelivery(world.event(), lane=Lane.EVENTS)))
    await world.clock.advance(60)

    process.event_slots.close()
    await world.clock.advance(10)

    assert task.result() == GiveBack("state_down")


async def test_an_event_that_waited_may_find_that_another_has_done_it(world: World) -> None:
    world.claims.unavailable = True
    bot = Joins(if_state_down="wait")
    message = world.event()
    process = Process(world, bot.router)
    task = asyncio.ensure_future(process.events.handle(RecordedDelivery(message, lane=Lane.EVENTS)))
    await world.clock.advance(1)

    world.claims.unavailable = False
    await Process(world, Joins().router).process(message)
    await world.clock.advance(10)

    assert task.result() == Ack("duplicate")
    assert bot.starts == []
