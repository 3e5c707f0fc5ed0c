"""Who waits for whose slot."""

import asyncio

import pytest

from gpcore import CommandContext, Cooldown, Defer, Router
from gpcore.domain.settling import Ack, Disposition, GiveBack
from gpcore.domain.wire_message import Lane, WireMessage
from tests.unit.application.deliveries import RecordedDelivery
from tests.unit.application.working_bot import FAST, a_bot
from tests.unit.application.worlds import Process, World


async def start(process: Process, message: WireMessage) -> "asyncio.Task[Disposition]":
    task = asyncio.ensure_future(process.interactions.handle(RecordedDelivery(message, lane=Lane.INTERACTIONS)))
    await asyncio.sleep(0)
    return task


@pytest.mark.parametrize("defer", [Defer.always(), Defer.auto(after=1)])
async def test_a_first_answer_never_waits_for_a_slot(world: World, defer: Defer) -> None:
    """50 commands with 10 s of work and 5 slots: all are deferred within their 3 seconds."""
    process = Process(world, a_bot(world, defer, 10), slots=5)
    messages = [world.command("work") for _ in range(50)]
    tasks = [await start(process, message) for message in messages]

    await world.clock.advance(2.5)

    assert world.calls() == ["deferred_message"] * 50
    await world.clock.advance(110)
    assert [task.result() for task in tasks] == [Ack("handled")] * 50
    assert all(world.texts(message) == ["done"] for message in messages)


async def test_handlers_that_may_wait_never_take_the_slots_of_those_that_may_not(world: World) -> None:
    router = a_bot(world, Defer.always(), 10)

    @router.command("quick", defer=Defer.never())
    async def quick(ctx: CommandContext) -> str:
        return "at once"

    process = Process(world, router, slots=1, quick_slots=1)
    tasks = [await start(process, world.command("work")) for _ in range(3)]
    message = world.command("quick")

    assert await process.handle(message) == Ack("handled")
    assert world.texts(message) == ["at once"]
    for task in tasks:
        task.cancel()


async def test_a_never_handler_that_gets_no_slot_in_time_is_shed(world: World) -> None:
    process = Process(world, a_bot(world, Defer.never(), FAST), quick_slots=1)
    await process.quick_slots.acquire()

    assert await process.handle(world.command("work"), seconds=3) == Ack("shed")

    assert world.calls() == []
    assert process.quick_slots.waiting == 0


async def test_a_use_that_was_shed_starts_no_cooldown(world: World) -> None:
    router = Router()

    @router.command("work", defer=Defer.never(), cooldown=Cooldown(60))
    async def work(ctx: CommandContext) -> str:
        return "done"

    process = Process(world, router, quick_slots=1)
    await process.quick_slots.acquire()
    assert await process.handle(world.command("work"), seconds=3) == Ack("shed")
    process.quick_slots.release()

    assert await process.handle(world.command("work")) == Ack("handled")


async def test_what_waits_for_a_slot_goes_back_when_the_slots_close(world: World) -> None:
    process = Process(world, a_bot(world, Defer.auto(after=1), 1.5), slots=1)
    tasks = [await start(process, world.command("work")) for _ in range(3)]
    await world.clock.advance(0.1)

    process.slots.close()
    await world.clock.advance(2)

    assert [task.result() for task in tasks] == [Ack("handled"), GiveBack("drained"), GiveBack("drained")]
