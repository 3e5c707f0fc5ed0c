"""A delivery is settled once, in time, or its channel is given up."""

import asyncio
from collections.abc import Callable

import pytest
from aiormq.abc import DeliveredMessage
from aiormq.exceptions import ChannelInvalidStateError
from pamqp.commands import Basic
from pamqp.header import ContentHeader

from gpadapters.rabbitmq.delivery import RabbitDelivery
from gpcore.domain.wire_message import Lane


class Channel:
    """Answers settlements as told."""

    def __init__(self, answer: Callable[[], object] | None = None) -> None:
        self.sent: list[tuple[str, int]] = []
        self._answer = answer

    async def basic_ack(self, delivery_tag: int) -> None:
        await self._settle("ack", delivery_tag)

    async def basic_nack(self, delivery_tag: int) -> None:
        await self._settle("nack", delivery_tag)

    async def _settle(self, kind: str, delivery_tag: int) -> None:
        if self._answer is None:
            await asyncio.Event().wait()
        self._answer()  # type: ignore[misc]  # None waits for ever above
        self.sent.append((kind, delivery_tag))


class Notes:
    def __init__(self) -> None:
        self.settled = 0
        self.stuck = 0

    def on_settled(self) -> None:
        self.settled += 1

    def on_stuck(self) -> None:
        self.stuck += 1


def a_delivery(
    channel: Channel, notes: Notes, *, timeout: float = 1, properties: Basic.Properties | None = None
) -> RabbitDelivery:
    raw = DeliveredMessage(
        delivery=Basic.Deliver(consumer_tag="c", delivery_tag=7, redelivered=True, exchange="", routing_key=""),
        header=ContentHeader(body_size=2, properties=properties or Basic.Properties()),
        body=b"{}",
        channel=channel,  # type: ignore[arg-type]  # all that a delivery needs of one
    )
    return RabbitDelivery(raw, lane=Lane.EVENTS, timeout=timeout, on_settled=notes.on_settled, on_stuck=notes.on_stuck)


async def test_sends_one_settlement_with_its_own_tag() -> None:
    channel, notes = Channel(lambda: None), Notes()
    delivery = a_delivery(channel, notes)
    outcomes = await asyncio.gather(delivery.ack(), delivery.give_back(), delivery.ack())
    assert list(outcomes) == [True, False, False]
    assert channel.sent == [("ack", 7)]
    assert (notes.settled, notes.stuck) == (1, 0)


async def test_returns_false_when_the_channel_is_gone() -> None:
    def gone() -> None:
        raise ChannelInvalidStateError

    notes = Notes()
    assert not await a_delivery(Channel(gone), notes).give_back()
    assert (notes.settled, notes.stuck) == (1, 0)


async def test_gives_the_channel_up_when_a_settlement_does_not_leave_in_time() -> None:
    notes = Notes()
    assert not await a_delivery(Channel(), notes, timeout=0.01).ack()
    assert (notes.settled, notes.stuck) == (1, 1)


async def test_a_settlement_goes_out_although_its_caller_is_cancelled() -> None:
    channel, notes = Channel(lambda: None), Notes()
    caller = asyncio.create_task(a_delivery(channel, notes).ack())
    await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await asyncio.sleep(0)
    assert channel.sent == [("ack", 7)]
    assert notes.settled == 1


@pytest.mark.parametrize(("value", "count"), [(3, 3), (0, 0), (-1, 0), (True, 0), ("3", 0), (None, 0)])
def test_reads_the_brokers_count_with_suspicion(value: object, count: int) -> None:
    properties = Basic.Properties(headers={"x-delivery-count": value})  # type: ignore[dict-item]  # hostile on purpose
    assert a_delivery(Channel(), Notes(), properties=properties).broker_deliveries == count


def test_takes_over_the_properties() -> None:
    properties = Basic.Properties(
        content_type="application/json", content_encoding="utf-8", message_id="id", priority=200, headers={"a": 1}
    )
    delivery = a_delivery(Channel(), Notes(), properties=properties)
    assert delivery.redelivered
    assert delivery.lane is Lane.EVENTS
    message = delivery.message
    assert (message.content_type, message.content_encoding) == ("application/json", "utf-8")
    assert (message.message_id, message.priority, message.headers, message.body) == ("id", 10, {"a": 1}, b"{}")


def test_absent_properties_are_none() -> None:
    message = a_delivery(Channel(), Notes()).message
    assert (message.content_type, message.content_encoding, message.message_id) == (None, None, None)
    assert (message.priority, message.headers) == (0, {})
