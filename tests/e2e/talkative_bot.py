"""A bot that tries everything, and logs whatever it was told with everything behind it."""

from collections.abc import Awaitable

from gpcore import CommandContext, Defer, File, Router
from gpcore.domain.messages import OutgoingMessage
from gpcore.errors import GpError

GUILD = "849255963033731074"
CHANNEL = "849256214691971078"
USER = "430305391411331087"

router = Router()


@router.command("check-eligibility", defer=Defer.always())
async def check(ctx: CommandContext) -> None:
    """Try everything."""
    bot = ctx.bot
    last: Exception | None = None
    attempts: list[Awaitable[object]] = [
        bot.members.add_role(GUILD, USER, GUILD, reason="why"),
        bot.messages.send(CHANNEL, OutgoingMessage(content="hello"), nonce=ctx.interaction.id),
        bot.channels.open_dm(USER),
        bot.channels.start_thread(CHANNEL, "more"),
        ctx.reply("one", files=[File("a.txt", b"a")]),
        ctx.followup("two"),
        ctx.edit("three"),
        ctx.delete(),
    ]
    for attempt in attempts:
        try:
            await attempt
        except GpError as error:
            told = f"{error!r} {vars(error)!r}"
            ctx.log.exception("an attempt failed: %s", told)
            last = error
    ctx.log.error("%r %r %r %s", ctx, ctx.interaction, vars(ctx), bot)
    raise RuntimeError(f"nothing works for {ctx.interaction}") from last
