"""One handler of every kind, and every way to answer: ``gp worker run examples.gallery:router``."""

import asyncio
from typing import Annotated

from gpcore import (
    Attachment,
    AutocompleteContext,
    Channel,
    CheckboxGroup,
    Choice,
    CommandContext,
    ComponentContext,
    Defer,
    Embed,
    EventContext,
    FileUpload,
    GuildAvailable,
    GuildJoin,
    GuildLeave,
    GuildOutage,
    Label,
    Member,
    MemberJoin,
    MemberUpdate,
    Mentionable,
    MessageCreate,
    Modal,
    ModalContext,
    ModalField,
    Option,
    Role,
    Router,
    Select,
    TextInput,
    User,
)

router = Router()


@router.command("check-eligibility", defer=Defer.never())
async def check_eligibility(ctx: CommandContext) -> str:
    """Answer at once, in guilds and in direct messages."""
    return "You are eligible."


@router.command("everything", defer=Defer.always())
async def everything(
    ctx: CommandContext,
    text: str,
    count: int,
    flag: bool,
    who: User,
    where: Channel,
    tier: Role,
    target: Mentionable,
    ratio: float,
    file: Attachment,
) -> None:
    """Take every type of option; deferred on delivery."""
    described = f"{text} {count} {flag} {who.mention} {where.mention} {tier.mention} {target.id} {ratio:g} {file.id}"
    await ctx.reply(embeds=[Embed(title="Everything", description=described)])


@router.command("badge show")
async def badge_show(ctx: CommandContext, who: Member, public: bool = False) -> None:
    """Show somebody's badge; fast enough that nothing is deferred."""
    await ctx.reply(f"{who.mention} has a badge.", ephemeral=not public)


@router.command("badge admin grant")
async def badge_grant(ctx: CommandContext, who: User, level: Annotated[int, Option(min=1, max=9)] = 1) -> str:
    """Grant a badge."""
    return f"{who.mention} has level {level} now."


@router.autocomplete("badge admin grant", "level")
async def levels(ctx: AutocompleteContext, typed: str) -> list[Choice]:
    """Suggest levels."""
    return [Choice(name=f"Level {level}", value=level) for level in range(1, 10) if str(level).startswith(typed)]


@router.command("permissions role edit", defer=Defer.always(ephemeral=True))
async def edit_role(ctx: CommandContext, role: Role, reason: str = "") -> None:
    """Edit a role; a group and a subcommand."""
    await ctx.reply(f"{role.mention} was edited: {reason}")
    await ctx.followup("That is on record.", ephemeral=True)


@router.command("leaderboard")
async def leaderboard(ctx: CommandContext, page: int = 1) -> str:
    """Show a page; works where the bot is only installed by the user."""
    return f"Page {page}"


@router.command("search")
async def search(ctx: CommandContext, collection: str, limit: int = 5) -> str:
    """Search a collection."""
    return f"{limit} results in {collection}"


@router.autocomplete("search", "collection")
async def collections(ctx: AutocompleteContext, typed: str) -> list[Choice]:
    """Suggest collections."""
    return [Choice(name=name, value=name) for name in ("honey", "amber", "wax") if name.startswith(typed)]


@router.command("giant", defer=Defer.always())
async def giant(ctx: CommandContext) -> str:
    """Ignore the options it gets."""
    return "That was a lot."


@router.command("slow")
async def slow(ctx: CommandContext, seconds: float = 10) -> str:
    """Take its time; deferred after a second."""
    await asyncio.sleep(seconds)
    return "There you go."


@router.user_command("View Wallet", defer=Defer.never())
async def view_wallet(ctx: CommandContext, target: User) -> str:
    """Look at somebody from the context menu."""
    return f"{target.username or target.id} has 3 wallets."


@router.entry_point("launch")
async def launch(ctx: CommandContext) -> str:
    """Answer the command that opens the activity."""
    return "Up we go."


@router.component("claim:v1:{claim_id:int}")
async def claim(ctx: ComponentContext, claim_id: int) -> None:
    """Change the message of the button."""
    await ctx.update(f"Claim {claim_id} is yours.", components=[])


@router.component("pick-tiers", defer=Defer.always())
async def pick_tiers(ctx: ComponentContext) -> None:
    """Keep the message while working, then change it."""
    await ctx.update(f"You picked {', '.join(ctx.values)}.")


@router.component("delegate")
async def delegate(ctx: ComponentContext) -> str:
    """Answer a select with a new message."""
    people = [person.username or person.mention for person in ctx.chosen.users]
    return f"{' and '.join(people)} can act for you."


@router.component("gate-role")
async def gate_role(ctx: ComponentContext) -> None:
    """Take note of a select and say nothing."""


@router.component("log-channel", defer=Defer.never())
async def log_channel(ctx: ComponentContext) -> None:
    """Answer a select with a form."""
    fields: list[ModalField] = [
        TextInput("why", label="Why this channel?"),
        Label("Tier", Select("tier", ["gold", "silver"])),
        Label("Who sent you?", Select("referrer", kind="user", required=False)),
        Label("Proof", FileUpload("proof", required=False)),
        Label("News", CheckboxGroup("news", ["daily", "weekly"], required=False)),
    ]
    await ctx.show_modal(Modal("Log channel", id=apply.id(version=2), fields=fields))


@router.modal("apply:v{version:int}")
async def apply(ctx: ModalContext, version: int) -> str:
    """Answer a form."""
    people = [person.username or person.mention for person in ctx.chosen("referrer").users]
    files = [file.filename or file.id for file in ctx.chosen("proof").attachments]
    filled = [ctx.text("why"), *ctx.values("tier"), *people, *files, *ctx.values("news")]
    return f"Application {version}: {', '.join(filled)}"


@router.event("member.join")
async def member_joined(ctx: EventContext[MemberJoin]) -> None:
    """Notice a new member."""
    ctx.log.info("%s joined", ctx.event.user_id)


@router.event("member.update")
async def member_changed(ctx: EventContext[MemberUpdate]) -> None:
    """Notice changed roles."""
    ctx.log.info("%s has %d roles", ctx.event.user_id, len(ctx.event.roles))


@router.event("guild.join")
async def guild_joined(ctx: EventContext[GuildJoin]) -> None:
    """Notice a new guild."""
    ctx.log.info("joined %s", ctx.event.guild_id)


@router.event("guild.available")
async def guild_available(ctx: EventContext[GuildAvailable]) -> None:
    """Notice a guild that came back."""
    ctx.log.info("%s is available", ctx.event.guild_id)


@router.event("guild.leave")
async def guild_left(ctx: EventContext[GuildLeave]) -> None:
    """Notice a guild that is gone."""
    ctx.log.info("left %s", ctx.event.guild_id)


@router.event("guild.outage")
async def guild_outage(ctx: EventContext[GuildOutage]) -> None:
    """Notice a guild that is away for a while."""
    ctx.log.info("%s is unavailable", ctx.event.guild_id)


@router.event("message.create")
async def message_created(ctx: EventContext[MessageCreate]) -> None:
    """Notice a message of a person."""
    if not ctx.event.by_bot:
        ctx.log.info("message %s", ctx.event.message_id)
