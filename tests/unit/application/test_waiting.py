import asyncio

import pytest

from gpadapters.memory.telemetry import InMemoryTelemetry
from gpcore import CommandContext, Defer, Router
from gpcore.application.vitals import watch_vitals
from gpcore.application.waiting import Waiting
from gpcore.domain import metrics
from gpcore.domain.ids import snowflake_at
from gpcore.domain.settling import Ack
from gpcore.domain.wire_message import Lane
from gpcore.errors import AlreadyAcknowledgedError
from tests.unit.application.deliveries import HandFedSource
from tests.unit.application.worlds import Process, World

NOW = 1_795_435_207_405


def made(age_ms: int, number: int = 0) -> str:
    return str(int(snowflake_at(NOW - age_ms)) + number)


def test_the_oldest_that_waits_counts() -> None:
    waiting = Waiting()
    waiting.arrived(made(300))
    waiting.arrived(made(1_200, 1))

    assert waiting.look(NOW) == pytest.approx(1.2)
    assert waiting.look(NOW + 500) == pytest.approx(1.7)


def test_one_that_came_and_went_between_two_looks_is_seen_for_fifteen_more() -> None:
    waiting = Waiting()
    waiting.arrived(made(900))
    waiting.gone(made(900), NOW)

    assert [waiting.look(NOW) for _ in range(15)] == pytest.approx([0.9] * 15)
    assert waiting.look(NOW) == 0.0


def test_nobody_waits_in_an_idle_worker() -> None:
    waiting = Waiting()
    waiting.gone(made(900), NOW)

    assert waiting.look(NOW) == 0.0


def a_bot(seconds: float, world: World, defer: Defer) -> Router:
    router = Router()

    @router.command("work", defer=defer)
    async def work(ctx: CommandContext) -> str:
        await world.clock.sleep(seconds)
        return "done"

    return router


async def test_a_deferred_interaction_waits_no_longer(world: World) -> None:
    process = Process(world, a_bot(10.0, world, Defer.always()))
    task = asyncio.ensure_future(process.handle(world.command("work", age_ms=200), seconds=12))
    await asyncio.sleep(0)
    await task

    assert process.edge.waiting.look(world.now_ms) < 1.0


async def test_an_interaction_that_discord_knows_an_answer_to_waits_no_longer(world: World) -> None:
    world.discord.failures.add(AlreadyAcknowledgedError("there is one"))
    process = Process(world, a_bot(0.0, world, Defer.never()))
    await process.handle(world.command("work", age_ms=200), seconds=1)

    assert process.edge.waiting.look(world.now_ms) == pytest.approx(0.2)


@pytest.mark.parametrize(("age_ms", "reason"), [(2_800, "late"), (16 * 60_000, "expired")])
async def test_what_comes_too_late_is_counted_as_missed(world: World, age_ms: int, reason: str) -> None:
    process = Process(world, a_bot(0.0, world, Defer.never()))
    await process.handle(world.command("work", age_ms=age_ms), seconds=1)

    assert process.telemetry.counted(metrics.MISSES, reason) == 1
    assert process.telemetry.counted(metrics.MISSES) == 1


async def test_what_gets_no_slot_is_counted_as_shed(world: World) -> None:
    process = Process(world, a_bot(0.0, world, Defer.never()), quick_slots=1)
    await process.quick_slots.acquire()

    assert await process.handle(world.command("work"), seconds=3) == Ack("shed")
    assert process.telemetry.counted(metrics.MISSES, "shed") == 1


async def test_what_is_late_at_arrival_was_still_waiting(world: World) -> None:
    process = Process(world, a_bot(0.0, world, Defer.never()))
    await process.handle(world.command("work", age_ms=2_900), seconds=1)

    assert process.edge.waiting.look(world.now_ms) == pytest.approx(2.9, abs=0.01)


async def test_a_redelivery_of_what_was_deferred_long_ago_does_not_wait(world: World) -> None:
    process = Process(world, a_bot(0.0, world, Defer.never()))
    await process.handle(world.command("work", age_ms=60_000), redelivered=True)

    assert process.edge.waiting.look(world.now_ms) == 0.0


async def test_an_answered_interaction_is_no_miss(world: World) -> None:
    process = Process(world, a_bot(0.1, world, Defer.never()))
    await process.handle(world.command("work"), seconds=1)

    assert process.telemetry.counted(metrics.MISSES) == 0


async def test_the_vitals_of_each_lane_are_told_once_a_second(world: World) -> None:
    telemetry, waiting, source = InMemoryTelemetry(), Waiting(), HandFedSource()
    process = Process(world, Router(), sources={Lane.EVENTS: source})
    lanes = [lane for lane in process.worker.lanes if lane.lane is Lane.EVENTS]
    task = asyncio.create_task(watch_vitals(lanes, waiting, world.clock, telemetry))
    await world.clock.advance(0.5)
    assert telemetry.gauges == {(metrics.OLDEST_WAITING.name,): 0.0, (metrics.CONSUMING.name, "events"): 0.0}

    source.waiting, source.consuming = 7, "consuming"
    await world.clock.advance(1)
    task.cancel()
    await asyncio.wait((task,))
    assert telemetry.gauges[metrics.CONSUMING.name, "events"] == 1.0
    assert telemetry.gauges[metrics.QUEUE_READY.name, "events"] == 7
