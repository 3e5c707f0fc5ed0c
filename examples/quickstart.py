"""A bot in twenty lines: ``gp worker run examples.quickstart:router``."""

from gpcore import CommandContext, Cooldown, Defer, EventContext, MemberJoin, Router, UserError

router = Router()


@router.command("ping", defer=Defer.never())
async def ping(ctx: CommandContext) -> str:
    """Answer at once."""
    return "pong"


@router.command("divide", cooldown=Cooldown(seconds=5))
async def divide(ctx: CommandContext, a: float, b: float) -> str:
    """Divide a by b."""
    if b == 0:
        raise UserError("Nobody can divide by zero.")
    return f"{a:g} / {b:g} = {a / b:g}"


@router.event("member.join")
async def welcome(ctx: EventContext[MemberJoin]) -> None:
    """Greet a new member in the log."""
    ctx.log.info("welcome, %s", ctx.event.user.username)
