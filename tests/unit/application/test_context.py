"""What handlers see of an interaction, and that each action reaches Discord as it should."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest

from gpcore import (
    AutocompleteContext,
    Button,
    Chosen,
    CommandContext,
    ComponentContext,
    Defer,
    Embed,
    EventContext,
    File,
    MemberJoin,
    Modal,
    ModalContext,
    ReplyTooLargeError,
    Router,
    Row,
    TextInput,
    User,
)
from gpcore.domain.settling import Ack
from gpcore.domain.wire_message import WireMessage
from tests.builders import ABSENT, WireFormat, an_interaction_message
from tests.unit.application.worlds import Process, World

ALICE, GUILD = "430305391411331087", "849255963033731074"


async def press(world: World, body: Callable[[ComponentContext], Awaitable[object]]) -> WireMessage:
    """Let a button's handler do something, which must succeed."""
    router = Router()

    @router.component("{any}", defer=Defer.never())
    async def handle(ctx: ComponentContext, any: str) -> None:
        await body(ctx)

    message = an_interaction_message("12-button", wire_format="v2", now_ms=world.now_ms)
    assert await Process(world, router).handle(message) == Ack("handled")
    return message


async def test_a_component_knows_who_pressed_it_where(world: World) -> None:
    seen: list[ComponentContext] = []

    async def body(ctx: ComponentContext) -> None:
        seen.append(ctx)

    await press(world, body)

    [ctx] = seen
    assert ctx.member is not None
    assert ctx.channel is not None
    assert (ctx.user.id, ctx.member.id, ctx.channel.name, ctx.guild_id) == (ALICE, ALICE, "general", GUILD)
    assert ctx.message is not None
    assert ctx.values == ()


async def test_a_select_knows_what_was_chosen(world: World) -> None:
    router, seen = Router(), list[tuple[str, ...]]()

    @router.component("pick-tiers")
    async def pick(ctx: ComponentContext) -> None:
        seen.append(ctx.values)

    message = an_interaction_message("14-string-select-multi", wire_format="v2", now_ms=world.now_ms)
    await Process(world, router).handle(message)

    assert seen == [("gold", "bronze")]


async def test_people_who_were_chosen_come_with_their_names(world: World) -> None:
    router, seen = Router(), list[object]()

    @router.component("delegate")
    async def delegate(ctx: ComponentContext) -> None:
        pairs = zip(ctx.chosen.users, ctx.chosen.members, strict=True)
        seen.extend((user.username, member.joined_at is not None) for user, member in pairs)

    message = an_interaction_message("15-user-select-resolved", wire_format="v2", now_ms=world.now_ms)

    assert await Process(world, router).handle(message) == Ack("handled")
    assert seen == [("bob_example", True), ("chi.example", False)]


@pytest.mark.parametrize("wire_format", ["v1", "v2"])
async def test_chosen_things_are_of_the_kind_that_was_offered(world: World, wire_format: WireFormat) -> None:
    router, seen = Router(), list[Chosen]()

    @router.component("{any}")
    async def pick(ctx: ComponentContext, any: str) -> None:
        seen.append(ctx.chosen)

    for fixture in ("16-role-select", "18-channel-select"):
        message = an_interaction_message(fixture, wire_format=wire_format, now_ms=world.now_ms)
        assert await Process(world, router).handle(message) == Ack("handled")

    roles, channels = seen
    assert [role.id for role in roles.roles] == list(roles.values) != []
    assert [one.id for one in roles.mentionables] == list(roles.values)
    assert [channel.id for channel in channels.channels] == list(channels.values) != []
    known = [roles.roles[0].name, channels.channels[0].name, roles.mentionables[0].role]
    assert all(value is None for value in known) == (wire_format == "v1")


async def test_who_did_it_is_there_unless_the_publisher_did_not_say(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    router = Router()

    @router.command("check-eligibility", defer=Defer.never())
    async def check(ctx: CommandContext) -> str:
        return ctx.user.mention

    known = an_interaction_message(now_ms=world.now_ms)
    unknown = an_interaction_message(now_ms=world.now_ms, userId=ABSENT)
    process = Process(world, router)

    assert [await process.handle(message) for message in (known, unknown)] == [Ack("handled"), Ack("failed")]
    assert world.texts(known) == [f"<@{ALICE}>"]
    [failure] = [record.exc_info for record in caplog.records if record.exc_info]
    assert str(failure[1]) == "the publisher did not say who did it: ask ctx.interaction.user first"


async def test_the_deadline_is_what_is_left_for_the_next_step(world: World) -> None:
    seen: list[float] = []

    async def body(ctx: ComponentContext) -> None:
        seen.append(ctx.deadline)
        await ctx.defer()
        seen.append(ctx.deadline)

    await press(world, body)

    assert seen == [pytest.approx(2.6, abs=0.01), pytest.approx(869.9, abs=0.01)]


async def test_sessions_belong_to_the_user(world: World) -> None:
    async def body(ctx: ComponentContext) -> None:
        await ctx.sessions.create("flow", {"step": 1}, ttl=60)

    await press(world, body)

    assert await world.sessions.read("flow", ALICE) is not None


async def test_a_message_carries_what_it_was_given(world: World) -> None:
    async def body(ctx: ComponentContext) -> None:
        await ctx.reply(
            "hello",
            embeds=[Embed(title="one")],
            components=[Row(Button("Go", id="go"))],
            files=[File("a.txt", b"a")],
            ephemeral=True,
        )

    await press(world, body)

    [call] = world.discord.calls
    assert call.callback is not None
    sent = call.callback.message
    assert sent is not None
    assert (sent.content, sent.embeds, sent.components) == (
        "hello",
        (Embed(title="one"),),
        (Row(Button("Go", id="go")),),
    )
    assert (sent.files, sent.ephemeral) == ((File("a.txt", b"a"),), True)


Act = Callable[[ComponentContext], Coroutine[Any, Any, object]]


@pytest.mark.parametrize(
    ("act", "calls"),
    [
        (lambda ctx: ctx.update("new"), ["update"]),
        (lambda ctx: ctx.defer(), ["deferred_update"]),
        (lambda ctx: ctx.show_modal(Modal("Form", id="form", fields=[TextInput("text", label="What?")])), ["modal"]),
    ],
)
async def test_a_component_can_do_more_than_reply(world: World, act: Act, calls: list[str]) -> None:
    await press(world, act)

    assert world.calls() == calls


async def test_messages_are_changed_and_deleted_by_what_sending_them_returned(world: World) -> None:
    async def body(ctx: ComponentContext) -> None:
        original = await ctx.reply("original")
        first, second = await ctx.followup("first"), await ctx.followup("second")
        await ctx.edit("changed", message=first)
        await ctx.edit("changed too", message=original)
        await ctx.edit("changed again", embeds=[])
        await ctx.delete(second)

    message = await press(world, body)
    assert world.texts(message) == ["changed again", "changed"]

    async def delete(ctx: ComponentContext) -> None:
        original = await ctx.reply("original")
        await ctx.delete(original)
        assert [call.operation for call in world.discord.calls][-1] == "delete"
        await ctx.followup("after it")

    message = await press(world, delete)
    assert world.texts(message) == ["after it"]


async def test_the_answer_is_deleted_by_default(world: World) -> None:
    async def body(ctx: ComponentContext) -> None:
        await ctx.reply("original")
        await ctx.delete()

    assert world.texts(await press(world, body)) == []


async def test_a_value_too_large_is_refused_before_anything_is_sent(world: World) -> None:
    async def body(ctx: ComponentContext) -> None:
        with pytest.raises(ReplyTooLargeError, match="content"):
            await ctx.reply("x" * 2001)
        assert world.calls() == []
        await ctx.reply("short")

    assert world.texts(await press(world, body)) == ["short"]


async def test_a_form_gives_what_was_filled_in(world: World) -> None:
    router, seen = Router(), list[object]()

    @router.modal("apply:{version}")
    async def apply(ctx: ModalContext, version: str) -> str:
        seen.extend([version, ctx.text("why"), ctx.text("tier"), ctx.text("missing")])
        seen.extend([ctx.values("tier"), ctx.values("why"), ctx.fields["tier"].value, ctx.checked("why"), ctx.message])
        seen.extend([ctx.chosen("referrer").users[0].username, ctx.chosen("proof").attachments[0].filename])
        seen.append(ctx.chosen("missing"))
        return "thanks"

    message = an_interaction_message("20-modal-submit-labels", wire_format="v2", now_ms=world.now_ms)

    assert await Process(world, router).handle(message) == Ack("handled")
    assert seen[:9] == ["v2", "Because.", "", "", ("gold",), (), ("gold",), False, None]
    assert seen[9:11] == ["bob_example", "proof.png"]
    assert isinstance(seen[11], Chosen)
    assert (seen[11].values, seen[11].users) == ((), ())


async def test_an_autocomplete_knows_the_other_options(world: World) -> None:
    router, seen = Router(), list[object]()

    @router.command("badge admin grant")
    async def grant(ctx: CommandContext, who: User, level: int) -> None: ...

    @router.autocomplete("badge admin grant", "level")
    async def levels(ctx: AutocompleteContext, typed: str) -> None:
        seen.extend([ctx.options, typed, ctx.user.id, ctx.guild_id])

    message = an_interaction_message("11-autocomplete-nested-number", wire_format="v2", now_ms=world.now_ms)
    await Process(world, router).handle(message)

    assert seen == [{"who": "753177880166531088"}, "1", ALICE, GUILD]


async def test_handlers_reach_the_bot_and_log_under_their_name(world: World, caplog: pytest.LogCaptureFixture) -> None:
    router = Router()

    @router.command("work")
    async def work(ctx: CommandContext, thing: str = "") -> str:
        ctx.log.warning("from a command")
        return "done"

    @router.autocomplete("work", "thing")
    async def things(ctx: AutocompleteContext, typed: str) -> None:
        ctx.log.warning("from an autocomplete of %s", ctx.interaction.user_id)

    @router.event("member.join")
    async def welcome(ctx: EventContext[MemberJoin]) -> None:
        ctx.log.warning("from an event")
        await ctx.bot.members.add_role(ctx.event.guild_id, ctx.event.user_id, "849256214691971079")

    process = Process(world, router)
    process.members.join(GUILD, "1055998240358531089")
    command, event = world.command("work"), world.event()
    await process.handle(command)
    await process.handle(world.autocomplete("work", focused="thing"))
    assert await process.process(event) == Ack("handled")

    assert process.members.roles_of(GUILD, "1055998240358531089") == frozenset({"849256214691971079"})
    logged = [(record.message, getattr(record, "handler", None)) for record in caplog.records]
    assert logged == [
        ("from a command", "command:work"),
        (f"from an autocomplete of {ALICE}", "autocomplete:work:thing"),
        ("from an event", "event:member.join"),
    ]
    assert getattr(caplog.records[2], "event_id", None) == event.message_id
