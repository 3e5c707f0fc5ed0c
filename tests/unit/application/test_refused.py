"""What is refused before a handler starts, and what the user is told."""

import pytest

from gpcore import (
    CommandContext,
    Cooldown,
    Defer,
    ModalContext,
    Router,
    SlidingWindow,
    Texts,
)
from gpcore.domain import metrics
from gpcore.domain.settling import Ack
from tests.unit.application.one_command import FAILED, a_bot, returning
from tests.unit.application.worlds import Process, World


async def test_a_cooldown_refuses_the_second_use_and_says_until_when(world: World) -> None:
    process = Process(world, a_bot(returning("done")))
    await process.handle(world.command("work"))
    message = world.command("work")

    assert await process.handle(message) == Ack("refused")

    until = -(-world.clock.now_us() // 1_000_000) + 60
    assert world.texts(message) == [f"Slow down: you can do this again <t:{until}:R>."]
    assert process.telemetry.counted(metrics.ADMISSIONS, "refused") == 1


async def test_a_limit_refuses_the_use_after_the_last(world: World) -> None:
    router = Router()

    @router.command("work", limits=[SlidingWindow(2, per=60)], defer=Defer.always())
    async def work(ctx: CommandContext) -> str:
        return "done"

    process = Process(world, router)
    outcomes = [await process.handle(world.command("work")) for _ in range(3)]

    assert outcomes == [Ack("handled"), Ack("handled"), Ack("refused")]
    assert world.calls()[-1] == "message", "a refusal needs no defer"


@pytest.mark.parametrize(("policy", "outcome"), [("allow", "handled"), ("refuse", "refused")])
async def test_limits_that_cannot_be_decided_do_as_the_handler_says(world: World, policy: str, outcome: str) -> None:
    router = Router()

    @router.command("work", cooldown=Cooldown(60), if_limits_down=policy)  # type: ignore[arg-type]  # one of the two
    async def work(ctx: CommandContext) -> str:
        return "done"

    world.admissions.unavailable = True
    process = Process(world, router)

    assert await process.handle(world.command("work")) == Ack(outcome)
    assert process.telemetry.counted(metrics.STATE_FAILURES, "admit") == 1


async def test_a_scope_that_fails_is_told_and_logged_like_a_handler(world: World) -> None:
    router = Router()

    @router.command("work", limits=[SlidingWindow(1, per=60, scope=lambda interaction: 1 / 0)])  # type: ignore[arg-type,return-value]  # the bot's mistake
    async def work(ctx: CommandContext) -> str:
        return "done"

    message = world.command("work")

    assert await Process(world, router).handle(message) == Ack("failed")
    assert world.texts(message) == [FAILED]


async def test_a_refund_that_fails_is_counted(world: World) -> None:
    async def body(ctx: CommandContext) -> None:
        world.admissions.unavailable = True
        raise ZeroDivisionError

    process = Process(world, a_bot(body))
    await process.handle(world.command("work"))

    assert process.telemetry.counted(metrics.STATE_FAILURES, "refund") == 1


@pytest.mark.parametrize("defer", [Defer.never(), Defer.always()])
async def test_an_option_that_does_not_fit_is_told_before_the_handler_starts(world: World, defer: Defer) -> None:
    router = Router()

    @router.command("work", defer=defer)
    async def work(ctx: CommandContext, depth: int) -> str:
        raise AssertionError("it must not start")

    message = world.command("work", options=[{"name": "depth", "type": 4, "value": "deep"}])

    assert await Process(world, router).handle(message) == Ack("bad_option")
    assert world.texts(message) == ["`depth` must be a whole number."]


async def test_the_texts_can_be_replaced(world: World) -> None:
    texts = Texts(done="Fertig.", not_available="Gibt es nicht.")
    process = Process(world, a_bot(returning(None)), texts=texts)
    done, missing = world.command("work"), world.command("nobody")

    await process.handle(done)
    await process.handle(missing)

    assert (world.texts(done), world.texts(missing)) == (["Fertig."], ["Gibt es nicht."])


async def test_a_modal_can_change_the_message_behind_it_only_if_there_is_one(world: World) -> None:
    router = Router()

    @router.modal("form")
    async def form(ctx: ModalContext) -> None:
        await ctx.update("changed")

    process = Process(world, router)

    assert await process.handle(world.modal("form", message={"id": "1"})) == Ack("handled")
    assert await process.handle(world.modal("form")) == Ack("failed")
    assert world.calls() == ["update", "message"]
