"""A delivery that comes again goes on where the last worker stopped."""

import asyncio
from dataclasses import dataclass

import pytest

from gpcore import CommandContext, Cooldown, Defer, Router
from gpcore.domain.claims import Progress
from gpcore.domain.messages import CallbackType
from gpcore.domain.settling import Ack, Disposition, Retry
from gpcore.domain.wire_message import Lane
from gpcore.errors import GpError, InteractionExpiredError, PortRejectedError, PortThrottledError, PortTimeoutError
from tests.unit.application.aftermath import THINKING, a_retried, answer_at_discord, free_claim
from tests.unit.application.counting_bot import CountingBot
from tests.unit.application.deliveries import RecordedDelivery
from tests.unit.application.worlds import Process, World


@dataclass(frozen=True)
class Left:
    """What a killed worker left behind, and what becomes of it.

    Attributes:
        name: Which handler.
        progress: What its claim says.
        at_discord: The first answer that had arrived, if any.
        calls: What Discord is asked then.
        age_s: Seconds until it is delivered again.
    """

    name: str
    progress: Progress
    at_discord: CallbackType | None
    outcome: str
    starts: int
    calls: tuple[str, ...]
    shown: tuple[str | None, ...]
    age_s: float = 31.0


MESSAGE = CallbackType.MESSAGE
LEFT = [
    # Nothing was begun, by what the claim says: fresh runs, late is shed unless Discord knows of a defer.
    Left("auto", Progress.NONE, None, "late", 0, ("thinking",), ()),
    Left("always", Progress.NONE, THINKING, "handled", 1, ("thinking", "edit"), ("done",)),
    Left("always", Progress.NONE, MESSAGE, "late", 0, ("thinking",), ("hello",)),
    Left("auto", Progress.NONE, None, "handled", 1, ("message",), ("done",), age_s=0.0),
    # Deferred: resumed without a callback, however late.
    Left("always", Progress.DEFERRED, THINKING, "handled", 1, ("edit",), ("done",)),
    Left("auto", Progress.DEFERRED, THINKING, "handled", 1, ("edit",), ("done",)),
    Left("press", Progress.DEFERRED, CallbackType.DEFERRED_UPDATE, "handled", 1, (), (None,)),
    # Deferring: Discord tells whether it had arrived.
    Left("always", Progress.DEFERRING, THINKING, "handled", 1, ("deferred_message", "edit"), ("done",)),
    Left("always", Progress.DEFERRING, None, "expired", 0, ("deferred_message", "thinking"), ()),
    Left("press", Progress.DEFERRING, None, "expired", 0, ("deferred_update",), ()),
    Left("always", Progress.DEFERRING, None, "handled", 1, ("deferred_message", "edit"), ("done",), age_s=0.0),
    Left("never", Progress.DEFERRING, THINKING, "handled", 1, ("deferred_message", "edit"), ("done",)),
    # Answering: Discord tells whether it had arrived; never-deferring ones are left alone, since it tells too little.
    Left("auto", Progress.ANSWERING, MESSAGE, "interrupted", 0, ("thinking",), ("hello",)),
    Left("auto", Progress.ANSWERING, None, "expired", 0, ("thinking",), ()),
    Left("never", Progress.ANSWERING, None, "interrupted", 0, (), (), age_s=0.0),
    Left(
        "auto", Progress.ANSWERING, MESSAGE, "interrupted", 0, ("deferred_message", "thinking"), ("hello",), age_s=0.0
    ),
    Left("auto", Progress.ANSWERING, None, "handled", 1, ("deferred_message", "edit"), ("done",), age_s=0.0),
    Left("nobody", Progress.ANSWERING, None, "interrupted", 0, (), (), age_s=0.0),
    # Answering, and then found out about by a defer of a worker that was killed too: the user waits.
    Left("auto", Progress.ANSWERING, THINKING, "handled", 1, ("thinking", "edit"), ("done",)),
    Left("auto", Progress.ANSWERING, THINKING, "handled", 1, ("deferred_message", "thinking", "edit"), ("done",), 0.0),
    # Speaking: whoever still looks at "thinking" gets the answer, whoever has it does not get another.
    Left("always", Progress.SPEAKING, THINKING, "handled", 1, ("thinking", "edit"), ("done",)),
    Left("auto", Progress.SPEAKING, THINKING, "handled", 1, ("thinking", "edit"), ("done",), age_s=0.0),
    Left("never", Progress.SPEAKING, THINKING, "handled", 1, ("thinking", "edit"), ("done",)),
    Left("always", Progress.SPEAKING, MESSAGE, "interrupted", 0, ("thinking",), ("hello",)),
    Left("press", Progress.SPEAKING, CallbackType.DEFERRED_UPDATE, "interrupted", 0, (), (None,)),
    # Answered: never again.
    Left("auto", Progress.ANSWERED, MESSAGE, "interrupted", 0, (), ("hello",)),
    Left("always", Progress.ANSWERED, THINKING, "interrupted", 0, (), (None,), age_s=0.0),
]


@pytest.mark.parametrize("left", LEFT, ids=lambda left: f"{left.name}-{left.progress}-{left.at_discord}-{left.age_s}")
async def test_a_redelivery_goes_on_where_the_last_worker_stopped(
    world: World, bot: CountingBot, process: Process, left: Left
) -> None:
    message = world.component(left.name) if left.name == "press" else world.command(left.name)
    if left.at_discord is not None:
        await answer_at_discord(world, message, left.at_discord)
    await free_claim(world, message, left.progress)
    await world.clock.advance(left.age_s)
    world.discord.calls.clear()

    assert await process.handle(message, redelivered=True) == Ack(left.outcome)

    assert bot.starts == [left.name] * left.starts
    assert tuple(world.calls()) == left.calls
    assert tuple(world.texts(message)) == left.shown


async def test_a_late_defer_that_discord_calls_late_though_it_had_arrived_is_found_out_about(
    world: World, bot: CountingBot, process: Process
) -> None:
    message = world.command("always")
    await answer_at_discord(world, message, THINKING)
    await free_claim(world, message, Progress.DEFERRING)
    await world.clock.advance(31)
    world.discord.failures.add(InteractionExpiredError("10062"))

    assert await process.handle(message, redelivered=True) == Ack("handled")

    assert world.calls()[-2:] == ["thinking", "edit"]
    assert world.texts(message) == ["done"]


FORGOTTEN = [
    Left("always", Progress.NONE, THINKING, "handled", 1, ("deferred_message", "thinking", "edit"), ("done",), 0.0),
    Left("auto", Progress.NONE, THINKING, "handled", 1, ("deferred_message", "thinking", "edit"), ("done",), 0.0),
    Left("always", Progress.NONE, MESSAGE, "interrupted", 0, ("deferred_message", "thinking"), ("hello",), 0.0),
    Left("auto", Progress.NONE, None, "handled", 1, ("deferred_message", "edit"), ("done",), 0.0),
    Left("press", Progress.NONE, CallbackType.DEFERRED_UPDATE, "interrupted", 0, ("deferred_update",), (None,), 0.0),
    Left("never", Progress.NONE, None, "handled", 1, ("message",), ("done",), 0.0),
    Left("nobody", Progress.NONE, None, "unregistered", 0, ("message",), ("This is not available right now.",), 0.0),
    Left("always", Progress.NONE, THINKING, "handled", 1, ("thinking", "edit"), ("done",)),
    Left("auto", Progress.NONE, None, "late", 0, ("thinking",), ()),
]
"""The state is down, or was flushed after a worker had begun: only Discord can tell what was said."""


@pytest.mark.parametrize("down", [False, True], ids=["flushed", "down"])
@pytest.mark.parametrize("left", FORGOTTEN, ids=lambda left: f"{left.name}-{left.at_discord}-{left.age_s}")
async def test_nobody_is_left_thinking_because_the_state_has_forgotten_the_defer(
    world: World, bot: CountingBot, process: Process, left: Left, down: bool
) -> None:
    message = world.component(left.name) if left.name == "press" else world.command(left.name)
    if left.at_discord is not None:
        await answer_at_discord(world, message, left.at_discord)
    world.claims.unavailable = down
    await world.clock.advance(left.age_s)
    world.discord.calls.clear()

    assert await process.handle(message, redelivered=True) == Ack(left.outcome)

    assert bot.starts == [left.name] * left.starts
    assert tuple(world.calls()) == left.calls
    assert tuple(world.texts(message)) == left.shown


async def test_a_resumed_defer_keeps_its_visibility(world: World, process: Process) -> None:
    message = world.command("always")
    await answer_at_discord(world, message, ephemeral=True)
    await free_claim(world, message, Progress.DEFERRING, ephemeral=True)

    await process.handle(message, redelivered=True)

    call = world.discord.calls[1]
    assert call.callback is not None
    assert call.callback.ephemeral


async def test_an_answer_that_turned_out_to_be_missing_is_remembered_as_deferred(
    world: World, bot: CountingBot
) -> None:
    """Otherwise a second crash would take gp's own defer for the lost answer and leave the user thinking."""
    message = world.command("auto")
    await free_claim(world, message, Progress.ANSWERING)
    hanging = Router()

    @hanging.command("auto")
    async def hang(ctx: CommandContext) -> None:
        await asyncio.Event().wait()

    first = Process(world, hanging)
    task = asyncio.ensure_future(
        first.interactions.handle(RecordedDelivery(message, lane=Lane.INTERACTIONS, redelivered=True))
    )
    await world.clock.advance(0.5)
    task.cancel()
    await asyncio.wait([task])

    assert await Process(world, bot.router).handle(message, redelivered=True) == Ack("handled")
    assert world.texts(message) == ["done"]


@pytest.mark.parametrize("progress", [Progress.DEFERRING, Progress.SPEAKING])
@pytest.mark.parametrize(
    ("error", "disposition"),
    [
        (PortTimeoutError("slow"), Retry),
        (PortThrottledError("slow down", retry_after=1), Retry),
        (PortRejectedError("no", code=50035), Ack),
    ],
)
async def test_a_defer_that_cannot_be_found_out_waits_and_one_refused_ends(
    world: World, progress: Progress, error: GpError, disposition: type[Disposition]
) -> None:
    bot = CountingBot()
    message = world.command("always")
    await free_claim(world, message, progress)
    world.discord.failures.add(error)

    assert isinstance(await Process(world, bot.router).handle(message, redelivered=True), disposition)
    assert bot.starts == []


async def test_an_admitted_interaction_is_not_asked_again_but_an_unadmitted_one_is(world: World) -> None:
    router = Router()

    @router.command("once", defer=Defer.always(), cooldown=Cooldown(60))
    async def once(ctx: CommandContext) -> str:
        return "done"

    process = Process(world, router)
    assert await process.handle(world.command("once")) == Ack("handled")
    admitted, killed_before = world.command("once"), world.command("once")
    await answer_at_discord(world, admitted)
    await free_claim(world, admitted, Progress.DEFERRED)
    await answer_at_discord(world, killed_before)
    await free_claim(world, killed_before, Progress.DEFERRING)

    assert await process.handle(admitted, redelivered=True) == Ack("handled")
    assert await process.handle(killed_before, redelivered=True) == Ack("refused")


async def test_retry_later_releases_the_claim_and_runs_again_after_its_defer(
    world: World, bot: CountingBot, process: Process
) -> None:
    bot.retries = 1
    message = world.command("again")

    first = await process.handle(message)
    assert isinstance(first, Retry)
    assert (first.outcome, first.counts, first.error) == ("retried", True, "RetryLater")
    await world.clock.advance(first.after)

    assert await process.handle(a_retried(message, failures=1)) == Ack("handled")
    assert bot.starts == ["again", "again"]
    assert world.calls() == ["deferred_message", "edit"]
    assert world.texts(message) == ["done"]


async def test_retry_later_ends_with_the_ladder(world: World, bot: CountingBot, process: Process) -> None:
    bot.retries = 3
    message = world.command("again")

    assert isinstance(await process.handle(message), Retry)
    assert isinstance(await process.handle(a_retried(message, failures=1)), Retry)
    assert await process.handle(a_retried(message, failures=2)) == Ack("failed")
    assert world.texts(message) == ["Something went wrong. Please try again later."]


async def test_without_state_retry_later_goes_on_after_the_defer_that_discord_tells_of(
    world: World, bot: CountingBot, process: Process
) -> None:
    bot.retries = 1
    world.claims.unavailable = True
    message = world.command("again")

    assert isinstance(await process.handle(message), Retry)
    assert await process.handle(a_retried(message, failures=1)) == Ack("handled")
    assert world.calls() == ["deferred_message", "thinking", "edit"]
    assert world.texts(message) == ["done"]


@pytest.mark.parametrize(("age_s", "outcome"), [(0.0, "handled"), (31.0, "late")])
async def test_without_state_an_attempt_that_had_not_answered_is_no_obstacle(
    world: World, process: Process, age_s: float, outcome: str
) -> None:
    world.claims.unavailable = True
    message = world.command("always")
    await world.clock.advance(age_s)

    assert await process.handle(a_retried(message, failures=1)) == Ack(outcome)
