"""What a bot's middleware sees, and what it cannot do."""

import pytest

from gpcore import (
    AnyContext,
    CallNext,
    CommandContext,
    Defer,
    EventContext,
    MemberJoin,
    Router,
    UserError,
)
from gpcore.application.edge import Timing
from gpcore.domain.settling import Ack
from tests.unit.application.one_command import FAILED, a_bot, raising, returning
from tests.unit.application.worlds import Process, World


def noting(router: Router, name: str, journal: list[str]) -> None:
    @router.use
    async def note(ctx: AnyContext, call_next: CallNext) -> object:
        journal.append(f"{name} in")
        try:
            return await call_next()
        finally:
            journal.append(f"{name} out")


async def test_middleware_runs_outermost_first_and_an_included_routers_inside(world: World) -> None:
    journal: list[str] = []
    inner, outer = a_bot(returning("done")), Router()
    noting(inner, "third", journal)
    noting(outer, "first", journal)
    noting(outer, "second", journal)
    outer.include(inner)
    message = world.command("work")

    assert await Process(world, outer).handle(message) == Ack("handled")

    assert journal == ["first in", "second in", "third in", "third out", "second out", "first out"]
    assert world.texts(message) == ["done"]


async def test_a_routers_middleware_is_for_its_own_handlers_only(world: World) -> None:
    journal: list[str] = []
    outer, sibling = Router(), Router()
    noting(sibling, "sibling", journal)
    outer.include(a_bot(returning("done")))
    outer.include(sibling)

    await Process(world, outer).handle(world.command("work"))

    assert journal == []


async def test_middleware_sees_every_exception_pass(world: World) -> None:
    seen: list[Exception] = []
    router = a_bot(raising(UserError("No.")))

    @router.use
    async def watch(ctx: AnyContext, call_next: CallNext) -> object:
        try:
            return await call_next()
        except UserError as error:
            seen.append(error)
            raise

    message = world.command("work")

    assert await Process(world, router).handle(message) == Ack("user_error")
    assert ([str(error) for error in seen], world.texts(message)) == (["No."], ["No."])


async def test_middleware_may_answer_without_going_on(world: World) -> None:
    router = a_bot(raising(AssertionError("it must not start")))

    @router.use
    async def closed(ctx: CommandContext, call_next: CallNext) -> str:
        return "We are closed."

    message = world.command("work")

    assert await Process(world, router).handle(message) == Ack("handled")
    assert world.texts(message) == ["We are closed."]


async def test_middleware_may_change_what_is_returned(world: World) -> None:
    router = a_bot(returning("done"))

    @router.use
    async def louder(ctx: CommandContext, call_next: CallNext) -> str:
        return f"{await call_next()}!"

    message = world.command("work")
    await Process(world, router).handle(message)

    assert world.texts(message) == ["done!"]


async def test_a_handler_runs_once_however_often_middleware_goes_on(world: World) -> None:
    starts: list[int] = []

    async def body(ctx: CommandContext) -> str:
        starts.append(1)
        return "done"

    router = a_bot(body)

    @router.use
    async def twice(ctx: CommandContext, call_next: CallNext) -> object:
        await call_next()
        return await call_next()

    message = world.command("work")

    assert await Process(world, router).handle(message) == Ack("failed")
    assert (starts, world.texts(message)) == ([1], [FAILED])


@pytest.mark.parametrize("defer", [Defer.never(), Defer.auto(), Defer.always()])
async def test_middleware_that_answers_first_makes_the_handlers_answer_a_follow_up(world: World, defer: Defer) -> None:
    router = a_bot(returning("second"), defer=defer)

    @router.use
    async def greet(ctx: CommandContext, call_next: CallNext) -> object:
        await ctx.reply("first")
        return await call_next()

    message = world.command("work")

    assert await Process(world, router).handle(message) == Ack("handled")
    assert world.texts(message) == ["first", "second"]


async def test_middleware_runs_inside_the_handlers_time(world: World) -> None:
    router = a_bot(returning("done"))

    @router.use
    async def slow(ctx: CommandContext, call_next: CallNext) -> object:
        await world.clock.sleep(60)
        return await call_next()

    message = world.command("work")

    process = Process(world, router, timing=Timing(handler_timeout=5))
    assert await process.handle(message, seconds=6) == Ack("timeout")
    assert world.texts(message) == [FAILED]


async def test_middleware_is_around_events_too(world: World) -> None:
    journal: list[str] = []
    router = Router()
    noting(router, "outer", journal)

    @router.event("member.join")
    async def join(ctx: EventContext[MemberJoin]) -> None:
        journal.append("handler")

    assert await Process(world, router).process(world.event()) == Ack("handled")
    assert journal == ["outer in", "handler", "outer out"]


async def test_an_error_handler_comes_after_the_middleware(world: World) -> None:
    journal: list[str] = []
    router = a_bot(raising(ZeroDivisionError()))
    noting(router, "around", journal)

    @router.error(ZeroDivisionError)
    async def handle(ctx: CommandContext, error: ZeroDivisionError) -> str:
        journal.append("error handler")
        return "sorry"

    await Process(world, router).handle(world.command("work"))

    assert journal == ["around in", "around out", "error handler"]
