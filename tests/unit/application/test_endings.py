"""What becomes of what a handler returns and raises, and what the user is told."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from gpcore import (
    AutocompleteContext,
    Choice,
    CommandContext,
    ComponentContext,
    Cooldown,
    Defer,
    Embed,
    Modal,
    ModalContext,
    Reject,
    RetryLater,
    Router,
    SlidingWindow,
    TextInput,
    Texts,
    UserError,
)
from gpcore.application.edge import Timing
from gpcore.domain import metrics
from gpcore.domain.messages import CallbackType
from gpcore.domain.settling import Ack, DeadLetter, Disposition
from gpcore.errors import (
    AlreadyAcknowledgedError,
    DeadlineMissedError,
    InteractionExpiredError,
    PortRejectedError,
    PortUnavailableError,
)
from tests.unit.application.worlds import Process, World

FAILED = "Something went wrong. Please try again later."
Body = Callable[[CommandContext], Awaitable[object]]


def a_bot(body: Body, *, defer: Defer | None = None) -> Router:
    router = Router()

    @router.command("work", defer=defer or Defer.auto(), cooldown=Cooldown(60))
    async def work(ctx: CommandContext) -> object:
        return await body(ctx)

    return router


def raising(error: BaseException) -> Body:
    async def body(ctx: CommandContext) -> None:
        raise error

    return body


def returning(value: object) -> Body:
    async def body(ctx: CommandContext) -> object:
        return value

    return body


# --- returned ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "outcome", "shown"),
    [
        ("hello", "handled", "hello"),
        (None, "handled", "Done."),
        (Embed(title="hello"), "handled", None),
        (42, "failed", FAILED),
        ("x" * 2001, "failed", FAILED),
    ],
)
@pytest.mark.parametrize("defer", [Defer.never(), Defer.auto(), Defer.always()])
async def test_what_a_command_returns_is_its_answer(
    world: World, value: object, outcome: str, shown: str | None, defer: Defer
) -> None:
    message = world.command("work")

    assert await Process(world, a_bot(returning(value), defer=defer)).handle(message) == Ack(outcome)
    assert world.texts(message) == [shown]


async def test_a_command_that_said_all_itself_adds_nothing(world: World) -> None:
    async def body(ctx: CommandContext) -> None:
        await ctx.reply("all")

    message = world.command("work")

    assert await Process(world, a_bot(body)).handle(message) == Ack("handled")
    assert world.texts(message) == ["all"]


async def test_a_silent_component_keeps_its_message(world: World) -> None:
    router = Router()

    @router.component("press")
    async def press(ctx: ComponentContext) -> None:
        """Say nothing."""

    assert await Process(world, router).handle(world.component("press")) == Ack("handled")
    assert world.calls() == ["deferred_update"]


@pytest.mark.parametrize(
    ("value", "outcome", "names"),
    [
        ([Choice(name="a", value="a")], "handled", ["a"]),
        ((), "handled", []),
        (None, "handled", []),
        ([Choice(name=str(n), value=n) for n in range(30)], "handled", [str(n) for n in range(25)]),
        ("text", "failed", []),
        (["text"], "failed", []),
        ([Choice(name="", value="too short a name")], "failed", []),
    ],
)
async def test_what_an_autocomplete_returns_is_suggested(
    world: World, value: object, outcome: str, names: list[str]
) -> None:
    router = Router()

    @router.command("pick")
    async def pick(ctx: CommandContext, thing: str) -> None:
        """Pick."""

    @router.autocomplete("pick", "thing")
    async def things(ctx: AutocompleteContext, typed: str) -> object:
        return value

    message = world.autocomplete("pick", focused="thing")

    assert await Process(world, router).handle(message) == Ack(outcome)
    answered = world.told(message)
    assert answered is not None
    assert [choice.name for choice in answered.first.choices] == names


async def test_an_autocomplete_may_suggest_by_itself(world: World) -> None:
    router = Router()

    @router.command("pick")
    async def pick(ctx: CommandContext, thing: str) -> None:
        """Pick."""

    @router.autocomplete("pick", "thing")
    async def things(ctx: AutocompleteContext, typed: str) -> None:
        await ctx.suggest([Choice(name=f"{typed}!", value=1)])

    message = world.autocomplete("pick", focused="thing", typed=7)

    assert await Process(world, router).handle(message) == Ack("handled")
    answered = world.told(message)
    assert answered is not None
    assert answered.first.choices == (Choice(name="7!", value=1),)


async def test_a_text_after_a_modal_is_a_mistake_that_no_user_can_be_told(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async def body(ctx: CommandContext) -> str:
        await ctx.show_modal(Modal("Form", id="form", fields=[TextInput("text", label="What?")]))
        return "too much"

    assert await Process(world, a_bot(body, defer=Defer.never())).handle(world.command("work")) == Ack("failed")
    assert "the user could not be told: ReplyStateError" in caplog.messages


# --- raised --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ending:
    """What was raised before any answer, and how it ends.

    Attributes:
        refunded: Whether the cooldown's use is given back.
        logged: Whether an operator hears of it.
    """

    error: Exception
    disposition: Disposition
    shown: list[str]
    refunded: bool = True
    logged: bool = False


ENDINGS = [
    Ending(UserError("Not like this."), Ack("user_error"), ["Not like this."], refunded=False),
    Ending(Reject("spam"), DeadLetter("spam", error="Reject"), [FAILED]),
    Ending(RetryLater(), Ack("failed"), [FAILED], refunded=False, logged=True),
    Ending(ZeroDivisionError("bug"), Ack("failed"), [FAILED], logged=True),
    Ending(PortUnavailableError("database"), Ack("failed"), [FAILED], logged=True),
    Ending(PortRejectedError("no"), Ack("failed"), [FAILED], logged=True),
    Ending(TimeoutError("the bot's own"), Ack("failed"), [FAILED], logged=True),
    Ending(InteractionExpiredError("gone"), Ack("expired"), []),
    Ending(AlreadyAcknowledgedError("twice"), Ack("already_answered"), []),
    Ending(DeadlineMissedError("late"), Ack("late"), []),
]


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: type(ending.error).__name__)
async def test_what_a_handler_raises_decides_how_it_ends(
    world: World, ending: Ending, caplog: pytest.LogCaptureFixture
) -> None:
    process = Process(world, a_bot(raising(ending.error)))
    message = world.command("work")

    assert await process.handle(message) == ending.disposition

    assert world.texts(message) == ending.shown
    assert bool([record for record in caplog.records if record.levelno == logging.ERROR]) is ending.logged
    second = await process.handle(world.command("work"))
    assert (second != Ack("refused")) is ending.refunded


@pytest.mark.parametrize("error", [UserError("Only for you."), ZeroDivisionError("bug")])
async def test_only_the_user_sees_what_went_wrong(world: World, error: Exception) -> None:
    message = world.command("work")
    await Process(world, a_bot(raising(error))).handle(message)

    [call] = world.discord.calls
    assert call.callback is not None
    assert call.callback.message is not None
    assert call.callback.message.ephemeral


async def test_an_error_after_a_public_defer_is_told_in_its_place(world: World) -> None:
    message = world.command("work")
    process = Process(world, a_bot(raising(UserError("Not like this.")), defer=Defer.always()))

    assert await process.handle(message) == Ack("user_error")
    assert world.calls() == ["deferred_message", "edit"]
    assert world.texts(message) == ["Not like this."]


async def test_an_error_after_an_answer_is_a_follow_up(world: World) -> None:
    async def body(ctx: CommandContext) -> None:
        await ctx.reply("first")
        raise ZeroDivisionError

    message = world.command("work")

    assert await Process(world, a_bot(body)).handle(message) == Ack("failed")
    assert world.texts(message) == ["first", FAILED]


async def test_an_autocomplete_that_fails_suggests_nothing(world: World) -> None:
    router = Router()

    @router.command("pick")
    async def pick(ctx: CommandContext, thing: str) -> None:
        """Pick."""

    @router.autocomplete("pick", "thing")
    async def things(ctx: AutocompleteContext, typed: str) -> None:
        raise ZeroDivisionError

    message = world.autocomplete("pick", focused="thing")

    assert await Process(world, router).handle(message) == Ack("failed")
    answered = world.told(message)
    assert answered is not None
    assert answered.first.type is CallbackType.SUGGESTIONS


async def test_an_autocomplete_that_fails_after_its_answer_says_no_more(world: World) -> None:
    router = Router()

    @router.command("pick")
    async def pick(ctx: CommandContext, thing: str) -> None:
        """Pick."""

    @router.autocomplete("pick", "thing")
    async def things(ctx: AutocompleteContext, typed: str) -> None:
        await ctx.suggest([])
        raise ZeroDivisionError

    assert await Process(world, router).handle(world.autocomplete("pick", focused="thing")) == Ack("failed")
    assert world.calls() == ["suggestions"]


async def test_a_handler_that_runs_too_long_is_stopped_and_the_user_told(world: World) -> None:
    stopped = []

    async def body(ctx: CommandContext) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.append(world.clock.monotonic())

    process = Process(world, a_bot(body), timing=Timing(handler_timeout=15))
    message = world.command("work")

    assert await process.handle(message, seconds=16) == Ack("timeout")
    assert stopped == [15.0]
    assert world.texts(message) == [FAILED]
    assert process.telemetry.observations[(metrics.HANDLER_DURATION.name, "command:work", "HandlerTimeoutError")] == [
        15.0
    ]


async def test_a_handlers_own_timeout_wins_over_the_workers(world: World) -> None:
    router = Router()

    @router.command("work", timeout=60)
    async def work(ctx: CommandContext) -> None:
        await world.clock.sleep(59)

    process = Process(world, router, timing=Timing(handler_timeout=15))

    assert await process.handle(world.command("work"), seconds=60) == Ack("handled")


async def test_a_cancellation_that_comes_out_of_what_a_handler_awaits_is_its_failure(world: World) -> None:
    """Taken for the drain's, it would go back to the queue at once and come again, for ever."""

    async def body(ctx: CommandContext) -> None:
        inner = asyncio.ensure_future(asyncio.sleep(1))
        inner.cancel()
        await inner

    message = world.command("work")

    assert await Process(world, a_bot(body)).handle(message) == Ack("failed")
    assert world.texts(message) == [FAILED]


async def test_retry_later_after_something_was_said_is_a_failure(world: World) -> None:
    async def body(ctx: CommandContext) -> None:
        await ctx.defer()
        await ctx.reply("half")
        raise RetryLater

    message = world.command("work")

    assert await Process(world, a_bot(body)).handle(message) == Ack("failed")
    assert world.texts(message) == ["half", FAILED]


async def test_retry_later_after_a_components_update_is_a_failure(world: World) -> None:
    router = Router()

    @router.component("press", defer=Defer.always())
    async def press(ctx: ComponentContext) -> None:
        await ctx.update("half")
        raise RetryLater

    assert await Process(world, router).handle(world.component("press")) == Ack("failed")


async def test_retry_later_beyond_the_tokens_life_is_a_failure(world: World) -> None:
    router = Router()

    @router.command("work", defer=Defer.always(), timeout=900)
    async def work(ctx: CommandContext) -> None:
        await world.clock.sleep(ctx.deadline - 0.5)
        raise RetryLater

    message = world.command("work")

    assert await Process(world, router).handle(message, seconds=900) == Ack("failed")
    assert world.texts(message) == [FAILED]


# --- refused -------------------------------------------------------------------------------------------------------


async def test_a_cooldown_refuses_the_second_use_and_says_until_when(world: World) -> None:
    process = Process(world, a_bot(returning("done")))
    await process.handle(world.command("work"))
    message = world.command("work")

    assert await process.handle(message) == Ack("refused")

    until = -(-world.clock.now_us() // 1_000_000) + 60
    assert world.texts(message) == [f"Slow down: you can do this again <t:{until}:R>."]
    assert process.telemetry.counted(metrics.ADMISSIONS, "refused") == 1


async def test_a_limit_refuses_the_use_after_the_last(world: World) -> None:
    router = Router()

    @router.command("work", limits=[SlidingWindow(2, per=60)], defer=Defer.always())
    async def work(ctx: CommandContext) -> str:
        return "done"

    process = Process(world, router)
    outcomes = [await process.handle(world.command("work")) for _ in range(3)]

    assert outcomes == [Ack("handled"), Ack("handled"), Ack("refused")]
    assert world.calls()[-1] == "message", "a refusal needs no defer"


@pytest.mark.parametrize(("policy", "outcome"), [("allow", "handled"), ("refuse", "refused")])
async def test_limits_that_cannot_be_decided_do_as_the_handler_says(world: World, policy: str, outcome: str) -> None:
    router = Router()

    @router.command("work", cooldown=Cooldown(60), if_limits_down=policy)  # type: ignore[arg-type]  # one of the two
    async def work(ctx: CommandContext) -> str:
        return "done"

    world.admissions.unavailable = True
    process = Process(world, router)

    assert await process.handle(world.command("work")) == Ack(outcome)
    assert process.telemetry.counted(metrics.STATE_FAILURES, "admit") == 1


async def test_a_scope_that_fails_is_told_and_logged_like_a_handler(world: World) -> None:
    router = Router()

    @router.command("work", limits=[SlidingWindow(1, per=60, scope=lambda interaction: 1 / 0)])  # type: ignore[arg-type,return-value]  # the bot's mistake
    async def work(ctx: CommandContext) -> str:
        return "done"

    message = world.command("work")

    assert await Process(world, router).handle(message) == Ack("failed")
    assert world.texts(message) == [FAILED]


async def test_a_refund_that_fails_is_counted(world: World) -> None:
    async def body(ctx: CommandContext) -> None:
        world.admissions.unavailable = True
        raise ZeroDivisionError

    process = Process(world, a_bot(body))
    await process.handle(world.command("work"))

    assert process.telemetry.counted(metrics.STATE_FAILURES, "refund") == 1


@pytest.mark.parametrize("defer", [Defer.never(), Defer.always()])
async def test_an_option_that_does_not_fit_is_told_before_the_handler_starts(world: World, defer: Defer) -> None:
    router = Router()

    @router.command("work", defer=defer)
    async def work(ctx: CommandContext, depth: int) -> str:
        raise AssertionError("it must not start")

    message = world.command("work", options=[{"name": "depth", "type": 4, "value": "deep"}])

    assert await Process(world, router).handle(message) == Ack("bad_option")
    assert world.texts(message) == ["`depth` must be a whole number."]


async def test_the_texts_can_be_replaced(world: World) -> None:
    texts = Texts(done="Fertig.", not_available="Gibt es nicht.")
    process = Process(world, a_bot(returning(None)), texts=texts)
    done, missing = world.command("work"), world.command("nobody")

    await process.handle(done)
    await process.handle(missing)

    assert (world.texts(done), world.texts(missing)) == (["Fertig."], ["Gibt es nicht."])


async def test_a_modal_can_change_the_message_behind_it_only_if_there_is_one(world: World) -> None:
    router = Router()

    @router.modal("form")
    async def form(ctx: ModalContext) -> None:
        await ctx.update("changed")

    process = Process(world, router)

    assert await process.handle(world.modal("form", message={"id": "1"})) == Ack("handled")
    assert await process.handle(world.modal("form")) == Ack("failed")
    assert world.calls() == ["update", "message"]
