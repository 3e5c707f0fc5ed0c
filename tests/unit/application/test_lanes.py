"""A lane at work: every delivery is settled exactly once, whatever happens to it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

import pytest

from gpadapters.memory.telemetry import InMemoryTelemetry
from gpadapters.wire.json_codec import JsonCodec
from gpcore.application.lanes import LaneRunner
from gpcore.application.settlement import Settler
from gpcore.application.slots import Slots
from gpcore.domain import metrics
from gpcore.domain.settling import Ack, Disposition, Retry
from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.errors import PortUnavailableError
from gpcore.ports.delivery import Delivery
from gpcore.ports.work_in_hand import tell, told
from tests.unit.application.deliveries import HandFedSource, RecordedDelivery, RecordedPublisher
from tests.unit.application.worlds import World

UseCase = Callable[[Delivery], Awaitable[Disposition]]


class RedactionFails(JsonCodec):
    def redact(self, message: WireMessage) -> WireMessage:
        raise RecursionError


class Lanes:
    """One lane around a use case of the test."""

    def __init__(
        self,
        world: World,
        use_case: UseCase,
        *,
        codec: JsonCodec | None = None,
        source: HandFedSource | None = None,
    ) -> None:
        self.world = world
        self.source = source or HandFedSource()
        self.slots = Slots(1)
        self.publisher = RecordedPublisher()
        self.telemetry = InMemoryTelemetry()
        self.runner = LaneRunner(
            Lane.EVENTS,
            source=self.source,
            use_case=use_case,
            slots=(self.slots,),
            settler=Settler(self.publisher, codec or JsonCodec(), world.clock, self.telemetry),
            clock=world.clock,
            telemetry=self.telemetry,
        )

    def push(self) -> RecordedDelivery:
        delivery = RecordedDelivery(self.world.event(), lane=Lane.EVENTS)
        self.source.push(delivery)
        return delivery

    @property
    def gauge(self) -> float:
        return self.telemetry.gauges[(metrics.IN_FLIGHT.name, "events")]


async def at_once(delivery: Delivery) -> Disposition:
    return Ack("handled")


async def for_ever(delivery: Delivery) -> Disposition:
    await asyncio.Event().wait()
    raise AssertionError("it never ends")


def raising(error: BaseException) -> UseCase:
    async def use_case(delivery: Delivery) -> Disposition:
        raise error

    return use_case


async def test_a_delivery_is_worked_on_and_settled(world: World) -> None:
    lanes = Lanes(world, at_once)
    await lanes.runner.start()
    delivery = lanes.push()
    assert lanes.runner.in_flight == 1

    await world.clock.advance(0)

    assert delivery.settled == ["ack"]
    assert (lanes.runner.in_flight, lanes.gauge) == (0, 0)


async def test_a_mistake_in_the_use_case_is_dead_lettered(world: World, caplog: pytest.LogCaptureFixture) -> None:
    lanes = Lanes(world, raising(ZeroDivisionError("bug")))
    await lanes.runner.start()
    delivery = lanes.push()

    await world.clock.advance(0)

    assert delivery.settled == ["ack"]
    [(kind, copy, _)] = lanes.publisher.published
    assert (kind, copy.headers["gp-reason"], copy.headers["gp-error"]) == (
        "dead_letter",
        "internal_error",
        "ZeroDivisionError",
    )
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


async def test_a_mistake_in_settling_gives_the_delivery_back(world: World, caplog: pytest.LogCaptureFixture) -> None:
    lanes = Lanes(world, raising(ZeroDivisionError("bug")), codec=RedactionFails())
    await lanes.runner.start()
    delivery = lanes.push()

    await world.clock.advance(0)

    assert delivery.settled == ["give_back"]
    assert "events: a delivery could not be settled" in caplog.messages


async def test_the_gauge_follows_what_is_in_flight(world: World) -> None:
    lanes = Lanes(world, for_ever)
    await lanes.runner.start()
    lanes.push()
    lanes.push()
    await world.clock.advance(0)
    assert lanes.gauge == 2

    await lanes.runner.cancel()
    await world.clock.advance(0)

    assert (lanes.runner.in_flight, lanes.gauge) == (0, 0)


async def test_finishing_waits_for_what_runs(world: World) -> None:
    async def a_while(delivery: Delivery) -> Disposition:
        await world.clock.sleep(3)
        return Ack("handled")

    lanes = Lanes(world, a_while)
    await lanes.runner.start()
    delivery = lanes.push()

    finishing = asyncio.ensure_future(lanes.runner.finish(10))
    await world.clock.advance(2.9)
    assert not finishing.done()
    await world.clock.advance(0.1)

    assert finishing.done()
    assert delivery.settled == ["ack"]


async def test_finishing_nothing_takes_no_time(world: World) -> None:
    lanes = Lanes(world, at_once)

    await world.run(lanes.runner.finish(10))
    await world.run(lanes.runner.cancel())


async def test_what_does_not_finish_is_cancelled_and_goes_back(world: World, caplog: pytest.LogCaptureFixture) -> None:
    lanes = Lanes(world, for_ever)
    await lanes.runner.start()
    delivery = lanes.push()

    await world.run(lanes.runner.finish(5), seconds=5)
    assert delivery.settled == []
    assert "events: 1 handlers did not finish in time and go back" in caplog.messages
    await lanes.runner.cancel()

    assert delivery.settled == ["give_back"]


async def test_a_delivery_cancelled_while_it_is_settled_goes_back_too(world: World) -> None:
    async def use_case(delivery: Delivery) -> Disposition:
        return Retry("retried", 1.0)

    lanes = Lanes(world, use_case)
    lanes.publisher.failure = PortUnavailableError("down")
    await lanes.runner.start()
    delivery = lanes.push()
    await world.clock.advance(0.5)  # in the pause before it would go back by itself
    assert delivery.settled == []

    await lanes.runner.cancel()

    assert delivery.settled == ["give_back"]


async def test_stopping_closes_the_slots_even_if_the_broker_does_not_answer(world: World) -> None:
    class Stubborn(HandFedSource):
        async def stop(self) -> None:
            await asyncio.Event().wait()

    lanes = Lanes(world, at_once, source=Stubborn())
    await lanes.runner.start()

    stopping = asyncio.ensure_future(lanes.runner.stop_consuming())
    await world.clock.advance(1)

    assert lanes.slots.closed
    assert not stopping.done()
    stopping.cancel()


async def test_a_delivery_begins_in_the_context_that_its_lane_was_started_in(world: World) -> None:
    # In memory the publisher's task hands it over: what that one works on is not what the delivery is about.
    seen: list[Mapping[str, str]] = []

    async def look(delivery: Delivery) -> Disposition:
        seen.append(told())
        tell(event_id="its own")
        return Ack("handled")

    lanes = Lanes(world, look)
    tell(handler="who started it")
    await lanes.runner.start()
    tell(handler="who published it")
    for _ in range(2):
        lanes.push()
        await world.clock.advance(1)

    assert seen == [{"handler": "who started it"}] * 2


async def test_the_time_from_receipt_to_settlement_is_measured(world: World) -> None:
    async def work(delivery: Delivery) -> Disposition:
        await world.clock.sleep(2.5)
        return Ack("handled")

    lanes = Lanes(world, work)
    await lanes.runner.start()
    lanes.push()
    await world.clock.advance(3)

    assert lanes.telemetry.observations[metrics.PROCESS_DURATION.name, "events"] == pytest.approx([2.5])
