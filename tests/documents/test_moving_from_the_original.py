"""docs/moving-from-the-original.md"""

import pytest

from gpcore import (
    AutocompleteContext,
    Choice,
    CommandContext,
    ComponentContext,
    EventContext,
    MemberUpdate,
    Permission,
    Router,
    User,
)
from gpcore.domain.messages import CallbackType
from gpcore.domain.settling import Ack
from gprunner.settings import ADOPTED_PREFIX
from tests.builders import WireFormat, a_fixture, an_event_message, an_interaction_message
from tests.documents.pages import DOCS, router_of
from tests.unit.application.worlds import Process, World

PAGE = "moving-from-the-original.md"
NOT_AVAILABLE = "This is not available right now."


def the_bot() -> Router:
    return router_of(PAGE, '"badge show"')


def test_the_prefix_is_the_one_that_adopts() -> None:
    assert f"export GP_PREFIX={ADOPTED_PREFIX} " in (DOCS / PAGE).read_text()


@pytest.mark.parametrize(
    ("fixture", "texts"),
    [
        ("03-subcommand", ["<@753177880166531088> is called None."]),
        ("12-button", ["Claim 42 is yours."]),
        ("20-modal-submit-labels", ["Because. ()"]),
        ("05-user-context-menu", [NOT_AVAILABLE]),
        ("23-entry-point-command", [NOT_AVAILABLE]),
    ],
)
async def test_handlers_get_what_the_envelope_carries(fixture: str, texts: list[str]) -> None:
    world = World()
    message = an_interaction_message(fixture, wire_format="v1", now_ms=world.now_ms)

    await Process(world, the_bot()).handle(message)

    assert world.texts(message) == texts


async def test_permissions_are_read() -> None:
    world, router, seen = World(), Router(), list[tuple[bool, bool]]()

    @router.component("claim:v1:{claim_id:int}")
    async def claim(ctx: ComponentContext, claim_id: int) -> None:
        assert ctx.member is not None
        seen.append((ctx.member.may(Permission.VIEW_CHANNEL), ctx.member.may(Permission.BAN_MEMBERS)))

    formats: tuple[WireFormat, ...] = ("v1", "v2")
    for wire_format in formats:
        message = an_interaction_message("12-button", wire_format=wire_format, now_ms=world.now_ms)
        await Process(world, router).handle(message)

    assert seen == [(True, False)] * 2


async def test_an_autocomplete_suggests_nothing() -> None:
    world, router = World(), Router()

    @router.command("search")
    async def search(ctx: CommandContext, collection: str) -> None: ...

    @router.autocomplete("search", "collection")
    async def collections(ctx: AutocompleteContext, typed: str) -> list[Choice]:
        return [Choice(name="honey", value="honey")]

    message = an_interaction_message("10-autocomplete-string", wire_format="v1", now_ms=world.now_ms)
    await Process(world, router).handle(message)

    [call] = world.discord.calls
    assert call.callback is not None
    assert (call.callback.type, call.callback.choices) == (CallbackType.SUGGESTIONS, ())


async def test_context_menus_are_not_available_even_with_a_handler() -> None:
    world, router = World(), Router()

    @router.user_command("View Wallet")
    async def view(ctx: CommandContext, target: User) -> str:
        return "seen"

    message = an_interaction_message("05-user-context-menu", wire_format="v1", now_ms=world.now_ms)
    await Process(world, router).handle(message)

    assert world.texts(message) == [NOT_AVAILABLE]


def test_direct_messages_are_not_published() -> None:
    assert a_fixture("07-dm-command.envelope") is None


async def test_only_v1_knows_what_a_member_had_before() -> None:
    world, router, seen = World(), Router(), list[MemberUpdate]()

    @router.event("member.update")
    async def note(ctx: EventContext[MemberUpdate]) -> None:
        seen.append(ctx.event)

    formats: tuple[WireFormat, ...] = ("v1", "v2")
    for wire_format in formats:
        message = an_event_message("26-guild-member-update-roles", wire_format=wire_format, now_ms=world.now_ms)
        assert await Process(world, router).process(message) == Ack("handled")

    assert [event.added_roles is not None for event in seen] == [True, False]
    assert seen[0].raw == {}
