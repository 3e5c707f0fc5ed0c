"""When a handler's interaction is deferred."""

import pytest

from gpcore import AutocompleteContext, Choice, CommandContext, ComponentContext, Defer, Modal, Router, TextInput
from gpcore.application.edge import Timing
from gpcore.domain import metrics
from gpcore.domain.settling import Ack, Retry
from gpcore.errors import PortThrottledError, PortTimeoutError, PortUnavailableError, ReplyStateError
from tests.unit.application.aftermath import a_retried
from tests.unit.application.working_bot import FAST, SLOW, a_bot
from tests.unit.application.worlds import Process, World


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


@pytest.mark.parametrize("arrived", [False, True])
async def test_a_lost_automatic_defer_is_asked_about_before_the_handler_answers(world: World, arrived: bool) -> None:
    """Without the question the answer would be refused for a defer that had arrived after all."""
    message = world.command("work")
    world.discord.failures.add(PortTimeoutError("slow"), after_effect=arrived)
    world.discord.failures.add(PortTimeoutError("slow"))
    process = Process(world, a_bot(world, Defer.auto(after=0.5), 1.0))

    assert await process.handle(message, seconds=2) == Ack("handled")
    assert world.calls() == ["deferred_message"] * 3 + ["edit"]
    assert world.texts(message) == ["done"]


async def test_a_silent_component_asks_about_its_lost_defer_too(world: World) -> None:
    router = Router()

    @router.component("work", defer=Defer.auto(after=0.5))
    async def press(ctx: ComponentContext) -> None:
        await world.clock.sleep(1)

    for _ in range(2):
        world.discord.failures.add(PortUnavailableError("down"))

    assert await Process(world, router).handle(world.component("work"), seconds=2) == Ack("handled")
    assert world.calls() == ["deferred_update"] * 3


@pytest.mark.parametrize(("arrived", "outcome", "texts"), [(True, "handled", ["done"]), (False, "expired", [])])
async def test_an_always_handler_whose_defer_is_lost_starts_only_when_its_fate_is_known(
    world: World, arrived: bool, outcome: str, texts: list[str]
) -> None:
    message = world.command("work")
    world.discord.failures.add(PortTimeoutError("slow"), after_effect=arrived)
    world.discord.failures.add(PortTimeoutError("slow"))
    process = Process(world, a_bot(world, Defer.always(), FAST))

    first = await process.handle(message, seconds=1)

    assert isinstance(first, Retry)
    assert (first.outcome, first.error) == ("defer_lost", "PortTimeoutError")
    assert process.telemetry.observations[(metrics.HANDLER_DURATION.name, "command:work", "returned")] == []
    await world.clock.advance(5)
    assert await process.handle(a_retried(message, failures=1), seconds=1) == Ack(outcome)
    assert world.texts(message) == texts


async def test_a_defer_that_stays_lost_ends_with_the_ladder(world: World) -> None:
    # The question whether an earlier one had arrived, and two tries.
    for _ in range(3):
        world.discord.failures.add(PortUnavailableError("down"))
    process = Process(world, a_bot(world, Defer.always(), FAST))

    assert await process.handle(a_retried(world.command("work"), failures=2), seconds=1) == Ack("unanswered")


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
