"""What may be written, and which types come out."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Literal, assert_type

from pydantic import BaseModel

from gpcore import (
    AnyContext,
    Attachment,
    AutocompleteContext,
    Button,
    CallNext,
    Choice,
    Chosen,
    CommandContext,
    Component,
    ComponentContext,
    Cooldown,
    Defer,
    EventContext,
    Inject,
    InteractionContext,
    Label,
    Localization,
    MemberJoin,
    Middleware,
    Modal,
    ModalContext,
    ModalField,
    Option,
    OptionProblems,
    Permission,
    RadioGroup,
    Refusal,
    Router,
    Row,
    SlidingWindow,
    TextDisplay,
    TextInput,
    Texts,
    User,
    UserError,
)
from gpcore.application.custom_id_handlers import CustomIdHandler
from gpcore.application.handlers import Function


class Pool:
    """A bot's own."""


@dataclass
class Wizard:
    """A session."""

    step: int = 1


class Form(BaseModel):
    """Another."""

    name: str


router = Router(texts={"de": Texts(done="Fertig.", problems=OptionProblems(missing="fehlt"))})


async def is_keeper(ctx: InteractionContext, pool: Pool) -> bool:
    return ctx.member is not None


@router.command(
    "wallet check",
    defer=Defer.always(ephemeral=True),
    cooldown=Cooldown(seconds=30),
    limits=[SlidingWindow(5, per=60, scope="user")],
    if_limits_down="refuse",
    checks=[is_keeper],
    timeout=20,
    concurrency=4,
    permissions=Permission.MANAGE_ROLES | Permission.KICK_MEMBERS,
    contexts=["guild", "bot_dm"],
    installs=["user"],
    nsfw=False,
    description="Check a wallet.",
    localizations={"de": Localization(name="prüfen")},
)
async def check(
    ctx: CommandContext,
    address: str,
    chain: Literal["main", "test"] = "main",
    depth: Annotated[int, Option(min=1, max=10)] = 1,
    friend: User | None = None,
    *,
    pool: Annotated[Pool, Inject],
) -> int:
    return depth


async def a_decorator_keeps_its_functions_type(ctx: CommandContext) -> None:
    assert_type(await check(ctx, "0x1", pool=Pool()), int)


@router.autocomplete("wallet check", "address", timeout=1)
async def addresses(ctx: AutocompleteContext, typed: str) -> list[Choice]:
    assert_type(ctx.user, User)
    assert_type(ctx.guild_id, str | None)
    return [Choice(name=typed, value=typed)]


@router.component("confirm:{order:int}", cooldown=Cooldown(1), limits=(), concurrency=1)
async def confirm(ctx: ComponentContext, order: int) -> None:
    assert_type(ctx.values, tuple[str, ...])
    assert_type(ctx.chosen.users, tuple[User, ...])
    parts: list[Component] = [Row(Button("Go", id="go")), TextDisplay("words")]
    await ctx.update("done", components=parts)
    fields: list[ModalField] = [TextInput("a", label="A"), TextDisplay("words"), Label("B", RadioGroup("b", ["x"]))]
    await ctx.show_modal(Modal("Form", id="form", fields=fields))


assert_type(confirm, CustomIdHandler)
assert_type(confirm.id(order=7), str)


@router.modal("form:{ticket}", defer=Defer.auto(), checks=[is_keeper], limits=[SlidingWindow(1, per=1)])
async def form(ctx: ModalContext, ticket: str) -> str:
    assert_type(ctx.chosen("proof").attachments, tuple[Attachment, ...])
    assert_type(ctx.chosen("who"), Chosen)
    assert_type(ctx.checked("sure"), bool)
    return ctx.text("text")


@router.user_command("Report", cooldown=Cooldown(5), if_limits_down="allow", contexts=("guild",))
async def report(ctx: CommandContext, target: User) -> None: ...


@router.message_command("Report", nsfw=True)
async def report_message(ctx: CommandContext, target: Mapping[str, object]) -> None: ...


@router.event("member.join", if_state_down="wait", timeout=5, concurrency=2)
async def joined(ctx: EventContext[MemberJoin], pool: Pool) -> None:
    assert_type(ctx.event, MemberJoin)
    assert_type(await ctx.sessions.get(Wizard), Wizard | None)


@router.error(UserError)
async def failed(ctx: AnyContext, error: UserError) -> str:
    return error.message


@router.use
async def timing(ctx: AnyContext, call_next: CallNext, pool: Pool) -> Any:  # noqa: ANN401 - passes the value on
    return await call_next()


a_middleware: Middleware = timing


@router.refused
async def too_fast(ctx: InteractionContext, refusal: Refusal) -> str:
    assert_type(refusal.retry_after, timedelta | None)
    return refusal.when


@router.lifespan
async def pool() -> AsyncIterator[Pool]:
    yield Pool()


router.provide(Pool())
router.provide(Pool, Pool)
router.provide(Pool, pool)
router.group("wallet", description="Everything about wallets.", permissions=Permission(0))
router.include(Router(), prefix="admin")


async def sessions_are_of_their_class(ctx: CommandContext) -> None:
    await ctx.sessions.create("kind", {"step": 1}, ttl=60)
    await ctx.sessions.create(Wizard(), ttl=60)
    await ctx.sessions.create(Form(name="a"), ttl=60, kind="second")
    assert_type(await ctx.sessions.get("kind"), dict[str, Any] | None)
    assert_type(await ctx.sessions.get(Wizard), Wizard | None)
    assert_type(await ctx.sessions.get(Form, kind="second"), Form | None)
    assert_type(await ctx.sessions.update("kind", lambda value: value | {"step": 2}), dict[str, Any] | None)
    assert_type(await ctx.sessions.update(Wizard, lambda wizard: Wizard(wizard.step + 1), ttl=5), Wizard | None)
    assert_type(await ctx.sessions.delete(Wizard), bool)


a_function: Function = check
