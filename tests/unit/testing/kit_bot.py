"""A bot that answers in every way, well and badly, for the test kit's own tests."""

import asyncio
import enum
import itertools
from collections.abc import Sequence
from typing import Annotated, Literal

from gpcore import (
    Attachment,
    AutocompleteContext,
    Button,
    Channel,
    Checkbox,
    CheckboxGroup,
    Choice,
    CommandContext,
    ComponentContext,
    Container,
    Cooldown,
    Defer,
    Dispatch,
    Embed,
    EmbedField,
    EventContext,
    FileUpload,
    Label,
    Member,
    MemberJoin,
    Mentionable,
    Modal,
    ModalContext,
    Option,
    OutgoingMessage,
    RadioGroup,
    Raw,
    Reject,
    RetryLater,
    Role,
    Router,
    Row,
    Select,
    SelectOption,
    TextDisplay,
    TextInput,
    User,
    UserError,
)

ROLE = "849256214691971079"
CHANNEL = "849256214691971080"


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


def make_router() -> Router:  # noqa: C901, PLR0915 - a table of handlers
    """Return a router of its own, so that what its handlers remember belongs to one test."""
    router = Router()
    tries = itertools.count(1)

    @router.command("ping", defer=Defer.never())
    async def ping(ctx: CommandContext) -> str:
        """Answer at once."""
        return "pong"

    @router.command("show all", defer=Defer.never())
    async def show_all(  # noqa: PLR0917 - parameters are options
        ctx: CommandContext,
        text: str = "",
        count: Annotated[int, Option(min=1, max=9)] = 1,
        ratio: float = 0.5,
        flag: bool = False,
        color: Color = Color.RED,
        mode: Literal["fast", "slow"] = "fast",
        who: User | None = None,
        member: Member | None = None,
        role: Role | None = None,
        where: Channel | None = None,
        target: Mentionable | None = None,
        file: Attachment | None = None,
        renamed: Annotated[str, Option(name="other-name")] = "",
    ) -> None:
        """Say what every option arrived as."""
        names = [
            who.username if who else None,
            member.roles if member else None,
            role.name if role else None,
            where.name if where else None,
            (target.user or target.role) if target else None,
            (file.filename, file.size) if file else None,
        ]
        await ctx.reply(f"{text}|{count}|{ratio:g}|{flag}|{color.name}|{mode}|{renamed}")
        await ctx.followup("|".join(map(str, names)))

    @router.command("needs")
    async def needs(ctx: CommandContext, user: User, note: str = "") -> str:
        """Take an option that is named as a parameter of the client."""
        return f"{user.username} by {ctx.user.username} {note}"

    @router.command("where", defer=Defer.never())
    async def where_am_i(ctx: CommandContext) -> str:
        """Tell where it was used."""
        roles = ctx.member.roles if ctx.member else None
        return f"{ctx.guild_id} {ctx.channel.name if ctx.channel else None} {ctx.interaction.locale} {roles}"

    @router.command("sleep", defer=Defer.auto(after=1.0))
    async def sleep(ctx: CommandContext, seconds: float = 2.0) -> str:
        """Take its time."""
        await asyncio.sleep(seconds)
        return "slept"

    @router.command("bounded", timeout=60)
    async def bounded(ctx: CommandContext) -> str:
        """Give up on something after five seconds."""
        try:
            async with asyncio.timeout(5):
                await asyncio.sleep(30)
        except TimeoutError:
            return "gave up"
        return "waited"

    @router.command("thread", defer=Defer.auto(after=1.0))
    async def thread(ctx: CommandContext) -> str:
        """Work in a thread."""
        return str(await asyncio.to_thread(sum, [1, 2, 3]))

    @router.command("cool", cooldown=Cooldown(seconds=30))
    async def cool(ctx: CommandContext) -> str:
        """Cool down."""
        return "cool"

    @router.command("fail")
    async def fail(ctx: CommandContext, late: bool = False) -> None:
        """Fail, before or after an answer."""
        if late:
            await ctx.reply("so far so good")
        raise LookupError("nothing there")

    @router.command("tell")
    async def tell(ctx: CommandContext) -> None:
        """Tell the user what is wrong."""
        raise UserError("That is wrong.")

    @router.command("again", defer=Defer.always())
    async def again(ctx: CommandContext, succeed_at: int = 2) -> str:
        """Ask to run again until it is the right time."""
        if next(tries) < succeed_at:
            raise RetryLater
        return "at last"

    @router.command("reject")
    async def reject(ctx: CommandContext) -> None:
        """Give the delivery up."""
        raise Reject("poisoned")

    @router.command("hidden", defer=Defer.always(ephemeral=True))
    async def hidden(ctx: CommandContext) -> None:
        """Answer only to the user, with a button."""
        await ctx.reply("psst", components=[Row(Button("Press", id="plain")), Row(Select("pick", ["a", "b"]))])

    @router.command("panel")
    async def panel(ctx: CommandContext) -> None:
        """Show everything that can be used."""
        await ctx.reply(
            "panel",
            embeds=[Embed(title="Title", description="Text", fields=[EmbedField("n", "v")], footer="foot")],
            components=[
                Row(
                    Button("Next", id=page.id(number=1)),
                    Button("Form", id="open-form"),
                    Button("Off", id="off", disabled=True),
                    Button("Docs", url="https://example.invalid/"),
                    Button(id="delete", emoji="🗑"),
                ),
                Row(Select("pick", ["a", "b", "c"], max_values=2, placeholder="Pick some")),
                Row(Select("people", kind="user", placeholder="Somebody")),
                Row(Button("Slow", id="slow"), Button("Reply", id="plain")),
            ],
        )

    @router.command("layout")
    async def layout(ctx: CommandContext) -> None:
        """Show the newer components."""
        raw = Raw({"type": 1, "components": [{"type": 2, "style": 1, "label": "Rough", "custom_id": "plain"}]})
        await ctx.reply(components=[Container(TextDisplay("inside"), Row(Button("In", id="cheer")), raw)])

    @router.command("form", defer=Defer.never())
    async def form(ctx: CommandContext) -> None:
        """Open a form from a command."""
        await ctx.show_modal(a_form())

    @router.command("followups", defer=Defer.never())
    async def followups(ctx: CommandContext) -> None:
        """Send, change and delete several messages."""
        await ctx.reply("first")
        second = await ctx.followup("second", ephemeral=True)
        third = await ctx.followup("third")
        await ctx.edit("first again")
        await ctx.edit("second again", message=second)
        await ctx.delete(third)

    @router.command("vanish", defer=Defer.never())
    async def vanish(ctx: CommandContext) -> None:
        """Answer and take it back."""
        await ctx.reply("now you see me")
        await ctx.delete()

    @router.command("illegal")
    async def illegal(ctx: CommandContext) -> None:
        """Do what Discord refuses."""
        await ctx.defer()
        await ctx.show_modal(a_form())

    @router.command("empty", defer=Defer.never())
    async def empty(ctx: CommandContext) -> None:
        """Take away all that was said, which Discord refuses."""
        await ctx.reply("something")
        await ctx.edit("")

    @router.command("many", defer=Defer.never())
    async def many(ctx: CommandContext, count: int = 6) -> str:
        """Send follow-ups."""
        await ctx.reply("first")
        for number in range(count):
            await ctx.followup(str(number))
        return "enough"

    @router.command("remember")
    async def remember(ctx: CommandContext, what: str) -> str:
        """Keep something in a session."""
        await ctx.sessions.create("note", {"what": what}, ttl=60)
        return "noted"

    @router.command("recall")
    async def recall(ctx: CommandContext) -> str:
        """Read it back."""
        note = await ctx.sessions.get("note")
        return str(note["what"]) if note else "nothing"

    @router.command("promote")
    async def promote(ctx: CommandContext, who: Member) -> str:
        """Give a role and say so in a channel."""
        await ctx.bot.members.add_role(ctx.guild_id or "", who.id, ROLE, reason="earned")
        sent = await ctx.bot.messages.send(
            CHANNEL,
            OutgoingMessage(content=f"{who.mention} rose", components=(Row(Button("Cheer", id="cheer")),)),
            nonce="once",
        )
        await ctx.bot.messages.edit(CHANNEL, sent.id, OutgoingMessage(content=f"{who.mention} rose!"))
        return "promoted"

    @router.user_command("Greet")
    async def greet(ctx: CommandContext, target: Member) -> str:
        """Greet somebody."""
        return f"Hello, {target.user.username} {target.roles}"

    @router.message_command("Quote", defer=Defer.never())
    async def quote(ctx: CommandContext, target: dict[str, object]) -> str:
        """Quote a message."""
        return f"> {target['content']}"

    @router.entry_point("launch")
    async def launch(ctx: CommandContext) -> str:
        """Answer the command that opens the activity."""
        return "up"

    @router.autocomplete("show all", "text")
    async def texts(ctx: AutocompleteContext, typed: str) -> Sequence[Choice]:
        """Suggest texts."""
        call = ctx.interaction.calls[0]
        before = call.options["count"].value if "count" in call.options else None
        return [Choice(name=f"{typed}{before}", value=typed)]

    @router.component("page:{number:int}")
    async def page(ctx: ComponentContext, number: int) -> None:
        """Turn a page in place."""
        await ctx.update(f"page {number}", embeds=[], components=[Row(Button("Next", id=page.id(number=number + 1)))])

    @router.component("plain")
    async def plain(ctx: ComponentContext) -> str:
        """Answer with a new message."""
        shown = ctx.message
        return f"on {shown['content'] if shown else None} by {ctx.user.username}"

    @router.component("cheer")
    async def cheer(ctx: ComponentContext) -> None:
        """Change a message of a channel."""
        await ctx.update("hurray", components=[])

    @router.component("slow", defer=Defer.auto(after=1.0))
    async def slow(ctx: ComponentContext) -> None:
        """Change the message late."""
        await asyncio.sleep(2)
        await ctx.update("late", components=[])

    @router.component("delete", defer=Defer.never())
    async def delete(ctx: ComponentContext) -> None:
        """Delete the message of the button."""
        await ctx.update("bye")
        await ctx.delete()

    @router.component("pick")
    async def pick(ctx: ComponentContext) -> str:
        """Tell what was picked."""
        return ", ".join(ctx.values)

    @router.component("people")
    async def people(ctx: ComponentContext) -> str:
        """Tell who was picked."""
        return ", ".join(ctx.interaction.resolved.user(user_id).username or "?" for user_id in ctx.values)

    @router.component("open-form", defer=Defer.never())
    async def open_form(ctx: ComponentContext) -> None:
        """Open a form from a button."""
        await ctx.show_modal(a_form())

    @router.modal("form:{number:int}")
    async def sent(ctx: ModalContext, number: int) -> None:
        """Say what was filled in, where the form was opened."""
        answer = f"{number}: {ctx.text('what')}, {ctx.fields['kind'].value if 'kind' in ctx.fields else None}"
        if ctx.interaction.opened_from_message:
            await ctx.update(answer, components=[])
        else:
            await ctx.reply(answer)

    def a_form() -> Modal:
        return Modal(
            "Form",
            id=sent.id(number=7),
            fields=[
                TextInput("what", label="What?", min_length=2, max_length=20),
                TextInput("more", label="More?", required=False),
                Label("Kind", Select("kind", ["good", "bad"], required=False)),
            ],
        )

    @router.command("terms", defer=Defer.never())
    async def terms(ctx: CommandContext) -> None:
        """Open a form of the newer kinds of fields."""
        parts = [
            Label("Agree", Raw({"type": 23, "custom_id": "agree"})),
            Label("Size", RadioGroup("size", ["s", "m"])),
            Label("Proof", FileUpload("proof", required=False)),
        ]
        await ctx.show_modal(Modal("Terms", id="terms", fields=parts))

    @router.command("change", defer=Defer.never())
    async def change(ctx: CommandContext) -> None:
        """Open a form with what was said before."""
        colours = [SelectOption(name, default=name != "red") for name in ("red", "green", "blue")]
        parts = (
            TextInput("name", label="Name", value="Ada"),
            Label("Size", RadioGroup("size", ["s", SelectOption("m", default=True)])),
            Label("Colours", CheckboxGroup("colours", colours)),
            Label("Day", Select("day", ["today", SelectOption("never", default=True)])),
            Label("News", Checkbox("news", default=True)),
        )
        await ctx.show_modal(Modal("Change", id="terms", fields=parts))

    @router.modal("terms")
    async def agreed(ctx: ModalContext) -> str:
        """Say what was agreed to."""
        return "|".join(f"{name}={field.value}" for name, field in ctx.fields.items())

    @router.command("clean up")
    async def clean_up(ctx: CommandContext) -> str:
        """Send and delete a message of a channel."""
        sent = await ctx.bot.messages.send(CHANNEL, OutgoingMessage(content="oops"))
        await ctx.bot.messages.delete(CHANNEL, sent.id)
        return "clean"

    @router.event("member.join")
    async def welcome(ctx: EventContext[MemberJoin]) -> None:
        """Give a role to whoever joins."""
        if ctx.event.user.username == "troll":
            raise LookupError("no trolls")
        await ctx.bot.members.add_role(ctx.event.guild_id, ctx.event.user_id, ROLE)

    @router.event("GUILD_ROLE_CREATE")
    async def role_made(ctx: EventContext[Dispatch]) -> None:
        """Notice a role."""

    return router
