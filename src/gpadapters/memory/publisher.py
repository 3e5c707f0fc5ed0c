"""Publishes to the in-memory broker."""

from dataclasses import replace

from typing_extensions import override

from gpadapters.memory.broker import InMemoryBroker
from gpcore.domain.headers import without_broker_headers
from gpcore.domain.retrying import SPREAD, rung_for
from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.ports.publisher import Publisher


class InMemoryPublisher(Publisher):
    """What the broker has stored, it has taken responsibility for."""

    def __init__(self, broker: InMemoryBroker) -> None:
        self._broker = broker

    @override
    async def publish(self, message: WireMessage, *, routing_key: str) -> None:
        exchange = self._broker.layout.events_exchange
        self._broker.publish(_clean(message), exchange=exchange, routing_key=routing_key)

    @override
    async def retry(self, message: WireMessage, *, lane: Lane, delay: float) -> None:
        rung = rung_for(delay, delays=self._broker.layout.ladders.of(lane))
        wait = min(max(delay, (1 - SPREAD) * rung), rung)
        queue = self._broker.layout.retry_queue(lane, rung)
        self._broker.publish(_clean(message), routing_key=queue, expiration=wait)

    @override
    async def dead_letter(self, message: WireMessage, *, lane: Lane) -> None:
        self._broker.publish(_clean(message), routing_key=self._broker.layout.dead_letter_queue(lane))


def _clean(message: WireMessage) -> WireMessage:
    return replace(message, headers=without_broker_headers(message.headers))
