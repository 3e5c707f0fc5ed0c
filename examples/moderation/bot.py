"""A user command opens a form; what is sent goes to the moderators, whose buttons mute or dismiss."""

from gpcore import (
    Button,
    CommandContext,
    ComponentContext,
    Cooldown,
    Defer,
    Embed,
    EmbedField,
    FileUpload,
    Label,
    Modal,
    ModalContext,
    OutgoingMessage,
    Permission,
    Router,
    Row,
    TextInput,
    User,
    UserError,
)

router = Router()

MODERATORS_CHANNEL = "849256214691971090"
MUTED_ROLE = "849256214691971092"


# A form must be the first answer, so the command may not be deferred before it.
@router.user_command("Report user", defer=Defer.never(), cooldown=Cooldown(seconds=60))
async def report_user(ctx: CommandContext, target: User) -> None:
    """Ask what happened."""
    if ctx.guild_id is None:
        raise UserError("Reports are for servers.")
    if target.id == ctx.user.id:
        raise UserError("You cannot report yourself.")
    reason = TextInput("reason", label="What happened?", style="paragraph", min_length=5, max_length=1000)
    proof = Label("Screenshots", FileUpload("proof", max_values=3, required=False), description="If you have any")
    await ctx.show_modal(Modal("Report user", id=reported.id(user_id=target.id), fields=[reason, proof]))


@router.modal("report:{user_id}", defer=Defer.always(ephemeral=True))
async def reported(ctx: ModalContext, user_id: str) -> str:
    """Show the report to the moderators."""
    who = [EmbedField("Member", f"<@{user_id}>", inline=True), EmbedField("By", ctx.user.mention, inline=True)]
    proof = [EmbedField("Screenshot", file.url) for file in ctx.chosen("proof").attachments if file.url]
    report = Embed(title="Report", description=ctx.text("reason"), fields=[*who, *proof])
    buttons = Row(
        Button("Mute", id=mute.id(user_id=user_id), style="danger"),
        Button("Dismiss", id=dismiss.id(user_id=user_id), style="secondary"),
    )
    message = OutgoingMessage(embeds=(report,), components=(buttons,))
    # Events and interactions may be processed twice after a crash; a nonce keeps it one message.
    await ctx.bot.messages.send(MODERATORS_CHANNEL, message, nonce=ctx.interaction.id)
    return "Thank you. The moderators will look at it."


@router.component("mute:{user_id}")
async def mute(ctx: ComponentContext, user_id: str) -> None:
    """Give the muted role; repeating it does no harm."""
    moderator = require_moderator(ctx)
    reason = f"Report decided by {moderator.username or moderator.id}"
    await ctx.bot.members.add_role(ctx.guild_id or "", user_id, MUTED_ROLE, reason=reason)
    await ctx.update(f"<@{user_id}> was muted by {moderator.mention}.", components=[])


@router.component("dismiss:{user_id}")
async def dismiss(ctx: ComponentContext, user_id: str) -> None:
    """Close the report."""
    moderator = require_moderator(ctx)
    await ctx.update(f"{moderator.mention} dismissed the report about <@{user_id}>.", components=[])


def require_moderator(ctx: ComponentContext) -> User:
    """Return who pressed, if that is a moderator; every interaction brings the permissions along."""
    if ctx.member is None or not ctx.member.may(Permission.MODERATE_MEMBERS):
        raise UserError("Only moderators decide on reports.")
    return ctx.member.user
