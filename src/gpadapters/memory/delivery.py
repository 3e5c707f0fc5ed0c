"""One message from the in-memory broker."""

from dataclasses import replace

from typing_extensions import override

from gpadapters.memory.broker import InMemoryBroker
from gpadapters.memory.broker_queue import StoredMessage
from gpadapters.memory.consumer import Consumer
from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.ports.delivery import Delivery


class InMemoryDelivery(Delivery):
    """A delivery to the consumer that it was handed to; settled there or not at all."""

    __slots__ = ("_broker", "_consumer", "_counted", "_lane", "_message", "_redelivered", "_settled", "_stored")

    def __init__(
        self, broker: InMemoryBroker, consumer: Consumer, stored: StoredMessage, *, lane: Lane, counts_returns: bool
    ) -> None:
        self._broker = broker
        self._consumer = consumer
        self._stored = stored
        self._lane = lane
        self._settled = False
        self._redelivered = stored.handed_out > 1
        self._counted = stored.returned if counts_returns else 0
        self._message = _with_count(stored.message, self._counted)

    @property
    @override
    def lane(self) -> Lane:
        return self._lane

    @property
    @override
    def message(self) -> WireMessage:
        return self._message

    @property
    @override
    def redelivered(self) -> bool:
        return self._redelivered

    @property
    @override
    def broker_deliveries(self) -> int:
        return self._counted

    @override
    async def ack(self) -> bool:
        return self._settle(done=True)

    @override
    async def give_back(self) -> bool:
        return self._settle(done=False)

    def _settle(self, *, done: bool) -> bool:
        if self._settled:
            return False
        self._settled = True
        return self._broker.settle(self._consumer, self._stored, done=done)


def _with_count(message: WireMessage, count: int) -> WireMessage:
    return replace(message, headers={**message.headers, "x-delivery-count": count}) if count else message
