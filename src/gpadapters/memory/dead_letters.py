"""The in-memory broker's dead-letter queues."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from typing_extensions import override

from gpadapters.memory.broker import InMemoryBroker
from gpadapters.memory.broker_queue import StoredMessage
from gpadapters.memory.consumer import Consumer
from gpadapters.memory.delivery import InMemoryDelivery
from gpcore.domain.headers import without_broker_headers
from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.errors import PortRejectedError, PortUnavailableError
from gpcore.ports.dead_letters import DeadLetters, DeadLetterShelf
from gpcore.ports.delivery import Delivery


class InMemoryDeadLetters(DeadLetters):
    """Takes messages one by one, as ``basic.get`` does."""

    def __init__(self, broker: InMemoryBroker) -> None:
        self._broker = broker

    @override
    @asynccontextmanager
    async def open(self, lane: Lane) -> AsyncIterator[DeadLetterShelf]:
        shelf = _Shelf(self._broker, lane)
        try:
            yield shelf
        finally:
            shelf.close()

    @override
    async def resubmit(self, message: WireMessage, *, lane: Lane) -> None:
        clean = replace(message, headers=without_broker_headers(message.headers))
        self._broker.publish(clean, routing_key=self._broker.layout.queue(lane))


class _Shelf(DeadLetterShelf):
    def __init__(self, broker: InMemoryBroker, lane: Lane) -> None:
        self._broker = broker
        self._lane = lane
        self._queue = broker.layout.dead_letter_queue(lane)
        self._refuse_without_queue()
        self._depth = len(broker.messages(self._queue))
        self._holder = Consumer(self._queue, prefetch=self._depth, hand_over=_kept)
        # Attached, so that a lost connection takes from it what it holds; but it is never handed anything.
        self._holder.consuming = False
        broker.attach(self._holder)

    @property
    @override
    def depth(self) -> int:
        return self._depth

    @override
    async def take(self) -> Delivery | None:
        if self._holder.lost.is_set():
            raise PortUnavailableError(f"look into {self._queue}: the connection is lost")
        stored = self._broker.take(self._holder)
        if stored is None:
            return None
        return InMemoryDelivery(self._broker, self._holder, stored, lane=self._lane, counts_returns=False)

    def close(self) -> None:
        self._broker.disconnect(self._holder)

    def _refuse_without_queue(self) -> None:
        if not self._broker.up:
            raise PortUnavailableError(f"look into {self._queue}: the broker is stopped")
        if not self._broker.has_queue(self._queue):
            raise PortRejectedError(f"look into {self._queue}: there is no such queue", code=404)


def _kept(_consumer: Consumer, _stored: StoredMessage) -> None:
    """Do nothing: what a shelf takes it hands out itself."""
