"""A bot with a handler of every kind."""

from collections.abc import Mapping
from typing import Any

from gpadapters.wire.json_codec import JsonCodec
from gpcore import (
    AutocompleteContext,
    CommandContext,
    ComponentContext,
    EventContext,
    Interaction,
    MemberJoin,
    ModalContext,
    Router,
    User,
)
from gpcore.domain.interaction_reading import interaction_from
from gpcore.domain.wire_message import WireMessage
from tests.builders import WireFormat, an_interaction_message


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
