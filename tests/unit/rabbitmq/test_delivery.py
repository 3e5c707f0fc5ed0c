"""A delivery is settled once, and takes nothing of what the broker says on trust."""

import asyncio

import pytest
from pamqp.commands import Basic

from gpadapters.rabbitmq.delivery import RabbitDelivery
from gpadapters.rabbitmq.incoming import Incoming
from gpcore.domain.wire_message import Lane


class Notes:
    def __init__(self, *, told: bool = True) -> None:
        self.sent: list[tuple[int, bool]] = []
        self.settled = 0
        self._told = told

    async def settle(self, tag: int, *, done: bool) -> bool:
        self.sent.append((tag, done))
        return self._told

    def on_settled(self) -> None:
        self.settled += 1


def a_delivery(notes: Notes, properties: Basic.Properties | None = None) -> RabbitDelivery:
    incoming = Incoming(tag=7, redelivered=True, properties=properties or Basic.Properties(), body=b"{}")
    return RabbitDelivery(incoming, lane=Lane.EVENTS, settle=notes.settle, on_settled=notes.on_settled)


async def test_sends_one_settlement_with_its_own_tag() -> None:
    notes = Notes()
    delivery = a_delivery(notes)
    outcomes = await asyncio.gather(delivery.ack(), delivery.give_back(), delivery.ack())
    assert list(outcomes) == [True, False, False]
    assert notes.sent == [(7, True)]
    assert notes.settled == 1


async def test_says_so_when_the_broker_was_not_told() -> None:
    notes = Notes(told=False)
    assert not await a_delivery(notes).give_back()
    assert (notes.sent, notes.settled) == ([(7, False)], 1)


@pytest.mark.parametrize(("value", "count"), [(3, 3), (0, 0), (-1, 0), (True, 0), ("3", 0), (None, 0)])
def test_reads_the_brokers_count_with_suspicion(value: object, count: int) -> None:
    properties = Basic.Properties(headers={"x-delivery-count": value})  # type: ignore[dict-item]  # hostile on purpose
    assert a_delivery(Notes(), properties).broker_deliveries == count


def test_takes_over_the_properties() -> None:
    properties = Basic.Properties(
        content_type="application/json", content_encoding="utf-8", message_id="id", priority=200, headers={"a": 1}
    )
    delivery = a_delivery(Notes(), properties)
    assert delivery.redelivered
    assert delivery.lane is Lane.EVENTS
    message = delivery.message
    assert (message.content_type, message.content_encoding) == ("application/json", "utf-8")
    assert (message.message_id, message.priority, message.headers, message.body) == ("id", 10, {"a": 1}, b"{}")


def test_absent_properties_are_none() -> None:
    message = a_delivery(Notes()).message
    assert (message.content_type, message.content_encoding, message.message_id) == (None, None, None)
    assert (message.priority, message.headers) == (0, {})
