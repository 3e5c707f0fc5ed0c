"""The events lane: what becomes of an event whose handler fails."""

import asyncio
import logging

import pytest

from gpcore import EventContext, MemberJoin, Reject, RetryLater
from gpcore.application.edge import Timing
from gpcore.domain import metrics
from gpcore.domain.retrying import EVENT_DELAYS
from gpcore.domain.settling import Ack, DeadLetter, Disposition, Retry
from gpcore.domain.wire_message import Lane
from gpcore.errors import (
    ConfigurationError,
    PortRejectedError,
    PortThrottledError,
    PortUnavailableError,
)
from tests.unit.application.deliveries import RecordedDelivery
from tests.unit.application.joins import Joins, claim_for_another, failed, raising
from tests.unit.application.worlds import Process, World


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
