"""What becomes of what a handler returns."""

import pytest

from gpcore import (
    AutocompleteContext,
    Choice,
    CommandContext,
    ComponentContext,
    Defer,
    Embed,
    Modal,
    Router,
    TextInput,
)
from gpcore.domain.settling import Ack
from tests.unit.application.one_command import FAILED, a_bot, returning
from tests.unit.application.worlds import Process, World


@pytest.mark.parametrize(
    ("value", "outcome", "shown"),
    [
        ("hello", "handled", "hello"),
        (None, "handled", "Done."),
        (Embed(title="hello"), "handled", None),
        (42, "failed", FAILED),
        ("x" * 2001, "failed", FAILED),
    ],
)
@pytest.mark.parametrize("defer", [Defer.never(), Defer.auto(), Defer.always()])
async def test_what_a_command_returns_is_its_answer(
    world: World, value: object, outcome: str, shown: str | None, defer: Defer
) -> None:
    message = world.command("work")

    assert await Process(world, a_bot(returning(value), defer=defer)).handle(message) == Ack(outcome)
    assert world.texts(message) == [shown]


async def test_a_command_that_said_all_itself_adds_nothing(world: World) -> None:
    async def body(ctx: CommandContext) -> None:
        await ctx.reply("all")

    message = world.command("work")

    assert await Process(world, a_bot(body)).handle(message) == Ack("handled")
    assert world.texts(message) == ["all"]


async def test_a_silent_component_keeps_its_message(world: World) -> None:
    router = Router()

    @router.component("press")
    async def press(ctx: ComponentContext) -> None:
        """Say nothing."""

    assert await Process(world, router).handle(world.component("press")) == Ack("handled")
    assert world.calls() == ["deferred_update"]


@pytest.mark.parametrize(
    ("value", "outcome", "names"),
    [
        ([Choice(name="a", value="a")], "handled", ["a"]),
        ((), "handled", []),
        (None, "handled", []),
        ([Choice(name=str(n), value=f"{n}") for n in range(30)], "handled", [str(n) for n in range(25)]),
        ([Choice(name="one", value=1)], "failed", []),
        ("text", "failed", []),
        (["text"], "failed", []),
        ([Choice(name="", value="too short a name")], "failed", []),
    ],
)
async def test_what_an_autocomplete_returns_is_suggested(
    world: World, value: object, outcome: str, names: list[str]
) -> None:
    router = Router()

    @router.command("pick")
    async def pick(ctx: CommandContext, thing: str) -> None:
        """Pick."""

    @router.autocomplete("pick", "thing")
    async def things(ctx: AutocompleteContext, typed: str) -> object:
        return value

    message = world.autocomplete("pick", focused="thing")

    assert await Process(world, router).handle(message) == Ack(outcome)
    answered = world.told(message)
    assert answered is not None
    assert [choice.name for choice in answered.first.choices] == names


async def test_an_autocomplete_may_suggest_by_itself(world: World) -> None:
    router = Router()

    @router.command("pick")
    async def pick(ctx: CommandContext, thing: str) -> None:
        """Pick."""

    @router.autocomplete("pick", "thing")
    async def things(ctx: AutocompleteContext, typed: str) -> None:
        await ctx.suggest([Choice(name=f"{typed}!", value="1")])

    message = world.autocomplete("pick", focused="thing", typed=7)

    assert await Process(world, router).handle(message) == Ack("handled")
    answered = world.told(message)
    assert answered is not None
    assert answered.first.choices == (Choice(name="7!", value="1"),)


async def test_a_text_after_a_modal_is_a_mistake_that_no_user_can_be_told(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async def body(ctx: CommandContext) -> str:
        await ctx.show_modal(Modal("Form", id="form", fields=[TextInput("text", label="What?")]))
        return "too much"

    assert await Process(world, a_bot(body, defer=Defer.never())).handle(world.command("work")) == Ack("failed")
    assert "the user could not be told: ReplyStateError" in caplog.messages
