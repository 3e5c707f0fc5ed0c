"""How each mistake in a signature is named."""

import enum
import inspect
from collections.abc import Callable
from typing import Annotated, Literal

import pytest

from gpcore import (
    AutocompleteContext,
    CommandContext,
    ComponentContext,
    Cooldown,
    Defer,
    EventContext,
    MemberJoin,
    ModalContext,
    Option,
    Role,
    Router,
    RoutingError,
    SlidingWindow,
    User,
)
from gpcore.application.handlers import CompiledHandler


class Mixed(enum.Enum):
    A = "a"
    B = 2


class Flags(enum.Enum):
    ON = True


def compiled(router: Router) -> CompiledHandler:
    [handler] = router.compile()
    return handler


Declare = Callable[[Router], object]
MISTAKES: list[tuple[str, Declare]] = []


def mistake(message: str) -> Callable[[Declare], Declare]:
    """Keep a declaration with what its error says."""

    def keep(declare: Declare) -> Declare:
        MISTAKES.append((message, declare))
        return declare

    return keep


@mistake("command 'work' must be an async def")
def _(router: Router) -> None:
    @router.command("work")  # type: ignore[type-var]  # the mistake
    def work(ctx: CommandContext) -> None: ...


@mistake("command 'work' must take the context as its first parameter")
def _(router: Router) -> None:
    @router.command("work")
    async def work() -> None: ...


@mistake("command 'work' must take the context as its first parameter")
def _(router: Router) -> None:
    @router.command("work")
    async def work(*, ctx: CommandContext) -> None: ...


@mistake("command 'work' has an annotation that cannot be resolved: name 'Missing' is not defined")
def _(router: Router) -> None:
    @router.command("work")
    async def work(ctx: CommandContext, value: "Missing") -> None: ...  # type: ignore[name-defined]  # noqa: F821 - the mistake


@mistake("command 'work' has an annotation that cannot be resolved: ")
def _(router: Router) -> None:
    async def work(ctx: CommandContext, value: object) -> None: ...

    work.__annotations__["value"] = "int |"
    router.command("work")(work)


@mistake("command 'work' has an annotation that cannot be resolved: ")
def _(router: Router) -> None:
    async def work(ctx: CommandContext, value: object) -> None: ...

    work.__annotations__["value"] = "enum.Missing"
    router.command("work")(work)


@mistake("command 'work' takes *values: name each parameter")
def _(router: Router) -> None:
    @router.command("work")
    async def work(ctx: CommandContext, *values: str) -> None: ...


@mistake("command 'work' takes *values: name each parameter")
def _(router: Router) -> None:
    @router.command("work")
    async def work(ctx: CommandContext, **values: str) -> None: ...


@mistake("command 'work' takes 'value' by position only, but it is passed by name")
def _(router: Router) -> None:
    @router.command("work")
    async def work(ctx: CommandContext, value: str, /) -> None: ...


@mistake("command 'work' parameter 'value' has no annotation, so its option has no type")
def _(router: Router) -> None:
    @router.command("work")
    async def work(ctx: CommandContext, value) -> None: ...  # type: ignore[no-untyped-def]  # noqa: ANN001 - the mistake


@mistake("command 'work' parameter 'value' is of a type that no option can hold and nobody provides: bytes;")
def _(router: Router) -> None:
    @router.command("work")
    async def work(ctx: CommandContext, value: bytes) -> None: ...


@mistake("command 'work' parameter 'value' is of a type that no option can hold and nobody provides: str | int;")
def _(router: Router) -> None:
    @router.command("work")
    async def work(ctx: CommandContext, value: str | int) -> None: ...


@mistake(
    "command 'work' parameter 'value' is of a type that no option can hold and nobody provides: typing.Literal['a', 2];"
)
def _(router: Router) -> None:
    @router.command("work")
    async def work(ctx: CommandContext, value: Literal["a", 2]) -> None: ...


@mistake("command 'work' parameter 'value' is of a type that no option can hold and nobody provides: Mixed;")
def _(router: Router) -> None:
    @router.command("work")
    async def work(ctx: CommandContext, value: Mixed) -> None: ...


@mistake("command 'work' parameter 'value' is of a type that no option can hold and nobody provides: Flags;")
def _(router: Router) -> None:
    @router.command("work")
    async def work(ctx: CommandContext, value: Flags) -> None: ...


@mistake("command 'work' has two options named 'same'")
def _(router: Router) -> None:
    @router.command("work")
    async def work(ctx: CommandContext, same: str, other: Annotated[str, Option(name="same")]) -> None: ...


@mistake("command 'work' has an option 'userId': 1 to 32 lower-case letters, digits, - and _")
def _(router: Router) -> None:
    @router.command("work")
    async def work(ctx: CommandContext, userId: str) -> None: ...  # noqa: N803 - the mistake


@mistake("command 'work' has an option 'two words': 1 to 32 lower-case letters, digits, - and _")
def _(router: Router) -> None:
    @router.command("work")
    async def work(ctx: CommandContext, value: Annotated[str, Option(name="two words")]) -> None: ...


@mistake("command 'work' has 26 options; Discord allows 25")
def _(router: Router) -> None:
    async def work(ctx: CommandContext, **values: object) -> None: ...

    parameters = [inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    parameters += [inspect.Parameter(f"o{n}", inspect.Parameter.KEYWORD_ONLY) for n in range(26)]
    work.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # shorter than 26 parameters
    work.__annotations__ |= {f"o{n}": str for n in range(26)}
    router.command("work")(work)


@mistake("command 'work' has two limits of the same kind, scope and period, which would count as one")
def _(router: Router) -> None:
    @router.command("work", limits=[SlidingWindow(5, per=60), SlidingWindow(50, per=60)])
    async def work(ctx: CommandContext) -> None: ...


@mistake("command 'work' has more than 10 limits")
def _(router: Router) -> None:
    limits = [SlidingWindow(5, per=seconds) for seconds in range(1, 11)]

    @router.command("work", cooldown=Cooldown(1), limits=limits)
    async def work(ctx: CommandContext) -> None: ...


@mistake("user command 'Report' must take the target after the context")
def _(router: Router) -> None:
    @router.user_command("Report")
    async def report(ctx: CommandContext) -> None: ...


@mistake("user command 'Report' must take the target after the context")
def _(router: Router) -> None:
    @router.user_command("Report")
    async def report(ctx: CommandContext, target: User, why: str) -> None: ...


@mistake("user command 'Report' parameter 'target' must be User or Member")
def _(router: Router) -> None:
    @router.user_command("Report")
    async def report(ctx: CommandContext, target: Role) -> None: ...


@mistake("message command 'Report' must take the target after the context")
def _(router: Router) -> None:
    @router.message_command("Report")
    async def report(ctx: CommandContext) -> None: ...


@mistake("event 'member.join' parameter 'more' is a str, which nothing provides: call router.provide(str, …)")
def _(router: Router) -> None:
    @router.event("member.join")
    async def welcome(ctx: EventContext[MemberJoin], more: str) -> None: ...


@mistake("entry point 'launch' parameter 'more' is a str, which nothing provides: call router.provide(str, …)")
def _(router: Router) -> None:
    @router.entry_point("launch")
    async def launch(ctx: CommandContext, more: str) -> None: ...


@mistake("autocomplete 'work' must take the text typed so far after the context")
def _(router: Router) -> None:
    @router.autocomplete("work", "value")
    async def values(ctx: AutocompleteContext) -> None: ...


@mistake("component 'confirm:{order}' takes ['other'], but its template has ['order']")
def _(router: Router) -> None:
    @router.component("confirm:{order}")
    async def confirm(ctx: ComponentContext, other: str) -> None: ...


@mistake("component 'confirm:{order:int}' parameter 'order' must be int, as in the template")
def _(router: Router) -> None:
    @router.component("confirm:{order:int}")
    async def confirm(ctx: ComponentContext, order: str) -> None: ...


@mistake("modal 'form:{a}{b}' custom id template 'form:{a}{b}': put text between {a} and {b}")
def _(router: Router) -> None:
    @router.modal("form:{a}{b}")
    async def form(ctx: ModalContext, a: str, b: str) -> None: ...


@pytest.mark.parametrize(("message", "declare"), MISTAKES, ids=[message[:60] for message, _ in MISTAKES])
def test_a_mistake_is_named_with_file_and_line(message: str, declare: Declare) -> None:
    router = Router()
    declare(router)
    source = router.registrations[0].source

    with pytest.raises(RoutingError) as raised:
        router.compile()

    assert str(raised.value).startswith(f"{source}: {message}")
    file, _, line = source.partition(":")
    assert (file, line.isdigit()) == ("test_binding_mistakes.py", True)


def test_a_source_that_cannot_be_found_is_said_to_be_unknown() -> None:
    class Callable:
        async def __call__(self, ctx: CommandContext) -> None: ...

    router = Router()
    router.command("work", defer=Defer.always())(Callable())

    with pytest.raises(RoutingError, match="unknown source: command 'work' must be an async def"):
        router.compile()


def test_an_autocomplete_may_take_what_was_typed_by_position_only() -> None:
    router = Router()

    @router.command("work")
    async def work(ctx: CommandContext, value: str) -> None: ...

    @router.autocomplete("work", "value")
    async def values(ctx: AutocompleteContext, typed: str, /) -> None: ...

    assert len(router.compile()) == 2


def test_a_components_parameter_may_go_without_annotation() -> None:
    router = Router()

    @router.component("confirm:{order:int}")
    async def confirm(ctx: ComponentContext, order) -> None: ...  # type: ignore[no-untyped-def]  # noqa: ANN001 - it may

    assert compiled(router).template is not None
