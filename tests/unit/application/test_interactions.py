"""From a delivery of the interactions lane to its disposition: age, claim, and where an earlier attempt stopped."""

import asyncio
from dataclasses import dataclass, replace

import pytest

from gpadapters.memory.discord import InMemoryFirstResponder
from gpcore import CommandContext, ComponentContext, Defer, RetryLater, Router
from gpcore.application.claiming import Claims
from gpcore.domain import metrics
from gpcore.domain.claims import LEASE_US, MAX_ATTEMPTS, Progress, Verdict
from gpcore.domain.headers import ATTEMPT, retry_headers
from gpcore.domain.messages import Callback, CallbackType, OutgoingMessage
from gpcore.domain.settling import Ack, DeadLetter, Disposition, GiveBack, Retry
from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.errors import PortRejectedError, PortThrottledError, PortTimeoutError
from tests.builders import an_event_message, an_interaction_message
from tests.unit.application.deliveries import RecordedDelivery
from tests.unit.application.worlds import Process, World

SECOND = 1_000_000


class Bot:
    """A router whose handlers count their starts."""

    def __init__(self) -> None:
        self.router = Router()
        self.starts: list[str] = []
        self.retries = 0

        @self.router.command("auto")
        async def auto(ctx: CommandContext) -> str:
            self.starts.append("auto")
            return "done"

        @self.router.command("always", defer=Defer.always(ephemeral=True))
        async def always(ctx: CommandContext) -> str:
            self.starts.append("always")
            return "done"

        @self.router.command("never", defer=Defer.never())
        async def never(ctx: CommandContext) -> str:
            self.starts.append("never")
            return "done"

        @self.router.command("again", defer=Defer.always())
        async def again(ctx: CommandContext) -> str:
            self.starts.append("again")
            if self.retries:
                self.retries -= 1
                raise RetryLater
            return "done"

        @self.router.component("press")
        async def press(ctx: ComponentContext) -> None:
            self.starts.append("press")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
def process(world: World, bot: Bot) -> Process:
    return Process(world, bot.router)


def retried(message: WireMessage, *, failures: int, now_ms: int = 0) -> WireMessage:
    return replace(message, headers=retry_headers(message.headers, failures=failures, now_ms=now_ms))


async def claimed_by_another(
    world: World, message: WireMessage, progress: Progress, *, ephemeral: bool = False, attempts: int = 1
) -> None:
    """Leave the claim as a worker leaves it that was killed: the lease still runs."""
    for attempt in range(attempts):
        result = await world.claims.claim(
            interaction_id(message),
            owner=f"another/{attempt}",
            lease_us=LEASE_US,
            max_attempts=MAX_ATTEMPTS,
        )
        assert result.verdict is Verdict.CLAIMED
        if progress is not Progress.NONE:
            assert await world.claims.note(result.ticket, progress, ephemeral=ephemeral)
        if attempt < attempts - 1:
            await world.claims.release(result.ticket)


def interaction_id(message: WireMessage) -> str:
    known = World().claims  # any world: the id stands in the message
    assert known is not None
    from gpadapters.wire.json_codec import JsonCodec

    return JsonCodec().decode(message, received_at_ms=0).interaction_id or ""


# --- age -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age_ms", "disposition", "starts"),
    [
        (-5_001, DeadLetter("future_interaction"), 0),
        (-5_000, Ack("handled"), 1),
        (0, Ack("handled"), 1),
        (2_700, Ack("handled"), 1),
        (2_701, Ack("late"), 0),
        (14 * 60_000, Ack("late"), 0),
        (15 * 60_000, Ack("token_expired"), 0),
    ],
)
async def test_a_first_delivery_is_judged_by_its_age(
    world: World, bot: Bot, process: Process, age_ms: int, disposition: Disposition, starts: int
) -> None:
    message = world.command("auto", age_ms=age_ms)

    assert await process.handle(message) == disposition

    assert len(bot.starts) == starts
    assert len(world.calls()) == starts


async def test_a_late_first_delivery_hints_at_a_clock_that_is_ahead(world: World, process: Process) -> None:
    await process.handle(world.command("auto", age_ms=2_900))

    assert process.telemetry.counted(metrics.CLOCK_SKEW) == 1


async def test_a_late_redelivery_that_nobody_answered_is_shed_without_a_call(
    world: World, bot: Bot, process: Process
) -> None:
    assert await process.handle(world.command("auto", age_ms=2_900), redelivered=True) == Ack("late")

    assert (bot.starts, world.calls()) == ([], [])
    assert process.telemetry.counted(metrics.CLOCK_SKEW) == 0


async def test_a_copy_that_only_waited_for_a_lease_is_no_first_delivery(
    world: World, bot: Bot, process: Process
) -> None:
    message = world.command("always")
    await claimed_by_another(world, message, Progress.DEFERRED, ephemeral=True)
    await defer(world, message)

    busy = await process.handle(message, redelivered=True)
    assert isinstance(busy, Retry)
    await world.clock.advance(31)
    copy = retried(message, failures=0)
    assert copy.headers[ATTEMPT] == 0

    assert await process.handle(copy) == Ack("handled")
    assert world.texts(message) == ["done"]


# --- what is no interaction of ours --------------------------------------------------------------------------------


async def test_a_ping_is_acknowledged_and_counted(world: World, process: Process) -> None:
    message = an_interaction_message("22-ping-http", wire_format="v2", now_ms=world.now_ms)

    assert await process.handle(message) == Ack("unsupported_kind")


async def test_an_unknown_kind_is_acknowledged_and_counted(world: World, process: Process) -> None:
    message = an_interaction_message("41-interaction-type-6-unknown", wire_format="v2", now_ms=world.now_ms)

    assert await process.handle(message) == Ack("unsupported_kind")


async def test_a_known_kind_under_an_unknown_event_type_is_acknowledged(world: World, process: Process) -> None:
    data = {"id": "1", "name": "auto", "type": 9}
    message = an_interaction_message("01-command-no-options", wire_format="v2", now_ms=world.now_ms, data=data)

    assert await process.handle(message) == Ack("unknown_event_type")


async def test_an_event_in_the_interactions_queue_is_acknowledged(process: Process) -> None:
    assert await process.handle(an_event_message()) == Ack("wrong_queue")


async def test_a_body_nobody_can_read_is_dead_lettered(process: Process) -> None:
    assert await process.handle(WireMessage(body=b"nonsense")) == DeadLetter("not_json")


async def test_a_body_known_to_be_useless_is_acknowledged(process: Process) -> None:
    message = an_event_message("25-guild-member-add", userId="unknown")

    assert await process.process(message) == Ack("unusable:userId")


async def test_a_body_that_the_broker_returned_too_often_is_not_even_read(process: Process) -> None:
    delivery = RecordedDelivery(WireMessage(body=b"nonsense"), lane=Lane.INTERACTIONS, broker_deliveries=21)

    assert await process.interactions.handle(delivery) == DeadLetter("max_deliveries")


async def test_an_unregistered_command_is_answered(world: World, process: Process) -> None:
    message = world.command("nobody")

    assert await process.handle(message) == Ack("unregistered")
    assert world.texts(message) == ["This is not available right now."]


async def test_an_unregistered_autocomplete_gets_no_suggestions(world: World, process: Process) -> None:
    message = world.autocomplete("nobody", focused="thing")

    assert await process.handle(message) == Ack("unregistered")
    answered = world.told(message)
    assert answered is not None
    assert (answered.first.type, answered.first.choices) == (CallbackType.SUGGESTIONS, ())


# --- the claim -----------------------------------------------------------------------------------------------------


async def test_a_handled_interaction_is_done(world: World, bot: Bot, process: Process) -> None:
    message = world.command("auto")

    assert await process.handle(message) == Ack("handled")
    assert await process.handle(message, redelivered=True) == Ack("duplicate")

    assert bot.starts == ["auto"]
    assert process.telemetry.counted(metrics.CLAIMS, "interactions", "done") == 1


async def test_a_busy_interaction_waits_on_the_ladder_without_burning_an_attempt(
    world: World, bot: Bot, process: Process
) -> None:
    message = world.command("auto")
    await claimed_by_another(world, message, Progress.NONE)

    disposition = await process.handle(message)

    assert isinstance(disposition, Retry)
    assert (disposition.outcome, disposition.counts) == ("busy", False)
    assert 4 <= disposition.after <= 5, "the longest rung, since the lease is longer"
    assert bot.starts == []


async def test_an_exhausted_interaction_is_dead_lettered(world: World, bot: Bot, process: Process) -> None:
    message = world.command("auto")
    await claimed_by_another(world, message, Progress.NONE, attempts=MAX_ATTEMPTS)
    await world.clock.advance(31)

    assert await process.handle(message, redelivered=True) == DeadLetter("attempts")
    assert (bot.starts, world.calls()) == ([], [])


async def test_whoever_looks_at_thinking_is_told_when_the_attempts_are_used_up(world: World, process: Process) -> None:
    message = world.command("always")
    await defer(world, message)
    await claimed_by_another(world, message, Progress.DEFERRED, attempts=MAX_ATTEMPTS)
    await world.clock.advance(31)

    assert await process.handle(message, redelivered=True) == DeadLetter("attempts")
    assert world.texts(message) == ["Something went wrong. Please try again later."]


@pytest.mark.parametrize("name", ["auto", "always", "never"])
async def test_without_state_an_interaction_runs_unguarded(
    world: World, bot: Bot, process: Process, name: str
) -> None:
    world.claims.unavailable = True
    message = world.command(name)

    assert await process.handle(message) == Ack("handled")

    assert world.texts(message) == ["done"]
    assert process.telemetry.counted(metrics.STATE_FAILURES, "claim") == 1


async def test_without_state_discord_itself_refuses_the_second_answer(world: World, process: Process) -> None:
    world.claims.unavailable = True
    message = world.command("never")
    await process.handle(message)

    assert await process.handle(message, redelivered=True) == Ack("already_answered")
    assert world.texts(message) == ["done"]


async def test_state_that_fails_midway_changes_no_outcome(world: World, bot: Bot) -> None:
    process = Process(world, bot.router)

    class FailingLater(type(world.claims)):  # type: ignore[misc]  # a twin whose writes fail once claimed
        async def note(self, *args: object, **kwargs: object) -> bool:
            raise PortTimeoutError("slow")

        async def complete(self, *args: object) -> object:
            raise PortTimeoutError("slow")

    failing = FailingLater(world.clock)
    process = Process(world, bot.router, claims=failing)
    message = world.command("auto")

    assert await process.handle(message) == Ack("handled")
    assert world.texts(message) == ["done"]
    assert process.telemetry.counted(metrics.STATE_FAILURES, "complete") == 2


# --- where an earlier attempt stopped ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Left:
    """What a killed worker left behind, and what becomes of it.

    Attributes:
        name: Which handler.
        progress: What its claim says.
        at_discord: The first answer that had arrived, if any.
        age_s: Seconds until it is delivered again.
        calls: What Discord is asked then.
    """

    name: str
    progress: Progress
    at_discord: CallbackType | None
    outcome: str
    starts: int
    calls: tuple[str, ...]
    shown: tuple[str | None, ...]
    age_s: float = 31.0


THINKING = CallbackType.DEFERRED_MESSAGE
LEFT = [
    # Nothing was begun: fresh runs, late is shed.
    Left("auto", Progress.NONE, None, "late", 0, (), ()),
    Left("auto", Progress.NONE, None, "handled", 1, ("message",), ("done",), age_s=0.0),
    # Deferred: resumed without a callback, however late.
    Left("always", Progress.DEFERRED, THINKING, "handled", 1, ("edit",), ("done",)),
    Left("auto", Progress.DEFERRED, THINKING, "handled", 1, ("edit",), ("done",)),
    Left("press", Progress.DEFERRED, CallbackType.DEFERRED_UPDATE, "handled", 1, (), (None,)),
    # Deferring: Discord tells whether it had arrived.
    Left("always", Progress.DEFERRING, THINKING, "handled", 1, ("deferred_message", "edit"), ("done",)),
    Left("always", Progress.DEFERRING, None, "expired", 0, ("deferred_message",), ()),
    Left("always", Progress.DEFERRING, None, "handled", 1, ("deferred_message", "edit"), ("done",), age_s=0.0),
    Left("never", Progress.DEFERRING, THINKING, "handled", 1, ("deferred_message", "edit"), ("done",)),
    # Answering: late or never-deferring ones are left alone, since nothing could tell them apart.
    Left("auto", Progress.ANSWERING, CallbackType.MESSAGE, "interrupted", 0, (), (None,)),
    Left("auto", Progress.ANSWERING, None, "interrupted", 0, (), ()),
    Left("never", Progress.ANSWERING, None, "interrupted", 0, (), (), age_s=0.0),
    Left("auto", Progress.ANSWERING, CallbackType.MESSAGE, "interrupted", 0, ("deferred_message",), (None,), age_s=0.0),
    Left("auto", Progress.ANSWERING, None, "handled", 1, ("deferred_message", "edit"), ("done",), age_s=0.0),
    # Answered: never again.
    Left("auto", Progress.ANSWERED, CallbackType.MESSAGE, "interrupted", 0, (), (None,)),
    Left("always", Progress.ANSWERED, THINKING, "interrupted", 0, (), (None,), age_s=0.0),
]


@pytest.mark.parametrize("left", LEFT, ids=lambda left: f"{left.name}-{left.progress}-{left.at_discord}-{left.age_s}")
async def test_a_redelivery_goes_on_where_the_last_worker_stopped(
    world: World, bot: Bot, process: Process, left: Left
) -> None:
    message = world.component(left.name) if left.name == "press" else world.command(left.name)
    if left.at_discord is not None:
        await defer(world, message, left.at_discord)
    await give_up_claim(world, message, left.progress)
    await world.clock.advance(left.age_s)
    world.discord.calls.clear()

    assert await process.handle(message, redelivered=True) == Ack(left.outcome)

    assert bot.starts == [left.name] * left.starts
    assert tuple(world.calls()) == left.calls
    assert tuple(world.texts(message)) == left.shown


async def test_a_resumed_defer_keeps_its_visibility(world: World, process: Process) -> None:
    message = world.command("always")
    await defer(world, message, ephemeral=True)
    await give_up_claim(world, message, Progress.DEFERRING, ephemeral=True)

    await process.handle(message, redelivered=True)

    call = world.discord.calls[1]
    assert call.callback is not None
    assert call.callback.ephemeral


async def test_an_answer_that_turned_out_to_be_missing_is_remembered_as_deferred(world: World, bot: Bot) -> None:
    """Otherwise a second crash would take gp's own defer for the lost answer and leave the user thinking."""
    message = world.command("auto")
    await give_up_claim(world, message, Progress.ANSWERING)
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


@pytest.mark.parametrize(
    ("error", "disposition"),
    [
        (PortTimeoutError("slow"), Retry),
        (PortThrottledError("slow down", retry_after=1), Retry),
        (PortRejectedError("no", code=50035), Ack),
    ],
)
async def test_a_defer_that_cannot_be_found_out_waits_and_one_refused_ends(
    world: World, bot: Bot, process: Process, error: Exception, disposition: type[Disposition]
) -> None:
    message = world.command("always")
    await give_up_claim(world, message, Progress.DEFERRING)
    world.discord.failures.add(error)  # type: ignore[arg-type]  # every one of them is a GpError

    assert isinstance(await process.handle(message, redelivered=True), disposition)
    assert bot.starts == []


async def test_an_admitted_interaction_is_not_asked_again_but_an_unadmitted_one_is(world: World) -> None:
    from gpcore import Cooldown

    router = Router()

    @router.command("once", defer=Defer.always(), cooldown=Cooldown(60))
    async def once(ctx: CommandContext) -> str:
        return "done"

    process = Process(world, router)
    assert await process.handle(world.command("once")) == Ack("handled")
    admitted, killed_before = world.command("once"), world.command("once")
    await defer(world, admitted)
    await give_up_claim(world, admitted, Progress.DEFERRED)
    await defer(world, killed_before)
    await give_up_claim(world, killed_before, Progress.DEFERRING)

    assert await process.handle(admitted, redelivered=True) == Ack("handled")
    assert await process.handle(killed_before, redelivered=True) == Ack("refused")


# --- giving up and giving back ------------------------------------------------------------------------------------


async def test_retry_later_releases_the_claim_and_runs_again_after_its_defer(
    world: World, bot: Bot, process: Process
) -> None:
    bot.retries = 1
    message = world.command("again")

    first = await process.handle(message)
    assert isinstance(first, Retry)
    assert (first.outcome, first.counts, first.error) == ("retried", True, "RetryLater")
    await world.clock.advance(first.after)

    assert await process.handle(retried(message, failures=1)) == Ack("handled")
    assert bot.starts == ["again", "again"]
    assert world.calls() == ["deferred_message", "edit"]
    assert world.texts(message) == ["done"]


async def test_retry_later_ends_with_the_ladder(world: World, bot: Bot, process: Process) -> None:
    bot.retries = 3
    message = world.command("again")

    assert isinstance(await process.handle(message), Retry)
    assert isinstance(await process.handle(retried(message, failures=1)), Retry)
    assert await process.handle(retried(message, failures=2)) == Ack("failed")
    assert world.texts(message) == ["Something went wrong. Please try again later."]


async def test_a_drained_interaction_frees_its_id_before_it_goes_back(world: World, bot: Bot) -> None:
    process = Process(world, bot.router)
    process.slots.close()
    message = world.command("always")

    assert await process.handle(message) == GiveBack("drained")
    result = await Claims(world.claims, world.clock, process.telemetry).claim(Lane.INTERACTIONS, interaction_id(message))

    assert (result.verdict, result.attempts) == (Verdict.CLAIMED, 1), "a drain burns no attempt"
    assert result.progress is Progress.DEFERRED


async def test_a_second_copy_in_the_same_process_joins_the_first(world: World) -> None:
    router = Router()
    starts = []

    @router.command("slow", defer=Defer.always())
    async def slow(ctx: CommandContext) -> str:
        starts.append(1)
        await world.clock.sleep(5)
        return "done"

    process = Process(world, router)
    message = world.command("slow")
    first = asyncio.ensure_future(process.handle(message, seconds=6))
    await asyncio.sleep(0)
    second = asyncio.ensure_future(
        process.interactions.handle(RecordedDelivery(message, lane=Lane.INTERACTIONS, redelivered=True))
    )

    assert await first == Ack("handled")
    assert await second == Ack("joined")
    assert len(starts) == 1


async def defer(
    world: World, message: WireMessage, kind: CallbackType = THINKING, *, ephemeral: bool = False
) -> None:
    """Let an earlier worker's first answer have arrived."""
    from gpadapters.wire.json_codec import JsonCodec

    envelope = JsonCodec().decode(message, received_at_ms=world.now_ms)
    assert envelope.interaction_id is not None
    assert envelope.interaction_token is not None
    message_body = OutgoingMessage() if kind is CallbackType.MESSAGE else None
    callback = Callback(type=kind, ephemeral=ephemeral, message=message_body)
    responder = InMemoryFirstResponder(world.discord)
    await responder.respond(envelope.interaction_id, envelope.interaction_token, callback, timeout=1)


async def give_up_claim(
    world: World, message: WireMessage, progress: Progress, *, ephemeral: bool = False
) -> None:
    """Leave the claim free to take, as after its lease."""
    claim_id = interaction_id(message)
    result = await world.claims.claim(claim_id, owner="killed", lease_us=LEASE_US, max_attempts=MAX_ATTEMPTS)
    if progress is not Progress.NONE:
        await world.claims.note(result.ticket, progress, ephemeral=ephemeral)
    await world.claims.release(result.ticket)
