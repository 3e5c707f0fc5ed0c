"""Which handler answers what."""

import pytest

from gpcore import (
    CommandContext,
    ComponentContext,
    Interaction,
    Router,
)
from gpcore.application.routes import Routes
from tests.builders import an_interaction_message
from tests.unit.application.full_bot import a_bot, a_fixture, read
from tests.unit.application.worlds import World


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


async def test_a_function_may_answer_to_several_templates(world: World) -> None:
    router = Router()

    @router.component("go:{page:int}")
    @router.component("jump:{page:int}")
    async def turn(ctx: ComponentContext, page: int) -> int:
        return page

    routes = router.compile()

    assert turn.id(page=7) == "go:7"
    for word in ("go", "jump"):
        found = routes.find(read(world.component(f"{word}:7")))
        assert found is not None
        assert (found[0].label, found[2]) == (f"component:{word}:{{page:int}}", {"page": 7})
        assert await found[0].registration.function(None, **found[2]) == 7


async def test_a_component_may_be_a_command_too(world: World) -> None:
    router = Router()

    @router.command("refresh")
    @router.component("refresh:{page:int}")
    async def refresh(ctx: CommandContext, page: int) -> int:
        """Show a page."""
        return page

    routes = router.compile()

    assert refresh.id(page=7) == "refresh:7"
    command = routes.find(read(world.command("refresh")))
    pressed = routes.find(read(world.component("refresh:7")))
    assert command is not None
    assert pressed is not None
    assert command[0].registration.function is pressed[0].registration.function
    assert (command[0].label, command[0].registration.description) == ("command:refresh", "Show a page.")
    assert [option.name for option in command[0].options] == ["page"]


async def test_a_decorated_component_can_still_be_called() -> None:
    router = Router()

    @router.modal("form:{ticket}")
    async def form(ctx: object, ticket: str) -> str:
        return f"{ctx} {ticket}"

    assert await form("ctx", ticket="42") == "ctx 42"
