"""Which handler answers what, and what is wrong with handlers taken together."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from gpadapters.wire.json_codec import JsonCodec
from gpcore import (
    AutocompleteContext,
    CommandContext,
    ComponentContext,
    Defer,
    EventContext,
    Interaction,
    Member,
    MemberJoin,
    ModalContext,
    Router,
    RoutingError,
    User,
)
from gpcore.application.arguments import arguments
from gpcore.application.handlers import CompiledHandler, HandlerKind, Policy
from gpcore.application.routes import Routes
from gpcore.domain.interaction_reading import interaction_from
from gpcore.domain.wire_message import WireMessage
from tests.builders import WireFormat, an_interaction_message
from tests.unit.application.worlds import World


def read(message: WireMessage) -> Interaction:
    found = interaction_from(JsonCodec().decode(message, received_at_ms=0))
    assert found is not None
    return found


def a_fixture(name: str, wire_format: WireFormat = "v2") -> Interaction:
    return read(an_interaction_message(name, wire_format=wire_format))


def a_bot() -> Router:
    router = Router()
    add_commands(router)
    add_components(router)
    add_menus_and_events(router)
    return router


def add_commands(router: Router) -> None:
    @router.command("ping")
    async def ping(ctx: CommandContext) -> None: ...

    @router.command("wallet check")
    async def check(ctx: CommandContext, address: str, depth: int = 1) -> None: ...

    @router.command("admin roles add")
    async def add(ctx: CommandContext, role: str) -> None: ...

    @router.autocomplete("wallet check", "address")
    async def addresses(ctx: AutocompleteContext, typed: str) -> None: ...


def add_components(router: Router) -> None:
    @router.component("confirm:{order:int}")
    async def number(ctx: ComponentContext, order: int) -> None: ...

    @router.component("{anything}")
    async def anything(ctx: ComponentContext, anything: str) -> None: ...

    @router.component("confirm:{name}")
    async def text(ctx: ComponentContext, name: str) -> None: ...

    @router.modal("form:{ticket}")
    async def form(ctx: ModalContext, ticket: str) -> None: ...


def add_menus_and_events(router: Router) -> None:
    @router.user_command("View Wallet")
    async def view(ctx: CommandContext, target: User) -> None: ...

    @router.message_command("View Wallet")
    async def view_message(ctx: CommandContext, target: Mapping[str, object]) -> None: ...

    @router.entry_point("launch")
    async def launch(ctx: CommandContext) -> None: ...

    @router.event("member.join")
    async def join(ctx: EventContext[MemberJoin]) -> None: ...

    @router.event("GUILD_ROLE_CREATE")
    async def role(ctx: EventContext[Any]) -> None: ...


def label_of(routes: Routes, interaction: Interaction) -> str | None:
    found = routes.find(interaction)
    return None if found is None else found[0].label


@pytest.mark.parametrize("name", ["ping", "wallet check", "admin roles add"])
def test_a_command_is_found_by_its_whole_path(world: World, name: str) -> None:
    assert label_of(a_bot().compile(), read(world.command(name))) == f"command:{name}"


@pytest.mark.parametrize("name", ["wallet", "pong", "admin roles", "ping now"])
def test_a_path_that_nobody_declared_is_not_found(world: World, name: str) -> None:
    assert label_of(a_bot().compile(), read(world.command(name))) is None


@pytest.mark.parametrize(
    ("custom_id", "label", "parameters"),
    [
        ("confirm:7", "component:confirm:{order:int}", {"order": 7}),
        ("confirm:seven", "component:confirm:{name}", {"name": "seven"}),
        ("confirm", "component:{anything}", {"anything": "confirm"}),
    ],
)
def test_the_most_specific_template_wins_and_then_the_first(
    world: World, custom_id: str, label: str, parameters: dict[str, object]
) -> None:
    found = a_bot().compile().find(read(world.component(custom_id)))

    assert found is not None
    assert (found[0].label, found[2]) == (label, parameters)


def test_modals_and_components_are_apart(world: World) -> None:
    routes = a_bot().compile()

    assert label_of(routes, read(world.modal("form:42"))) == "modal:form:{ticket}"
    assert label_of(routes, read(world.modal("confirm:7"))) is None
    assert label_of(routes, read(world.component("form:42"))) == "component:{anything}"


def test_menus_are_found_by_their_kind() -> None:
    routes = a_bot().compile()

    assert label_of(routes, a_fixture("05-user-context-menu")) == "user_command:View Wallet"
    assert label_of(routes, a_fixture("23-entry-point-command")) == "entry_point:launch"
    assert label_of(routes, a_fixture("05-user-context-menu", "v1")) is None, "v1 lost its name"


def test_autocomplete_is_found_by_command_and_option(world: World) -> None:
    routes = a_bot().compile()
    options = [{"name": "address", "type": 3, "value": "0x", "focused": True}]
    subcommand = {"id": "1", "type": 1, "name": "wallet", "options": [{"name": "check", "type": 1, "options": options}]}
    nested = read(an_interaction_message("10-autocomplete-string", wire_format="v2", data=subcommand))

    assert label_of(routes, nested) == "autocomplete:wallet check:address"
    assert label_of(routes, read(world.autocomplete("ping", focused="address"))) is None
    assert label_of(routes, a_fixture("10-autocomplete-string", "v1")) is None, "v1 lost its name"


def test_events_are_found_by_gps_name_and_then_by_discords() -> None:
    routes = a_bot().compile()

    def label(event_type: str, dispatch: str | None) -> str | None:
        found = routes.find_event(event_type, dispatch)
        return found.label if found is not None else None

    assert label("member.join", None) == "event:member.join"
    assert label("member.join", "GUILD_MEMBER_ADD") == "event:member.join"
    assert label("GUILD_ROLE_CREATE", "GUILD_ROLE_CREATE") == "event:GUILD_ROLE_CREATE"
    assert label("other", "GUILD_ROLE_CREATE") == "event:GUILD_ROLE_CREATE"
    assert label("member.leave", "GUILD_MEMBER_REMOVE") is None


def test_the_table_knows_what_must_be_bound() -> None:
    routes = a_bot().compile()

    assert routes.event_types == {"member.join", "GUILD_ROLE_CREATE"}
    assert routes.dispatches == {"GUILD_MEMBER_ADD", "GUILD_ROLE_CREATE"}
    assert len(routes) == len(list(routes)) == 13


def test_a_router_takes_over_anothers_handlers(world: World) -> None:
    outer = Router()
    outer.include(a_bot())

    assert label_of(outer.compile(), read(world.command("ping"))) == "command:ping"


def test_a_component_handler_makes_the_ids_that_reach_it(world: World) -> None:
    router = Router()

    @router.component("confirm:{order:int}")
    async def confirm(ctx: ComponentContext, order: int) -> None:
        """Confirm."""

    custom_id = confirm.id(order=7)

    assert (custom_id, confirm.__doc__) == ("confirm:7", "Confirm.")
    assert label_of(router.compile(), read(world.component(custom_id))) == "component:confirm:{order:int}"


async def test_a_decorated_component_can_still_be_called() -> None:
    router = Router()

    @router.modal("form:{ticket}")
    async def form(ctx: object, ticket: str) -> str:
        return f"{ctx} {ticket}"

    assert await form("ctx", ticket="42") == "ctx 42"


# --- arguments -----------------------------------------------------------------------------------------------------


def given(routes: Routes, interaction: Interaction) -> tuple[tuple[Any, ...], dict[str, Any]]:
    found = routes.find(interaction)
    assert found is not None
    return arguments(found, interaction)


def test_a_command_gets_its_options_by_name(world: World) -> None:
    routes = a_bot().compile()
    options = [{"name": "address", "type": 3, "value": "0x1"}]

    assert given(routes, read(world.command("wallet check", options=options))) == (
        (),
        {"address": "0x1", "depth": 1},
    )


def test_a_nested_v1_option_is_a_subcommand_only_if_a_handler_says_so() -> None:
    routes = a_bot().compile()
    data = {"type": 2, "commandName": "wallet", "options": {"check": {"address": "0x1"}}}
    message = an_interaction_message(eventType="interaction.command.wallet", data=data)

    assert given(routes, read(message)) == ((), {"address": "0x1", "depth": 1})


def test_an_autocomplete_gets_what_was_typed_as_text() -> None:
    router = Router()

    @router.command("pick")
    async def pick(ctx: CommandContext, thing: int) -> None: ...

    @router.autocomplete("pick", "thing")
    async def things(ctx: AutocompleteContext, typed: str) -> None: ...

    routes = router.compile()
    for value, typed in ((12, "12"), ("1", "1"), (None, "")):
        options = [{"name": "thing", "type": 4, "value": value, "focused": True}]
        data = {"id": "1", "type": 1, "name": "pick", "options": options}
        message = an_interaction_message("10-autocomplete-string", wire_format="v2", data=data)
        assert given(routes, read(message)) == ((typed,), {})


@pytest.mark.parametrize("annotation", [User, Member])
def test_a_user_command_gets_its_target(annotation: type) -> None:
    router = Router()

    async def view(ctx: CommandContext, target: object) -> None: ...

    view.__annotations__["target"] = annotation
    router.user_command("View Wallet")(view)

    positional, named = given(router.compile(), a_fixture("05-user-context-menu"))

    assert positional == ()
    target = named["target"]
    assert (type(target), getattr(target, "id", None)) == (annotation, "753177880166531088")


@pytest.mark.parametrize(("messages", "content"), [({"77": {"content": "spam"}}, "spam"), ({}, None)])
def test_a_message_command_gets_its_target_as_discords_object(messages: dict[str, object], content: str | None) -> None:
    data = {"id": "1", "type": 3, "name": "View Wallet", "target_id": "77", "resolved": {"messages": messages}}
    interaction = read(an_interaction_message("05-user-context-menu", wire_format="v2", data=data))

    assert given(a_bot().compile(), interaction)[1]["target"].get("content") == content


# --- mistakes of handlers taken together ---------------------------------------------------------------------------


async def nothing(ctx: CommandContext) -> None: ...


async def one(ctx: CommandContext, value: str) -> None: ...


@pytest.mark.parametrize(
    ("declare", "message"),
    [
        (
            lambda router: [router.command("ping")(nothing), router.command("ping")(one)],
            "command 'ping' is registered already at test_routing.py:",
        ),
        (
            lambda router: [router.command("wallet")(nothing), router.command("wallet check")(nothing)],
            "command 'wallet' has subcommands, so Discord cannot invoke it by itself",
        ),
        (
            lambda router: router.autocomplete("pick", "value")(one),
            "autocomplete for 'pick', but there is no such command",
        ),
        (
            lambda router: [router.command("pick")(one), router.autocomplete("pick", "other")(one)],
            "autocomplete for option 'other', which 'pick' does not have",
        ),
        (lambda router: router.command("Ping")(nothing), "command name 'Ping': one to three lower-case words"),
        (lambda router: router.command("")(nothing), "command name '': one to three lower-case words"),
        (lambda router: router.command("a b c d")(nothing), "command name 'a b c d': one to three"),
        (lambda router: router.command("a  b")(nothing), "command name 'a  b': one to three"),
        (lambda router: router.command("x" * 33)(nothing), "one to three lower-case words"),
        (lambda router: router.autocomplete("Pick", "value")(one), "command name 'Pick': one to three"),
        (lambda router: router.event("")(nothing), "an event handler needs an event type"),
        (lambda router: router.message_command("")(one), "message_command name '': give 1 to 32 characters"),
        (lambda router: router.entry_point("x" * 33)(nothing), "entry_point name "),
        (
            lambda router: [router.component("a")(nothing), router.component("a")(nothing)],
            "component 'a' is registered already at",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(declare: Callable[[Router], object], message: str) -> None:
    router = Router()
    declare(router)

    with pytest.raises(RoutingError) as raised:
        router.compile()

    assert str(raised.value).startswith("test_routing.py:")
    assert message in str(raised.value)


def test_all_mistakes_are_named_at_once() -> None:
    router = Router()
    router.command("Ping")(nothing)
    router.command("pong")(one)
    router.command("pong")(one)
    router.autocomplete("missing", "value")(one)

    with pytest.raises(RoutingError) as raised:
        router.compile()

    assert len(str(raised.value).splitlines()) == 3


def test_an_autocomplete_that_defers_is_refused() -> None:
    router = Router()
    router.autocomplete("pick", "value")(one)
    [registration] = router.registrations
    deferring = CompiledHandler(
        registration=type(registration)(
            kind=HandlerKind.AUTOCOMPLETE,
            name="pick",
            function=one,
            policy=Policy(defer=Defer.always()),
            source="bot.py:1",
            option="value",
        ),
        label="autocomplete:pick:value",
    )

    with pytest.raises(RoutingError, match=r"bot\.py:1: autocomplete 'pick' cannot be deferred"):
        Routes().add(deferring)


@pytest.mark.parametrize("name", ["ping", "l'heure", "größe", "prüfen jetzt", "a-b_c 1 2", "देवनागरी"])
def test_names_of_every_script_are_taken(name: str) -> None:
    router = Router()
    router.command(name)(nothing)

    assert len(router.compile()) == 1
