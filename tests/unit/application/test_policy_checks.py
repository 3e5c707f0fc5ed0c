"""Which handlers are known to open a modal, by what they are compiled to."""

import functools
from typing import Any

import pytest

from gpcore import CommandContext, Modal
from gpcore.application.handlers import Function
from gpcore.application.policies import opens_modal

FORM: Any = None


async def opens(ctx: CommandContext, size: int = 1) -> None:
    await ctx.show_modal(FORM)


async def opens_among_others(ctx: CommandContext, size: int, name: str) -> tuple[object, ...]:
    return (size, name, await ctx.show_modal(FORM), ())  # type: ignore[func-returns-value]  # as bytecode, it does


async def opens_as_a_free_variable(ctx: CommandContext) -> None:
    def form_for() -> Modal:
        ctx.log.debug("made")
        return FORM  # type: ignore[no-any-return]  # never made

    await ctx.show_modal(form_for())


class Wizard:
    async def opens(self, ctx: CommandContext) -> None:
        await ctx.show_modal(FORM)

    async def show_modal(self, ctx: CommandContext) -> None:
        await self.show_modal(ctx)


async def asks_somebody_else(ctx: CommandContext, wizard: Wizard) -> None:
    await wizard.show_modal(ctx)


async def asks_indirectly(ctx: CommandContext) -> None:
    await opens(ctx)


async def takes_nothing() -> None: ...


async def only_names_it(ctx: CommandContext, show_modal: Modal) -> Modal:
    return show_modal


@functools.wraps(opens)
async def wrapped(*args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - a decorator's
    await opens(*args, **kwargs)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (opens, True),
        (opens_among_others, True),
        (opens_as_a_free_variable, True),
        (Wizard().opens, True),
        (wrapped, True),
        (Wizard().show_modal, False),
        (asks_somebody_else, False),
        (asks_indirectly, False),
        (takes_nothing, False),
        (only_names_it, False),
    ],
    ids=lambda value: getattr(value, "__qualname__", str(value)),
)
def test_a_call_of_the_contexts_own_method_is_seen(function: Function, expected: bool) -> None:
    assert opens_modal(function) is expected
