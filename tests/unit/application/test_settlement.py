"""Carrying out a disposition: publish first, settle after."""

import json

import pytest

from gpadapters.memory.telemetry import InMemoryTelemetry
from gpadapters.wire.json_codec import JsonCodec
from gpcore.application.settlement import Settler
from gpcore.domain import metrics
from gpcore.domain.headers import ATTEMPT, ERROR, FIRST_SEEN, ORIGIN, REASON
from gpcore.domain.settling import Ack, DeadLetter, Disposition, GiveBack, Retry
from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.errors import PortRejectedError, PortUnavailableError
from tests.builders import a_message, a_v1_body
from tests.unit.application.deliveries import RecordedDelivery, RecordedPublisher
from tests.unit.application.worlds import World


class Desk:
    """A settler with its surroundings."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.journal: list[str] = []
        self.publisher = RecordedPublisher(self.journal)
        self.telemetry = InMemoryTelemetry()
        self.settler = Settler(self.publisher, JsonCodec(), world.clock, self.telemetry)

    def a_delivery(self, message: WireMessage, *, lane: Lane = Lane.EVENTS, told: bool = True) -> RecordedDelivery:
        return RecordedDelivery(message, lane=lane, told=told, journal=self.journal)

    async def settle(self, disposition: Disposition, message: WireMessage, *, lane: Lane = Lane.EVENTS) -> None:
        await self.world.run(self.settler.settle(self.a_delivery(message, lane=lane), disposition), seconds=2)


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


@pytest.mark.parametrize(
    ("disposition", "journal", "outcome"),
    [
        (Ack("handled"), ["ack"], "handled"),
        (GiveBack("drained"), ["give_back"], "drained"),
        (Retry("retried", 4.5), ["retry", "ack"], "retried"),
        (DeadLetter("attempts"), ["dead_letter", "ack"], "dead_lettered"),
    ],
)
async def test_a_copy_is_published_before_the_original_is_acknowledged(
    desk: Desk, disposition: Disposition, journal: list[str], outcome: str
) -> None:
    await desk.settle(disposition, desk.world.event())

    assert desk.journal == journal
    assert desk.telemetry.counted(metrics.DELIVERIES, "events", outcome) == 1
    assert desk.telemetry.counted(metrics.LOST_ACKS) == 0


@pytest.mark.parametrize("error", [PortUnavailableError("down"), PortRejectedError("the queue is missing")])
@pytest.mark.parametrize(("disposition", "kind"), [(Retry("retried", 1), "retry"), (DeadLetter("x"), "dead_letter")])
async def test_a_copy_that_cannot_be_published_sends_the_original_back_after_a_pause(
    desk: Desk, disposition: Disposition, kind: str, error: Exception
) -> None:
    desk.publisher.failure = error
    started = desk.world.clock.monotonic()

    settling = desk.settler.settle(desk.a_delivery(desk.world.event()), disposition)
    await desk.world.run(settling, seconds=1)

    assert desk.journal == [f"{kind}_failed", "give_back"]
    assert desk.world.clock.monotonic() - started == 1
    assert desk.telemetry.counted(metrics.DELIVERIES, "events", "publish_failed") == 1


async def test_a_settlement_that_the_broker_was_not_told_of_is_counted(desk: Desk) -> None:
    await desk.settler.settle(desk.a_delivery(desk.world.event(), told=False), Ack("handled"))

    assert desk.telemetry.counted(metrics.LOST_ACKS, "events") == 1


async def test_a_retried_copy_counts_its_attempts_and_sheds_the_brokers_headers(desk: Desk) -> None:
    message = a_message(b"{}", headers={"x-death": [1], "X-Delivery-Count": 3, "shardId": 2, ATTEMPT: 1})

    await desk.settle(Retry("retried", 4.5, error="ValueError"), message)

    [(kind, copy, delay)] = desk.publisher.published
    assert (kind, delay, copy.body) == ("retry", 4.5, message.body)
    now_ms = desk.world.now_ms
    assert copy.headers == {"shardId": 2, ATTEMPT: 2, FIRST_SEEN: pytest.approx(now_ms, abs=2_000), ERROR: "ValueError"}
    assert desk.telemetry.counted(metrics.RETRIES, "events") == 1


async def test_waiting_for_another_owner_burns_no_attempt(desk: Desk) -> None:
    await desk.settle(Retry("busy", 5.0, counts=False), a_message(b"{}", headers={ATTEMPT: 2, FIRST_SEEN: 5}))

    [(_, copy, _)] = desk.publisher.published
    assert copy.headers == {ATTEMPT: 2, FIRST_SEEN: 5}


async def test_a_dead_letter_says_why_and_where_from_and_hides_the_token(desk: Desk) -> None:
    body = a_v1_body("01-command-no-options")

    await desk.settle(DeadLetter("internal_error", error="KeyError"), a_message(body), lane=Lane.INTERACTIONS)

    [(kind, copy, _)] = desk.publisher.published
    assert kind == "dead_letter"
    assert (copy.headers[REASON], copy.headers[ORIGIN], copy.headers[ERROR]) == (
        "internal_error",
        "interactions",
        "KeyError",
    )
    assert body["interactionToken"].encode() not in copy.body
    assert json.loads(copy.body)["interactionId"] == body["interactionId"]


@pytest.mark.parametrize(
    ("dead", "label"),
    [
        (DeadLetter("missing_field:eventId"), "missing_field"),
        (DeadLetter("attempts", error="ValueError"), "attempts"),
        (DeadLetter("user 430305391411331087 spams", error="Reject"), "rejected"),
    ],
)
async def test_a_metric_never_takes_a_text_from_outside_as_its_label(desk: Desk, dead: DeadLetter, label: str) -> None:
    await desk.settle(dead, desk.world.event())

    assert desk.telemetry.counted(metrics.DEAD_LETTERS, "events", label) == 1
    assert desk.publisher.published[0][1].headers[REASON] == dead.reason
