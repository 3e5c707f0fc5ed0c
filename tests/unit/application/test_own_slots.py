"""How many of one handler run at a time in a worker."""

import asyncio

import pytest

from gpcore import CommandContext, Cooldown, Defer, EventContext, MemberJoin, Router
from gpcore.domain.settling import Ack, Disposition, GiveBack
from gpcore.domain.wire_message import Lane, WireMessage
from tests.unit.application.deliveries import RecordedDelivery
from tests.unit.application.worlds import Process, World


class Busy:
    """A bot that counts how many of its handlers run."""

    def __init__(self, world: World, *, defer: Defer) -> None:
        self.router = Router()
        self.running = 0
        self.most = 0
        self._world = world
        self.router.command("work", defer=defer, concurrency=2)(self.work)
        self.router.command("other", defer=defer)(self.other)
        self.router.event("member.join", concurrency=1)(self.join)

    async def work(self, ctx: CommandContext) -> str:
        await self._busy(1.0)
        return "done"

    async def other(self, ctx: CommandContext) -> str:
        return "at once"

    async def join(self, ctx: EventContext[MemberJoin]) -> None:
        await self._busy(1.0)

    async def _busy(self, seconds: float) -> None:
        self.running += 1
        self.most = max(self.most, self.running)
        await self._world.clock.sleep(seconds)
        self.running -= 1


async def begin(process: Process, message: WireMessage, lane: Lane = Lane.INTERACTIONS) -> "asyncio.Task[Disposition]":
    use_case = process.interactions if lane is Lane.INTERACTIONS else process.events
    task = asyncio.ensure_future(use_case.handle(RecordedDelivery(message, lane=lane)))
    await asyncio.sleep(0)
    return task


@pytest.mark.parametrize("defer", [Defer.always(), Defer.auto(after=1)])
async def test_no_more_run_at_a_time_and_those_who_wait_are_deferred_in_time(world: World, defer: Defer) -> None:
    bot = Busy(world, defer=defer)
    process = Process(world, bot.router, slots=20)
    messages = [world.command("work") for _ in range(8)]
    tasks = [await begin(process, message) for message in messages]

    await world.clock.advance(2.5)

    assert all(world.told(message) is not None for message in messages), "each has a first answer"
    await world.clock.advance(5)
    assert [task.result() for task in tasks] == [Ack("handled")] * 8
    assert bot.most == 2


async def test_those_who_wait_keep_no_other_handler_from_running(world: World) -> None:
    bot = Busy(world, defer=Defer.always())
    process = Process(world, bot.router, slots=3)
    waiting = [await begin(process, world.command("work")) for _ in range(10)]
    await world.clock.advance(0.1)
    message = world.command("other")

    assert await process.handle(message) == Ack("handled")
    assert world.texts(message) == ["at once"]
    for task in waiting:
        task.cancel()


async def test_a_handler_that_must_answer_at_once_waits_only_as_long_as_it_can(world: World) -> None:
    bot = Busy(world, defer=Defer.never())
    process = Process(world, bot.router)
    tasks = [await begin(process, world.command("work")) for _ in range(8)]

    await world.clock.advance(5)

    outcomes = [task.result() for task in tasks]
    assert outcomes.count(Ack("shed")) >= 2
    assert bot.most == 2
    assert process.quick_slots.waiting == 0


async def test_of_those_that_must_answer_at_once_the_newest_is_served_first(world: World) -> None:
    process = Process(world, Busy(world, defer=Defer.never()).router)
    old = [await begin(process, world.command("work")) for _ in range(6)]

    await world.clock.advance(1.5)
    new = [await begin(process, world.command("work")) for _ in range(2)]
    await world.clock.advance(1.6)

    assert [task.result() for task in new] == [Ack("handled")] * 2
    assert [task.result() for task in old].count(Ack("shed")) == 2


async def test_a_use_that_got_no_slot_of_its_handler_starts_no_cooldown(world: World) -> None:
    router = Router()

    @router.command("work", defer=Defer.never(), concurrency=1, cooldown=Cooldown(60))
    async def work(ctx: CommandContext) -> str:
        return "done"

    process = Process(world, router)
    [handler] = process.routes
    async with process.own_slots.slot(handler):
        assert await process.handle(world.command("work"), seconds=3) == Ack("shed")

    assert await process.handle(world.command("work")) == Ack("handled")


async def test_events_are_bounded_too(world: World) -> None:
    bot = Busy(world, defer=Defer.auto())
    process = Process(world, bot.router)
    tasks = [await begin(process, world.event(), Lane.EVENTS) for _ in range(3)]

    await world.clock.advance(4)

    assert [task.result() for task in tasks] == [Ack("handled")] * 3
    assert bot.most == 1


async def test_a_drain_gives_back_what_waits_for_a_handlers_own_slot(world: World) -> None:
    bot = Busy(world, defer=Defer.always())
    process = Process(world, bot.router)
    tasks = [await begin(process, world.command("work")) for _ in range(3)]
    await world.clock.advance(0.1)

    await process.runners[Lane.INTERACTIONS].stop_consuming()
    await world.clock.advance(2)

    assert [task.result() for task in tasks].count(GiveBack("drained")) == 1
