"""A bot with everything that `gp routes` shows."""

from collections.abc import AsyncIterator

from gpcore import (
    AnyContext,
    AutocompleteContext,
    CallNext,
    CommandContext,
    Cooldown,
    InteractionContext,
    Refusal,
    Router,
    SlidingWindow,
    UserError,
)


class Pool:
    """What the lifespan opens."""


router = Router()


async def is_keeper(ctx: InteractionContext) -> bool:
    return True


@router.lifespan
async def pool() -> AsyncIterator[Pool]:
    yield Pool()


@router.use
async def timing(ctx: AnyContext, call_next: CallNext) -> object:
    return await call_next()


@router.error(UserError)
async def told(ctx: AnyContext, error: UserError) -> None: ...


@router.refused
async def too_fast(ctx: InteractionContext, refusal: Refusal) -> None: ...


@router.command(
    "work",
    cooldown=Cooldown(30),
    limits=[SlidingWindow(5, per=60)],
    timeout=20,
    concurrency=2,
    checks=[is_keeper],
)
async def work(ctx: CommandContext, thing: str, pool: Pool) -> None:
    """Work."""


@router.autocomplete("work", "thing")
async def things(ctx: AutocompleteContext, typed: str) -> None: ...
