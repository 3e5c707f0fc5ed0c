"""RabbitMQ's dead-letter queues, taken from message by message.

What is taken stays unacknowledged until the channel closes, whereupon the broker puts it back in
its place. The death of this process closes the channel too.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiormq.abc import AbstractChannel as Wire
from aiormq.abc import DeliveredMessage
from pamqp.commands import Basic
from typing_extensions import override

from gpadapters.rabbitmq.connection import close_quietly, open_channel, open_connection, wire
from gpadapters.rabbitmq.delivery import RabbitDelivery
from gpadapters.rabbitmq.errors import ask
from gpadapters.rabbitmq.incoming import got
from gpadapters.rabbitmq.names import Names
from gpadapters.rabbitmq.publisher import RabbitPublisher
from gpadapters.rabbitmq.settings import RabbitSettings
from gpadapters.rabbitmq.settlements import Settlements
from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.ports.dead_letters import DeadLetters, DeadLetterShelf
from gpcore.ports.delivery import Delivery


class RabbitDeadLetters(DeadLetters):
    """Opens each queue on a connection of its own; puts back through a publisher."""

    def __init__(self, settings: RabbitSettings, names: Names, publisher: RabbitPublisher) -> None:
        self._settings = settings
        self._names = names
        self._publisher = publisher

    @override
    @asynccontextmanager
    async def open(self, lane: Lane) -> AsyncIterator[DeadLetterShelf]:
        connection = await open_connection(self._settings, name="gp dead letters")
        try:
            channel = await wire(await open_channel(connection, self._settings))
            shelf = _Shelf(channel, self._names.dead_letter_queue(lane), lane, self._settings)
            await shelf.look()
            yield shelf
        finally:
            await close_quietly(connection)

    @override
    async def resubmit(self, message: WireMessage, *, lane: Lane) -> None:
        await self._publisher.put_into(message, queue=self._names.queue(lane))


class _Shelf(DeadLetterShelf):
    """The first message is taken at once: only with a message does the broker say exactly how many are left."""

    def __init__(self, channel: Wire, queue: str, lane: Lane, settings: RabbitSettings) -> None:
        self._channel = channel
        self._queue = queue
        self._lane = lane
        self._settings = settings
        self._settlements = Settlements(channel, timeout=settings.settle_timeout, on_stuck=_nothing)
        self._first: DeliveredMessage | None = None
        self._depth = 0

    @property
    @override
    def depth(self) -> int:
        return self._depth

    async def look(self) -> None:
        """Take the first message and count.

        Raises:
            PortRejectedError: There is no such queue.
            PortUnavailableError: The connection is gone or the broker does not answer.
        """
        self._first = await self._get()
        if self._first is not None and isinstance(self._first.delivery, Basic.GetOk):
            self._depth = (self._first.delivery.message_count or 0) + 1

    @override
    async def take(self) -> Delivery | None:
        raw, self._first = self._first or await self._get(), None
        if raw is None:
            return None
        return RabbitDelivery(got(raw), lane=self._lane, settle=self._settlements.send, on_settled=_nothing)

    async def _get(self) -> DeliveredMessage | None:
        question = self._channel.basic_get(self._queue)
        taken = await ask(question, timeout=self._settings.call_timeout, doing=f"look into {self._queue}")
        return None if isinstance(taken.delivery, Basic.GetEmpty) else taken


def _nothing() -> None:
    """Nobody counts what a shelf holds, and its channel is closed soon in any case."""
