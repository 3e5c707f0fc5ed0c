"""A bot whose handlers do what the message says, and write down what they did.

A member's name tells what happens when it joins: ``plain``, ``poison`` (the process dies), ``stuck``,
``blocked-S`` (the event loop stands still), ``slow-S``, ``fails-N`` (until the N-th claim), ``falters-N`` (likewise,
but after a second), ``role`` (gets a role, with the bot's token).
Every start and every effect is a line in the file that ``GP_TEST_EFFECTS`` names.
"""

import asyncio
import os
import time
from pathlib import Path

from gpcore import CommandContext, Defer, EventContext, MemberJoin, MemberLeave, Router

ROLE = "849256214691971079"
router = Router()


def note(what: str, who: str) -> None:
    """Write down what was done for whom, by which process and when: in one write, which no other can tear."""
    with Path(os.environ["GP_TEST_EFFECTS"]).open("ab", buffering=0) as file:
        file.write(f"{what} {who} {os.getpid()} {time.time():.6f}\n".encode())


@router.event("member.join")
async def join(ctx: EventContext[MemberJoin]) -> None:
    """Do as the name says, then have an effect."""
    note("began", ctx.event.user_id)
    what, _, number = (ctx.event.user.username or "plain").partition("-")
    if what == "poison":
        note("died", ctx.event.user_id)
        os._exit(9)
    if what == "stuck":
        await asyncio.Event().wait()
    if what == "blocked":
        time.sleep(float(number))
    if what == "slow":
        await asyncio.sleep(float(number))
    if what == "falters":
        await asyncio.sleep(1)
    if what == "role":
        await ctx.bot.members.add_role(ctx.event.guild_id, ctx.event.user_id, ROLE)
    if what in ("fails", "falters") and ctx.fence < int(number):
        raise ZeroDivisionError
    note("done", ctx.event.user_id)


@router.event("member.leave", if_state_down="wait")
async def leave(ctx: EventContext[MemberLeave]) -> None:
    """Have an effect, but only with the state's guard."""
    note("began", ctx.event.user_id)
    note("done", ctx.event.user_id)


@router.command("quick", defer=Defer.never())
async def quick(ctx: CommandContext) -> str:
    """Take a moment, then answer."""
    note("began", ctx.interaction.id)
    await asyncio.sleep(0.2)
    note("done", ctx.interaction.id)
    return "done"


@router.command("poison", defer=Defer.always())
async def poison(ctx: CommandContext) -> None:
    """Kill the process."""
    note("died", ctx.interaction.id)
    os._exit(9)


@router.command("long", defer=Defer.always())
async def long(ctx: CommandContext, seconds: float = 3.0) -> str:
    """Take long."""
    note("began", ctx.interaction.id)
    await asyncio.sleep(seconds)
    note("done", ctx.interaction.id)
    return "done"
