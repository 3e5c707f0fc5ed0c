"""The events lane: from a delivery to its disposition."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import count

import pytest

from gpadapters.wire.encoding import encode_frame
from gpcore import Dispatch, EventContext, MemberJoin, Reject, RetryLater, Router
from gpcore.application.edge import Timing
from gpcore.domain import metrics
from gpcore.domain.claims import LEASE_US, MAX_ATTEMPTS, Verdict
from gpcore.domain.headers import retry_headers
from gpcore.domain.retrying import EVENT_DELAYS
from gpcore.domain.settling import Ack, DeadLetter, Disposition, GiveBack, Retry
from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.errors import (
    ConfigurationError,
    PortRejectedError,
    PortThrottledError,
    PortUnavailableError,
)
from tests.builders import an_event_message
from tests.unit.application.deliveries import RecordedDelivery
from tests.unit.application.worlds import Process, World

KILLED = count(1)
Body = Callable[[EventContext[MemberJoin]], Awaitable[None]]


class Joins:
    """A bot that counts who joined and then does as told."""

    def __init__(self, body: Body | None = None, *, if_state_down: str = "run") -> None:
        self.router = Router()
        self.starts: list[EventContext[MemberJoin]] = []

        @self.router.event("member.join", if_state_down=if_state_down)  # type: ignore[arg-type]  # one of the two
        async def welcome(ctx: EventContext[MemberJoin]) -> None:
            self.starts.append(ctx)
            if body is not None:
                await body(ctx)


def raising(error: Exception) -> Body:
    async def body(ctx: EventContext[MemberJoin]) -> None:
        raise error

    return body


def failed(message: WireMessage, failures: int) -> WireMessage:
    return replace(message, headers=retry_headers(message.headers, failures=failures, now_ms=1))


async def claim_for_another(world: World, message: WireMessage) -> None:
    """Claim as a worker does that is killed then; each is another one."""
    assert message.message_id is not None
    result = await world.claims.claim(
        message.message_id, owner=f"killed/{next(KILLED)}", lease_us=LEASE_US, max_attempts=MAX_ATTEMPTS
    )
    assert result.verdict is Verdict.CLAIMED


# --- once ----------------------------------------------------------------------------------------------------------


async def test_an_event_is_handled_once(world: World) -> None:
    bot = Joins()
    process = Process(world, bot.router)
    message = world.event()

    assert await process.process(message) == Ack("handled")
    assert await process.process(message, redelivered=True) == Ack("duplicate")

    [ctx] = bot.starts
    assert isinstance(ctx.event, MemberJoin)
    assert (ctx.event.user_id, ctx.event_id, ctx.fence) == ("1055998240358531089", message.message_id, 1)


async def test_a_busy_event_waits_without_burning_an_attempt(world: World) -> None:
    bot = Joins()
    message = world.event()
    await claim_for_another(world, message)
    await world.clock.advance(10)

    disposition = await Process(world, bot.router).process(message)

    assert isinstance(disposition, Retry)
    assert (disposition.outcome, disposition.counts, disposition.error) == ("busy", False, None)
    assert 24 <= disposition.after <= 30, "what is left of the lease, on the ladder"
    assert bot.starts == []


async def test_an_event_whose_owner_died_is_taken_over_with_a_larger_fence(world: World) -> None:
    bot = Joins()
    message = world.event()
    await claim_for_another(world, message)
    await world.clock.advance(31)

    assert await Process(world, bot.router).process(message, redelivered=True) == Ack("handled")
    assert bot.starts[0].fence == 2


async def test_an_event_that_killed_every_worker_is_dead_lettered(world: World) -> None:
    message = world.event()
    for _ in range(MAX_ATTEMPTS):
        await claim_for_another(world, message)
        await world.clock.advance(31)

    bot = Joins()
    assert await Process(world, bot.router).process(message, redelivered=True) == DeadLetter("attempts")
    assert bot.starts == []


async def test_two_copies_in_one_process_are_handled_once(world: World) -> None:
    async def body(ctx: EventContext[MemberJoin]) -> None:
        await world.clock.sleep(1)

    bot = Joins(body)
    process = Process(world, bot.router)
    message = world.event()
    first = asyncio.ensure_future(process.process(message, seconds=2))
    await asyncio.sleep(0)
    second = asyncio.ensure_future(process.events.handle(RecordedDelivery(message, lane=Lane.EVENTS, redelivered=True)))

    assert (await first, await second) == (Ack("handled"), Ack("joined"))
    assert len(bot.starts) == 1


# --- whose it is ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fixture", "wire_format", "outcome"),
    [
        ("29-guild-create-join", "v1", "unhandled"),
        ("26-guild-member-update-roles", "frame", "unhandled"),
    ],
)
async def test_an_event_that_nobody_handles_is_acknowledged(
    world: World, fixture: str, wire_format: str, outcome: str
) -> None:
    message = an_event_message(fixture, wire_format=wire_format, now_ms=world.now_ms)  # type: ignore[arg-type]  # one of the formats

    assert await Process(world, Joins().router).process(message) == Ack(outcome)


async def test_an_event_of_an_unknown_type_is_acknowledged_under_its_own_name(world: World) -> None:
    message = an_event_message(eventType="weather.rain")

    assert await Process(world, Joins().router).process(message) == Ack("unknown_event_type")


async def test_a_dispatch_that_gp_does_not_model_is_handled_by_discords_name(world: World) -> None:
    seen: list[Dispatch] = []
    router = Router()

    @router.event("GUILD_ROLE_CREATE")
    async def role(ctx: EventContext[Dispatch]) -> None:
        seen.append(ctx.event)

    raw = {"guild_id": "849255963033731074", "role": {"id": "861033568665731085"}}
    message = encode_frame("GUILD_ROLE_CREATE", raw, sequence=7).message

    assert await Process(world, router).process(message) == Ack("handled")
    assert seen == [Dispatch(name="GUILD_ROLE_CREATE", data=raw, guild_id="849255963033731074")]


async def test_an_interaction_in_the_events_queue_is_acknowledged(world: World) -> None:
    assert await Process(world, Joins().router).process(world.command("ping")) == Ack("wrong_queue")


# --- failures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "disposition"),
    [
        (Reject("spam"), DeadLetter("spam", error="Reject")),
        (PortRejectedError("no", code=50013), DeadLetter("permanent", error="PortRejectedError")),
        (ConfigurationError("no bot token"), DeadLetter("permanent", error="ConfigurationError")),
    ],
)
async def test_what_cannot_be_mended_by_waiting_is_dead_lettered_at_once(
    world: World, error: Exception, disposition: Disposition
) -> None:
    assert await Process(world, Joins(raising(error)).router).process(world.event()) == disposition


@pytest.mark.parametrize("failures", range(6))
async def test_a_failure_climbs_the_ladder_to_the_dead_letters(world: World, failures: int) -> None:
    process = Process(world, Joins(raising(ZeroDivisionError())).router)

    disposition = await process.process(failed(world.event(), failures))

    if failures == len(EVENT_DELAYS):
        assert disposition == DeadLetter("attempts", error="ZeroDivisionError")
    else:
        assert isinstance(disposition, Retry)
        assert (disposition.outcome, disposition.counts, disposition.error) == ("retried", True, "ZeroDivisionError")
        assert 0.8 * EVENT_DELAYS[failures] <= disposition.after <= EVENT_DELAYS[failures]


async def test_attempts_that_killed_their_worker_count_though_no_header_says_so(world: World) -> None:
    message = world.event()
    for _ in range(3):
        await claim_for_another(world, message)
        await world.clock.advance(31)
    process = Process(world, Joins(raising(ZeroDivisionError())).router)

    disposition = await process.process(message, redelivered=True)

    assert isinstance(disposition, Retry)
    assert 96 <= disposition.after <= 120, "the fourth rung for the fourth attempt"


@pytest.mark.parametrize(
    ("error", "at_least", "logged"),
    [
        (RetryLater(), 0.8, False),
        (RetryLater(after=20), 20, False),
        (PortThrottledError("slow down", retry_after=70), 70, False),
        (PortUnavailableError("down"), 0.8, True),
    ],
)
async def test_who_asks_for_a_wait_gets_it(
    world: World, error: Exception, at_least: float, logged: bool, caplog: pytest.LogCaptureFixture
) -> None:
    disposition = await Process(world, Joins(raising(error)).router).process(world.event())

    assert isinstance(disposition, Retry)
    assert disposition.after >= at_least
    assert bool([record for record in caplog.records if record.levelno == logging.ERROR]) is logged


async def test_a_failed_event_is_free_for_its_next_attempt_at_once(world: World) -> None:
    errors: list[Exception | None] = [ZeroDivisionError(), None]

    async def body(ctx: EventContext[MemberJoin]) -> None:
        error = errors.pop(0)
        if error is not None:
            raise error

    process = Process(world, Joins(body).router)
    message = world.event()

    assert isinstance(await process.process(message), Retry)
    assert await process.process(failed(message, 1)) == Ack("handled")


async def test_a_handler_that_runs_too_long_is_stopped_and_tried_again(world: World) -> None:
    async def body(ctx: EventContext[MemberJoin]) -> None:
        await asyncio.Event().wait()

    process = Process(world, Joins(body).router, timing=Timing(handler_timeout=5))

    disposition = await process.process(world.event(), seconds=6)

    assert isinstance(disposition, Retry)
    assert disposition.error == "HandlerTimeoutError"
    assert process.telemetry.observations[
        (metrics.HANDLER_DURATION.name, "event:member.join", "HandlerTimeoutError")
    ] == [5.0]


async def test_a_cancelled_event_frees_its_id_and_burns_no_attempt(world: World) -> None:
    async def body(ctx: EventContext[MemberJoin]) -> None:
        await asyncio.Event().wait()

    process = Process(world, Joins(body).router)
    message = world.event()
    task = asyncio.ensure_future(process.events.handle(RecordedDelivery(message, lane=Lane.EVENTS)))
    await world.clock.advance(1)

    task.cancel()
    await asyncio.wait([task])

    assert task.cancelled()
    bot = Joins()
    assert await Process(world, bot.router).process(message, redelivered=True) == Ack("handled")
    assert bot.starts[0].fence == 2


# --- state down ----------------------------------------------------------------------------------------------------


async def test_without_state_an_event_runs_unguarded_by_default(world: World) -> None:
    world.claims.unavailable = True
    bot = Joins()
    process = Process(world, bot.router)

    assert await process.process(world.event()) == Ack("handled")
    assert bot.starts[0].fence == 0
    assert process.telemetry.counted(metrics.STATE_FAILURES, "claim") == 1


async def test_without_state_a_failed_event_still_climbs_the_ladder(world: World) -> None:
    world.claims.unavailable = True
    process = Process(world, Joins(raising(ZeroDivisionError())).router)

    disposition = await process.process(failed(world.event(), 2))

    assert isinstance(disposition, Retry)
    assert disposition.after >= 24


async def test_an_event_that_waits_for_the_state_runs_once_it_is_back(world: World) -> None:
    world.claims.unavailable = True
    bot = Joins(if_state_down="wait")
    process = Process(world, bot.router)
    task = asyncio.ensure_future(process.events.handle(RecordedDelivery(world.event(), lane=Lane.EVENTS)))

    await world.clock.advance(300)
    assert bot.starts == []
    world.claims.unavailable = False
    await world.clock.advance(10)

    assert task.result() == Ack("handled")
    assert bot.starts[0].fence == 1


async def test_an_event_goes_back_before_the_broker_takes_it_away(world: World) -> None:
    world.claims.unavailable = True
    bot = Joins(if_state_down="wait")

    disposition = await Process(world, bot.router).process(world.event(), seconds=21 * 60)

    assert disposition == GiveBack("state_down")
    assert bot.starts == []


async def test_a_drain_ends_the_waiting_for_the_state(world: World) -> None:
    world.claims.unavailable = True
    process = Process(world, Joins(if_state_down="wait").router)
    task = asyncio.ensure_future(process.events.handle(RecordedDelivery(world.event(), lane=Lane.EVENTS)))
    await world.clock.advance(60)

    process.event_slots.close()
    await world.clock.advance(10)

    assert task.result() == GiveBack("state_down")


async def test_an_event_that_waited_may_find_that_another_has_done_it(world: World) -> None:
    world.claims.unavailable = True
    bot = Joins(if_state_down="wait")
    message = world.event()
    process = Process(world, bot.router)
    task = asyncio.ensure_future(process.events.handle(RecordedDelivery(message, lane=Lane.EVENTS)))
    await world.clock.advance(1)

    world.claims.unavailable = False
    await Process(world, Joins().router).process(message)
    await world.clock.advance(10)

    assert task.result() == Ack("duplicate")
    assert bot.starts == []


# --- slots ---------------------------------------------------------------------------------------------------------


async def test_no_more_handlers_run_than_there_are_slots(world: World) -> None:
    async def body(ctx: EventContext[MemberJoin]) -> None:
        await world.clock.sleep(1)

    bot = Joins(body)
    process = Process(world, bot.router, slots=2)
    tasks = [
        asyncio.ensure_future(process.events.handle(RecordedDelivery(world.event(), lane=Lane.EVENTS)))
        for _ in range(5)
    ]

    await world.clock.advance(0.5)
    assert len(bot.starts) == 2
    await world.clock.advance(3)

    assert [task.result() for task in tasks] == [Ack("handled")] * 5


async def test_an_event_that_waits_for_a_slot_goes_back_unclaimed_when_the_slots_close(world: World) -> None:
    async def body(ctx: EventContext[MemberJoin]) -> None:
        await world.clock.sleep(1)

    process = Process(world, Joins(body).router, slots=1)
    messages = [world.event(), world.event()]
    tasks = [
        asyncio.ensure_future(process.events.handle(RecordedDelivery(message, lane=Lane.EVENTS)))
        for message in messages
    ]
    await world.clock.advance(0.5)

    process.event_slots.close()
    await world.clock.advance(1)

    assert [task.result() for task in tasks] == [Ack("handled"), GiveBack("drained")]
    bot = Joins()
    await Process(world, bot.router).process(messages[1])
    assert bot.starts[0].fence == 1
