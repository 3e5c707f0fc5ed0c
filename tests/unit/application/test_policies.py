"""When a handler's interaction is deferred, and who waits for whom."""

import asyncio

import pytest

from gpcore import AutocompleteContext, Choice, CommandContext, ComponentContext, Defer, Modal, Router, TextInput
from gpcore.application.edge import Timing
from gpcore.domain import metrics
from gpcore.domain.settling import Ack, Disposition, GiveBack
from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.errors import PortThrottledError, PortUnavailableError, ReplyStateError
from tests.unit.application.deliveries import RecordedDelivery
from tests.unit.application.worlds import Process, World

FAST, SLOW = 0.2, 4.0


def a_bot(world: World, defer: Defer, seconds: float) -> Router:
    """Return a bot whose handlers take that long and then answer."""
    router = Router()

    @router.command("work", defer=defer)
    async def work(ctx: CommandContext) -> str:
        await world.clock.sleep(seconds)
        return "done"

    @router.component("work", defer=defer)
    async def press(ctx: ComponentContext) -> None:
        await world.clock.sleep(seconds)
        await ctx.update("done")

    return router


@pytest.mark.parametrize(
    ("defer", "seconds", "calls"),
    [
        (Defer.always(), FAST, ["deferred_message", "edit"]),
        (Defer.always(), SLOW, ["deferred_message", "edit"]),
        (Defer.auto(after=1), FAST, ["message"]),
        (Defer.auto(after=1), SLOW, ["deferred_message", "edit"]),
        (Defer.auto(after=0), FAST, ["deferred_message", "edit"]),
        (Defer.never(), FAST, ["message"]),
    ],
)
async def test_a_command_is_deferred_as_its_policy_says(
    world: World, defer: Defer, seconds: float, calls: list[str]
) -> None:
    message = world.command("work")

    assert await Process(world, a_bot(world, defer, seconds)).handle(message, seconds=5) == Ack("handled")

    assert world.calls() == calls
    assert world.texts(message) == ["done"]


@pytest.mark.parametrize(
    ("defer", "seconds", "calls"),
    [
        (Defer.always(), FAST, ["deferred_update", "edit"]),
        (Defer.auto(after=1), FAST, ["update"]),
        (Defer.auto(after=1), SLOW, ["deferred_update", "edit"]),
        (Defer.never(), FAST, ["update"]),
    ],
)
async def test_a_component_keeps_its_message_when_it_is_deferred(
    world: World, defer: Defer, seconds: float, calls: list[str]
) -> None:
    message = world.component("work")

    assert await Process(world, a_bot(world, defer, seconds)).handle(message, seconds=5) == Ack("handled")

    assert world.calls() == calls


@pytest.mark.parametrize("ephemeral", [True, False])
@pytest.mark.parametrize("policy", [Defer.always, Defer.auto])
async def test_a_defer_is_as_visible_as_its_policy_says(world: World, policy: type[Defer], ephemeral: bool) -> None:
    router = a_bot(world, policy(ephemeral=ephemeral), SLOW)  # type: ignore[call-arg]  # the constructors share it

    await Process(world, router).handle(world.command("work"), seconds=5)

    callback = world.discord.calls[0].callback
    assert callback is not None
    assert callback.ephemeral is ephemeral


async def test_a_handler_that_never_defers_and_is_slow_is_too_late(world: World) -> None:
    message = world.command("work")

    assert await Process(world, a_bot(world, Defer.never(), SLOW)).handle(message, seconds=5) == Ack("late")
    assert world.calls() == []


@pytest.mark.parametrize(
    ("after", "age_ms", "deferred_at"),
    [(1.0, 100, 1.1), (0.0, 100, 0.1), (2.5, 100, 2.0), (1.0, 1_500, 2.0), (1.0, 2_400, 2.4)],
)
async def test_the_automatic_defer_comes_after_its_time_but_never_past_the_age_limit(
    world: World, after: float, age_ms: int, deferred_at: float
) -> None:
    process = Process(world, a_bot(world, Defer.auto(after), SLOW), timing=Timing(defer_timeout_ms=2_000))

    await process.handle(world.command("work", age_ms=age_ms), seconds=5)

    [age] = process.telemetry.observations[(metrics.FIRST_ANSWER.name, "command", "deferred_message")]
    assert age == pytest.approx(deferred_at, abs=0.01)


async def test_an_autocomplete_is_never_deferred(world: World) -> None:
    router = Router()

    @router.command("pick")
    async def pick(ctx: CommandContext, thing: str) -> None:
        """Pick."""

    @router.autocomplete("pick", "thing")
    async def things(ctx: AutocompleteContext, typed: str) -> list[Choice]:
        await world.clock.sleep(2)
        return [Choice(name=typed, value=typed)]

    message = world.autocomplete("pick", focused="thing", typed="gol")

    assert await Process(world, router).handle(message, seconds=3) == Ack("handled")
    assert world.calls() == ["suggestions"]


async def test_a_modal_opens_as_the_first_answer(world: World) -> None:
    router = Router()

    @router.command("form", defer=Defer.never())
    async def form(ctx: CommandContext) -> None:
        await ctx.show_modal(Modal("Feedback", id="feedback", fields=[TextInput("text", label="What?")]))

    assert await Process(world, router).handle(world.command("form")) == Ack("handled")
    assert world.calls() == ["modal"]


async def test_a_defer_that_discord_does_not_take_leaves_the_answer_to_the_handler(world: World) -> None:
    message = world.command("work")
    world.discord.failures.add(PortUnavailableError("down"))
    world.discord.failures.add(PortUnavailableError("down"))
    process = Process(world, a_bot(world, Defer.auto(after=0.5), 1.0))

    assert await process.handle(message, seconds=2) == Ack("handled")
    assert world.calls() == ["deferred_message", "deferred_message", "message"]


async def test_an_always_handler_does_not_start_when_its_defer_fails(world: World) -> None:
    for _ in range(2):
        world.discord.failures.add(PortUnavailableError("down"))
    process = Process(world, a_bot(world, Defer.always(), FAST))

    assert await process.handle(world.command("work"), seconds=1) == Ack("unanswered")
    assert process.telemetry.observations[(metrics.HANDLER_DURATION.name, "command:work", "returned")] == []


async def test_a_throttled_first_answer_waits_if_there_is_time(world: World) -> None:
    message = world.command("work")
    world.discord.failures.add(PortThrottledError("wait", retry_after=1.5))

    assert await Process(world, a_bot(world, Defer.always(), FAST)).handle(message, seconds=3) == Ack("handled")
    assert world.texts(message) == ["done"]


async def test_a_throttled_first_answer_gives_up_if_there_is_no_time(world: World) -> None:
    world.discord.failures.add(PortThrottledError("wait", retry_after=2.7))

    process = Process(world, a_bot(world, Defer.always(), FAST))

    assert await process.handle(world.command("work"), seconds=3) == Ack("unanswered")
    assert world.calls() == ["deferred_message"]


async def test_a_handler_may_defer_although_gp_has(world: World) -> None:
    router = Router()

    @router.command("work")
    async def work(ctx: CommandContext) -> str:
        await world.clock.sleep(2)
        await ctx.defer()
        return "done"

    message = world.command("work")

    assert await Process(world, router).handle(message, seconds=3) == Ack("handled")
    assert world.texts(message) == ["done"]


async def test_a_handler_learns_that_its_private_defer_came_after_a_public_one(world: World) -> None:
    router = Router()
    seen = []

    @router.command("work")
    async def work(ctx: CommandContext) -> None:
        await world.clock.sleep(2)
        with pytest.raises(ReplyStateError, match="for everybody to see") as raised:
            await ctx.defer(ephemeral=True)
        seen.append(raised)

    await Process(world, router).handle(world.command("work"), seconds=3)

    assert seen


# --- slots ---------------------------------------------------------------------------------------------------------


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

    assert await process.handle(world.command("work"), seconds=3) == Ack("late")

    assert world.calls() == []
    assert process.quick_slots.waiting == 0


async def test_what_waits_for_a_slot_goes_back_when_the_slots_close(world: World) -> None:
    process = Process(world, a_bot(world, Defer.auto(after=1), 1.5), slots=1)
    tasks = [await start(process, world.command("work")) for _ in range(3)]
    await world.clock.advance(0.1)

    process.slots.close()
    await world.clock.advance(2)

    assert [task.result() for task in tasks] == [Ack("handled"), GiveBack("drained"), GiveBack("drained")]
