"""From a delivery of the interactions lane to its disposition: its age, its claim, and what is not ours."""

import asyncio
from dataclasses import replace

import pytest

from gpadapters.memory.claim_store import InMemoryClaimStore
from gpcore import CommandContext, Defer, Router
from gpcore.application.claiming import Claims
from gpcore.domain import metrics
from gpcore.domain.claims import MAX_ATTEMPTS, Completion, Progress, Ticket, Verdict
from gpcore.domain.headers import ATTEMPT, UNREADABLE
from gpcore.domain.messages import CallbackType
from gpcore.domain.settling import Ack, DeadLetter, Disposition, GiveBack, Retry
from gpcore.domain.suspicion import MOST_VANISHED
from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.errors import PortTimeoutError
from tests.builders import an_event_message, an_interaction_message
from tests.unit.application.aftermath import a_retried, answer_at_discord, interaction_id, leave_claim
from tests.unit.application.counting_bot import CountingBot
from tests.unit.application.deliveries import RecordedDelivery
from tests.unit.application.worlds import Process, World

# --- age -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age_ms", "disposition"),
    [
        (-5_001, DeadLetter("future_interaction")),
        (-5_000, Ack("handled")),
        (0, Ack("handled")),
        (2_699, Ack("handled")),
        (2_700, Ack("late")),
        (14 * 60_000, Ack("late")),
        (15 * 60_000, Ack("token_expired")),
    ],
)
async def test_a_first_delivery_is_judged_by_its_age(
    world: World, bot: CountingBot, process: Process, age_ms: int, disposition: Disposition
) -> None:
    message = world.command("auto", age_ms=age_ms)

    assert await process.handle(message) == disposition

    handled = disposition == Ack("handled")
    assert (len(bot.starts), len(world.calls())) == (handled, handled)


async def test_a_late_first_delivery_hints_at_a_clock_that_is_ahead(world: World, process: Process) -> None:
    await process.handle(world.command("auto", age_ms=2_900))

    assert process.telemetry.counted(metrics.CLOCK_SKEW) == 1


async def test_a_late_redelivery_that_nobody_answered_is_shed_once_discord_has_said_so(
    world: World, bot: CountingBot, process: Process
) -> None:
    assert await process.handle(world.command("auto", age_ms=2_900), redelivered=True) == Ack("late")

    assert (bot.starts, world.calls()) == ([], ["thinking"])
    assert process.telemetry.counted(metrics.CLOCK_SKEW) == 0


async def test_a_copy_that_only_waited_for_a_lease_is_no_first_delivery(
    world: World, bot: CountingBot, process: Process
) -> None:
    message = world.command("always")
    await leave_claim(world, message, Progress.DEFERRED, ephemeral=True)
    await answer_at_discord(world, message)

    busy = await process.handle(message, redelivered=True)
    assert isinstance(busy, Retry)
    await world.clock.advance(31)
    copy = a_retried(message, failures=0)
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


async def test_a_message_whose_properties_were_lost_is_dead_lettered(world: World, process: Process) -> None:
    message = replace(world.command("auto"), headers={UNREADABLE: "timestamp"})

    assert await process.handle(message) == DeadLetter("bad_property:timestamp")


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


async def test_a_handled_interaction_is_done(world: World, bot: CountingBot, process: Process) -> None:
    message = world.command("auto")

    assert await process.handle(message) == Ack("handled")
    assert await process.handle(message, redelivered=True) == Ack("duplicate")

    assert bot.starts == ["auto"]
    assert process.telemetry.counted(metrics.CLAIMS, "interactions", "done") == 1


async def test_a_busy_interaction_waits_on_the_ladder_without_burning_an_attempt(
    world: World, bot: CountingBot, process: Process
) -> None:
    message = world.command("auto")
    await leave_claim(world, message, Progress.NONE)

    disposition = await process.handle(message)

    assert isinstance(disposition, Retry)
    assert (disposition.outcome, disposition.counts) == ("busy", False)
    assert 4 <= disposition.after <= 5, "the longest rung, since the lease is longer"
    assert bot.starts == []


async def test_an_exhausted_interaction_is_dead_lettered(world: World, bot: CountingBot, process: Process) -> None:
    message = world.command("auto")
    await leave_claim(world, message, Progress.NONE, attempts=MAX_ATTEMPTS)
    await world.clock.advance(31)

    assert await process.handle(message, redelivered=True) == DeadLetter("attempts")
    assert (bot.starts, world.calls()) == ([], [])


@pytest.mark.parametrize("progress", [Progress.DEFERRING, Progress.DEFERRED, Progress.SPEAKING])
async def test_whoever_looks_at_thinking_is_told_when_the_attempts_are_used_up(
    world: World, process: Process, progress: Progress
) -> None:
    message = world.command("always")
    await answer_at_discord(world, message)
    await leave_claim(world, message, progress, attempts=MAX_ATTEMPTS)
    await world.clock.advance(31)

    assert await process.handle(message, redelivered=True) == DeadLetter("attempts")
    assert world.texts(message) == ["Something went wrong. Please try again later."]


@pytest.mark.parametrize(("vanished", "starts"), [(MOST_VANISHED - 1, ["always"]), (MOST_VANISHED, [])])
async def test_no_further_attempt_is_made_at_what_has_killed_its_workers_and_the_user_is_told(
    world: World, bot: CountingBot, process: Process, vanished: int, starts: list[str]
) -> None:
    message = world.command("always")
    await answer_at_discord(world, message)
    await leave_claim(world, message, Progress.DEFERRED, attempts=vanished)
    await world.clock.advance(31)

    killing = DeadLetter("killed_workers")
    assert await process.handle(message, redelivered=True) == (Ack("handled") if starts else killing)
    assert bot.starts == starts
    assert world.texts(message) == ["done" if starts else "Something went wrong. Please try again later."]
    assert process.telemetry.counted(metrics.SUSPECTS) == (0 if starts else 1)
    assert await process.handle(message, redelivered=True) == Ack("duplicate")


async def test_failures_that_were_told_of_are_no_deaths(world: World, bot: CountingBot, process: Process) -> None:
    message = world.command("always")
    await answer_at_discord(world, message)
    await leave_claim(world, message, Progress.DEFERRED, attempts=MOST_VANISHED)
    await world.clock.advance(31)

    assert await process.handle(a_retried(message, failures=1), redelivered=True) == Ack("handled")


@pytest.mark.parametrize("progress", [Progress.DEFERRING, Progress.SPEAKING])
async def test_whoever_was_told_is_not_told_again_when_the_attempts_are_used_up(
    world: World, process: Process, progress: Progress
) -> None:
    told, never_answered = world.command("always"), world.command("always")
    await answer_at_discord(world, told, CallbackType.MESSAGE)
    for message in (told, never_answered):
        await leave_claim(world, message, progress, attempts=MAX_ATTEMPTS)
    await world.clock.advance(31)

    for message in (told, never_answered):
        assert await process.handle(message, redelivered=True) == DeadLetter("attempts")
    assert (world.texts(told), world.texts(never_answered)) == (["hello"], [])


@pytest.mark.parametrize("name", ["auto", "always", "never"])
async def test_without_state_an_interaction_runs_unguarded(
    world: World, bot: CountingBot, process: Process, name: str
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


class WritesFail(InMemoryClaimStore):
    """Claims, and then knows no more."""

    async def note(self, ticket: Ticket, progress: Progress, *, ephemeral: bool = False, lease_us: int = 0) -> bool:
        raise PortTimeoutError("slow")

    async def complete(self, ticket: Ticket) -> Completion:
        raise PortTimeoutError("slow")


async def test_state_that_fails_midway_changes_no_outcome(world: World, bot: CountingBot) -> None:
    process = Process(world, bot.router, claims=WritesFail(world.clock))
    message = world.command("auto")

    assert await process.handle(message) == Ack("handled")
    assert world.texts(message) == ["done"]
    assert process.telemetry.counted(metrics.STATE_FAILURES, "note") == 2
    assert process.telemetry.counted(metrics.STATE_FAILURES, "complete") == 2


async def test_a_drained_interaction_frees_its_id_before_it_goes_back(world: World, bot: CountingBot) -> None:
    process = Process(world, bot.router)
    process.slots.close()
    message = world.command("always")

    assert await process.handle(message) == GiveBack("drained")
    result = await Claims(world.claims, world.clock, process.telemetry).claim(
        Lane.INTERACTIONS, interaction_id(message)
    )

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
