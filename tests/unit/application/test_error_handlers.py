"""What a bot's own error handlers may do, and which one is asked."""

import logging

import pytest

from gpcore import (
    AnyContext,
    AutocompleteContext,
    Choice,
    CommandContext,
    ComponentContext,
    Defer,
    Embed,
    EventContext,
    GpError,
    HandlerTimeoutError,
    MemberJoin,
    OptionError,
    Reject,
    RetryLater,
    Router,
    UserError,
)
from gpcore.application.edge import Timing
from gpcore.domain.settling import Ack, DeadLetter, Disposition, Retry
from tests.unit.application.one_command import FAILED, a_bot, raising
from tests.unit.application.worlds import Process, World


class CacheError(LookupError):
    """Something of the bot's own."""


def catching(router: Router, kind: type[Exception], answer: object) -> list[Exception]:
    """Let the router answer an error, and return what it was asked about."""
    seen: list[Exception] = []

    @router.error(kind)
    async def handle(ctx: AnyContext, error: Exception) -> object:
        seen.append(error)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return seen


async def test_an_error_handler_answers_in_gps_place_and_only_to_the_user(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    error = ZeroDivisionError("bug")
    router = a_bot(raising(error))
    seen = catching(router, ZeroDivisionError, "Nobody can do that.")
    message = world.command("work")

    assert await Process(world, router).handle(message) == Ack("error_handled")

    assert world.texts(message) == ["Nobody can do that."]
    [call] = world.discord.calls
    assert call.callback is not None
    assert call.callback.message is not None
    assert call.callback.message.ephemeral
    assert seen == [error]
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_the_most_specific_handler_of_a_router_is_asked(world: World) -> None:
    router = a_bot(raising(CacheError()))
    catching(router, Exception, "anything")
    catching(router, LookupError, "lookup")
    message = world.command("work")

    await Process(world, router).handle(message)

    assert world.texts(message) == ["lookup"]


@pytest.mark.parametrize("catches", [Exception, GpError])
@pytest.mark.parametrize(
    ("raised", "disposition", "shown"),
    [
        (UserError("Not like this."), Ack("user_error"), "Not like this."),
        (OptionError("depth", "is too deep"), Ack("bad_option"), "`depth` is too deep."),
        (Reject("spam"), DeadLetter("spam", error="Reject"), FAILED),
        (RetryLater(), Ack("failed"), FAILED),
    ],
)
async def test_a_handler_for_everything_does_not_get_what_says_itself_what_is_to_be_done(
    world: World, raised: Exception, disposition: Disposition, shown: str, catches: type[Exception]
) -> None:
    router = a_bot(raising(raised), defer=Defer.never())
    seen = catching(router, catches, "caught")
    message = world.command("work")

    assert await Process(world, router).handle(message) == disposition
    assert world.texts(message) == [shown]
    assert seen == []


class NotYoursError(UserError):
    """A bot's own kind of what it tells users."""


@pytest.mark.parametrize("catches", [NotYoursError, UserError])
async def test_a_handler_that_names_it_does(world: World, catches: type[Exception]) -> None:
    error = NotYoursError("Not yours.")
    router = a_bot(raising(error))
    seen = catching(router, catches, "caught")
    message = world.command("work")

    assert await Process(world, router).handle(message) == Ack("error_handled")
    assert world.texts(message) == ["caught"]
    assert seen == [error]


async def test_an_included_routers_own_handler_comes_before_the_including_ones(world: World) -> None:
    inner, outer = a_bot(raising(CacheError())), Router()
    catching(inner, Exception, "inner")
    catching(outer, CacheError, "outer")
    outer.include(inner)
    message = world.command("work")

    await Process(world, outer).handle(message)

    assert world.texts(message) == ["inner"]


async def test_what_the_inner_router_does_not_catch_the_outer_one_may(world: World) -> None:
    inner, outer = a_bot(raising(CacheError())), Router()
    catching(inner, ZeroDivisionError, "inner")
    catching(outer, LookupError, "outer")
    outer.include(inner)
    message = world.command("work")

    await Process(world, outer).handle(message)

    assert world.texts(message) == ["outer"]


async def test_an_outer_router_does_not_catch_for_its_siblings(world: World) -> None:
    inner, sibling, outer = a_bot(raising(CacheError())), Router(), Router()
    catching(sibling, Exception, "sibling")
    outer.include(inner)
    outer.include(sibling)
    message = world.command("work")

    assert await Process(world, outer).handle(message) == Ack("failed")
    assert world.texts(message) == [FAILED]


@pytest.mark.parametrize(
    ("raised", "disposition", "shown"),
    [
        (UserError("Not like this."), Ack("user_error"), "Not like this."),
        (Reject("spam"), DeadLetter("spam", error="Reject"), FAILED),
        (RuntimeError("in the error handler"), Ack("failed"), FAILED),
        (OptionError("depth", "is too deep"), Ack("bad_option"), "`depth` is too deep."),
    ],
)
async def test_what_an_error_handler_raises_is_treated_as_if_there_was_none(
    world: World, raised: Exception, disposition: Disposition, shown: str
) -> None:
    router = a_bot(raising(ZeroDivisionError()))
    catching(router, ZeroDivisionError, raised)
    message = world.command("work")

    assert await Process(world, router).handle(message) == disposition
    assert world.texts(message) == [shown]


async def test_an_error_handler_may_send_a_deferred_interaction_back(world: World) -> None:
    router = a_bot(raising(ConnectionError()), defer=Defer.always())
    catching(router, ConnectionError, RetryLater())
    message = world.command("work")

    ended = await Process(world, router).handle(message)

    assert isinstance(ended, Retry)
    assert ended.error == "RetryLater"


@pytest.mark.parametrize("defer", [Defer.never(), Defer.auto(), Defer.always()])
@pytest.mark.parametrize(("answer", "shown"), [(None, FAILED), (Embed(title="Oops"), None), (42, FAILED)])
async def test_an_error_handler_that_says_nothing_leaves_it_to_gp(
    world: World, defer: Defer, answer: object, shown: str | None
) -> None:
    router = a_bot(raising(ZeroDivisionError()), defer=defer)
    catching(router, ZeroDivisionError, answer)
    message = world.command("work")

    ended = await Process(world, router).handle(message)

    assert ended == Ack("failed" if answer == 42 else "error_handled")
    assert world.texts(message) == [shown]


async def test_an_error_handler_may_reply_by_itself(world: World) -> None:
    router = a_bot(raising(ZeroDivisionError()))

    @router.error(ZeroDivisionError)
    async def handle(ctx: CommandContext, error: ZeroDivisionError) -> None:
        await ctx.reply("for everybody")

    message = world.command("work")

    assert await Process(world, router).handle(message) == Ack("error_handled")
    assert world.texts(message) == ["for everybody"]


async def test_a_component_that_was_deferred_while_it_failed_is_told_too(world: World) -> None:
    router = Router()

    @router.component("press", defer=Defer.always())
    async def press(ctx: ComponentContext) -> None:
        raise ZeroDivisionError

    catching(router, ZeroDivisionError, None)
    message = world.component("press")

    assert await Process(world, router).handle(message) == Ack("error_handled")
    assert world.texts(message)[-1] == FAILED


async def test_after_an_answer_of_the_handler_a_silent_error_handler_adds_nothing(world: World) -> None:
    async def body(ctx: CommandContext) -> None:
        await ctx.reply("first")
        raise ZeroDivisionError

    router = a_bot(body)
    catching(router, ZeroDivisionError, None)
    message = world.command("work")

    assert await Process(world, router).handle(message) == Ack("error_handled")
    assert world.texts(message) == ["first"]


@pytest.mark.parametrize("kind", [UserError, RetryLater, Reject])
async def test_a_handlers_instructions_can_be_caught_by_name(world: World, kind: type[Exception]) -> None:
    router = a_bot(raising(kind("x") if kind is not RetryLater else RetryLater()))
    catching(router, kind, "caught")
    message = world.command("work")

    assert await Process(world, router).handle(message) == Ack("error_handled")
    assert world.texts(message) == ["caught"]


async def test_an_option_that_does_not_fit_can_be_caught(world: World) -> None:
    router = Router()

    @router.command("work")
    async def work(ctx: CommandContext, depth: int) -> None: ...

    [seen] = [catching(router, OptionError, "A number, please.")]
    message = world.command("work", options=[{"name": "depth", "type": 4, "value": "deep"}])

    assert await Process(world, router).handle(message) == Ack("error_handled")
    assert world.texts(message) == ["A number, please."]
    assert [str(error) for error in seen] == ["depth: must be a whole number"]


async def test_a_handlers_timeout_can_be_caught(world: World) -> None:
    async def body(ctx: CommandContext) -> None:
        await world.clock.sleep(60)

    router = a_bot(body)
    catching(router, HandlerTimeoutError, "Too slow, sorry.")
    message = world.command("work")

    process = Process(world, router, timing=Timing(handler_timeout=5))
    assert await process.handle(message, seconds=6) == Ack("error_handled")
    assert world.texts(message) == ["Too slow, sorry."]


async def test_an_error_handler_that_hangs_is_stopped(world: World) -> None:
    router = a_bot(raising(ZeroDivisionError()))

    @router.error(ZeroDivisionError)
    async def handle(ctx: CommandContext, error: ZeroDivisionError) -> None:
        await world.clock.sleep(60)

    message = world.command("work")

    process = Process(world, router, timing=Timing(handler_timeout=5))
    assert await process.handle(message, seconds=6) == Ack("timeout")
    assert world.texts(message) == [FAILED]


@pytest.mark.parametrize(
    ("raised", "answer", "given_back"),
    [
        (ZeroDivisionError(), "sorry", True),
        (UserError("no"), "sorry", False),
        (ZeroDivisionError(), UserError("no"), False),
        (UserError("no"), ZeroDivisionError(), True),
    ],
)
async def test_a_use_is_given_back_as_what_remains_says(
    world: World, raised: Exception, answer: object, given_back: bool
) -> None:
    router = a_bot(raising(raised))
    catching(router, type(raised), answer)
    process = Process(world, router)
    await process.handle(world.command("work"))

    assert (await process.handle(world.command("work")) != Ack("refused")) is given_back


@pytest.mark.parametrize(("answer", "names"), [(None, []), ([Choice(name="a", value="a")], ["a"]), ("text", [])])
async def test_an_autocompletes_error_handler_may_suggest(world: World, answer: object, names: list[str]) -> None:
    router = Router()

    @router.command("pick")
    async def pick(ctx: CommandContext, thing: str) -> None: ...

    @router.autocomplete("pick", "thing")
    async def things(ctx: AutocompleteContext, typed: str) -> None:
        raise ZeroDivisionError

    catching(router, ZeroDivisionError, answer)
    message = world.autocomplete("pick", focused="thing")

    await Process(world, router).handle(message)

    told = world.told(message)
    assert told is not None
    assert [choice.name for choice in told.first.choices] == names


async def test_an_autocomplete_that_had_suggested_says_no_more(world: World) -> None:
    router = Router()

    @router.command("pick")
    async def pick(ctx: CommandContext, thing: str) -> None: ...

    @router.autocomplete("pick", "thing")
    async def things(ctx: AutocompleteContext, typed: str) -> None:
        await ctx.suggest([])
        raise ZeroDivisionError

    catching(router, ZeroDivisionError, [Choice(name="late", value=1)])

    assert await Process(world, router).handle(world.autocomplete("pick", focused="thing")) == Ack("error_handled")
    assert world.calls() == ["suggestions"]


def an_event_bot(error: Exception) -> Router:
    router = Router()

    @router.event("member.join")
    async def join(ctx: EventContext[MemberJoin]) -> None:
        raise error

    return router


async def test_an_event_whose_error_was_handled_is_done(world: World) -> None:
    router = an_event_bot(ZeroDivisionError())
    seen = catching(router, ArithmeticError, None)
    process, message = Process(world, router), world.event()

    assert await process.process(message) == Ack("error_handled")
    assert await process.process(message, redelivered=True) == Ack("duplicate")
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("raised", "word"), [(Reject("spam"), "spam"), (RetryLater(7), "retried"), (KeyError(), "retried")]
)
async def test_what_an_events_error_handler_raises_decides(world: World, raised: Exception, word: str) -> None:
    router = an_event_bot(ZeroDivisionError())
    catching(router, ZeroDivisionError, raised)

    ended = await Process(world, router).process(world.event())

    assert word == (ended.reason if isinstance(ended, DeadLetter) else getattr(ended, "outcome", None))
    assert getattr(ended, "error", None) == type(raised).__name__
