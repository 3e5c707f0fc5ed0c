"""What becomes of what a handler raises, and what the user is told."""

import asyncio
import logging
from dataclasses import dataclass

import pytest

from gpcore import (
    AutocompleteContext,
    CommandContext,
    ComponentContext,
    Defer,
    Reject,
    RetryLater,
    Router,
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
    OptionError,
    PortRejectedError,
    PortUnavailableError,
)
from tests.unit.application.one_command import FAILED, a_bot, raising
from tests.unit.application.worlds import Process, World


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
    Ending(OptionError("amount", "is odd", rule="odd"), Ack("bad_option"), ["`amount` is odd."], refunded=False),
    Ending(OptionError("amount", "is odd", rule="say"), Ack("bad_option"), ["`amount` is odd."], refunded=False),
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


@pytest.mark.parametrize("words", ["", " \n", "x" * 2_001, 5])
async def test_words_that_cannot_be_sent_leave_nobody_at_thinking(
    world: World, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    message = world.command("work")
    process = Process(world, a_bot(raising(UserError(words)), defer=Defer.always(ephemeral=True)))

    assert await process.handle(message) == Ack("user_error")
    assert world.texts(message) == [FAILED]
    assert [record.levelno for record in caplog.records if "cannot be sent" in record.message] == [logging.WARNING]


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


@pytest.mark.parametrize(
    ("own", "workers", "stopped_at"), [(None, 15.0, 2.5), (None, 0.8, 0.8), (0.5, 15.0, 0.5), (1.5, 0.8, 1.5)]
)
async def test_an_autocomplete_stops_when_nobody_sees_it_or_the_worker_says(
    world: World, own: float | None, workers: float, stopped_at: float
) -> None:
    router, stopped = Router(), []

    @router.command("pick")
    async def pick(ctx: CommandContext, thing: str) -> None:
        """Pick."""

    @router.autocomplete("pick", "thing", timeout=own)
    async def things(ctx: AutocompleteContext, typed: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.append(world.clock.monotonic())

    process = Process(world, router, timing=Timing(handler_timeout=workers))
    message = world.autocomplete("pick", focused="thing")

    assert await process.handle(message, seconds=3) == Ack("timeout")
    assert stopped == [stopped_at]


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
