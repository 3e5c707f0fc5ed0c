"""Checks: asked before limits and handler, and what a refusal looks like."""

import pytest

from gpcore import (
    CommandContext,
    ComponentContext,
    Cooldown,
    Defer,
    InteractionContext,
    Router,
    Texts,
    UserError,
)
from gpcore.application.handlers import Function
from gpcore.domain.claims import Progress
from gpcore.domain.settling import Ack
from tests.unit.application.aftermath import THINKING, answer_at_discord, free_claim
from tests.unit.application.one_command import FAILED
from tests.unit.application.worlds import Process, World

REFUSED = Texts().not_allowed


async def admitting(ctx: InteractionContext) -> bool:
    return True


async def refusing(ctx: InteractionContext) -> bool:
    return False


async def explaining(ctx: InteractionContext) -> bool:
    raise UserError("Only for keepers.")


async def failing(ctx: InteractionContext) -> bool:
    raise ZeroDivisionError


def a_bot(starts: list[str], *checks: Function, defer: Defer | None = None) -> Router:
    router = Router()

    @router.command("work", checks=checks, cooldown=Cooldown(60), defer=defer or Defer.auto())
    async def work(ctx: CommandContext) -> str:
        starts.append("work")
        return "done"

    @router.component("work", checks=list(checks))
    async def press(ctx: ComponentContext) -> None:
        starts.append("press")

    return router


@pytest.mark.parametrize("defer", [Defer.never(), Defer.auto(), Defer.always()])
@pytest.mark.parametrize(
    ("checks", "outcome", "shown"),
    [
        ([admitting, refusing, failing], "forbidden", REFUSED),
        ([explaining, failing], "user_error", "Only for keepers."),
        ([admitting, failing], "failed", FAILED),
        ([admitting, admitting], "handled", "done"),
    ],
)
async def test_the_first_check_that_does_not_admit_decides(
    world: World, defer: Defer, checks: list[Function], outcome: str, shown: str
) -> None:
    starts: list[str] = []
    message = world.command("work")

    assert await Process(world, a_bot(starts, *checks, defer=defer)).handle(message) == Ack(outcome)

    assert world.texts(message) == [shown]
    assert starts == (["work"] if outcome == "handled" else [])


async def test_a_refused_user_alone_sees_it_even_where_a_public_defer_was_coming(world: World) -> None:
    message = world.command("work")

    await Process(world, a_bot([], refusing, defer=Defer.always())).handle(message)

    [call] = world.discord.calls
    assert call.callback is not None
    assert call.callback.message is not None
    assert call.callback.message.ephemeral


async def test_a_refused_use_is_not_counted(world: World) -> None:
    allowed: list[bool] = [False, True]

    async def second_time(ctx: InteractionContext) -> bool:
        return allowed.pop(0)

    process = Process(world, a_bot([], second_time))

    assert await process.handle(world.command("work")) == Ack("forbidden")
    assert await process.handle(world.command("work")) == Ack("handled")


async def test_checks_of_a_component(world: World) -> None:
    assert await Process(world, a_bot([], refusing)).handle(world.component("work")) == Ack("forbidden")


@pytest.mark.parametrize("defer", [Defer.auto(after=1), Defer.always()])
async def test_a_slow_check_does_not_cost_the_first_answer(world: World, defer: Defer) -> None:
    async def slow(ctx: InteractionContext) -> bool:
        await world.clock.sleep(5)
        return True

    message = world.command("work")

    assert await Process(world, a_bot([], slow, defer=defer)).handle(message, seconds=6) == Ack("handled")
    assert world.calls() == ["deferred_message", "edit"]
    assert world.texts(message) == ["done"]


async def test_a_check_is_asked_again_when_another_worker_goes_on(world: World) -> None:
    """A worker that died may have deferred before its check was decided."""
    message = world.command("work")
    await answer_at_discord(world, message, THINKING)
    await free_claim(world, message, Progress.DEFERRED)
    starts: list[str] = []

    ended = await Process(world, a_bot(starts, refusing, defer=Defer.always())).handle(message, redelivered=True)

    assert (ended, starts, world.texts(message)) == (Ack("forbidden"), [], [REFUSED])


async def test_a_check_that_hangs_is_stopped(world: World) -> None:
    async def hanging(ctx: InteractionContext) -> bool:
        await world.clock.sleep(600)
        return True

    message = world.command("work")

    assert await Process(world, a_bot([], hanging)).handle(message, seconds=20) == Ack("timeout")
    assert world.texts(message) == [FAILED]
