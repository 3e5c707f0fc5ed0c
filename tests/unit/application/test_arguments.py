"""What a handler is called with."""

from typing import Any

import pytest

from gpcore import (
    AutocompleteContext,
    CommandContext,
    Interaction,
    Member,
    Router,
    User,
)
from gpcore.application.arguments import arguments
from gpcore.application.routes import Routes
from tests.builders import an_interaction_message
from tests.unit.application.full_bot import a_bot, a_fixture, read
from tests.unit.application.worlds import World


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
