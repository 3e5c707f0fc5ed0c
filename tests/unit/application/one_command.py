"""A bot with one command, which does as it is told."""

from collections.abc import Awaitable, Callable

from gpcore import (
    CommandContext,
    Cooldown,
    Defer,
    Router,
)

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
