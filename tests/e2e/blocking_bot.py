"""A bot that does what no bot should: it blocks the event loop."""

import time

from gpcore import CommandContext, Defer, Router

router = Router()


@router.command("block", defer=Defer.never())
async def block(ctx: CommandContext) -> None:
    """Block."""
    await ctx.reply("Blocking.")
    time.sleep(600)
