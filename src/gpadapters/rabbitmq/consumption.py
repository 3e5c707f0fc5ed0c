"""One consumer on one channel, from ``basic.consume`` to its loss.

The client library would run a consumer's callback in a task that it cancels when the channel closes.
So deliveries are taken off the stream before it, and handlers run in tasks of gp's own.
"""

import asyncio

from aiormq.abc import AbstractChannel as Wire
from aiormq.abc import DeliveredMessage
from pamqp.commands import Basic

from gpadapters.rabbitmq.delivery import RabbitDelivery
from gpadapters.rabbitmq.errors import ask
from gpadapters.rabbitmq.incoming import Incoming
from gpadapters.rabbitmq.settings import RabbitSettings
from gpadapters.rabbitmq.settlements import Settlements
from gpcore.domain.wire_message import Lane
from gpcore.errors import PortError, PortRejectedError, PortUnavailableError
from gpcore.ports.delivery import Receive


class Consumption:
    """Consumes one queue and notices when it no longer does."""

    def __init__(
        self, channel: Wire, *, queue: str, lane: Lane, prefetch: int, receive: Receive, settings: RabbitSettings
    ) -> None:
        """Prepare; ``begin`` starts it.

        Args:
            channel: A fresh channel that nothing else uses.
            queue: What to consume.
            lane: Marked on each delivery.
            prefetch: Most unsettled deliveries.
            receive: Takes deliveries over.
            settings: Time-outs.
        """
        self._channel = channel
        self._queue = queue
        self._lane = lane
        self._prefetch = prefetch
        self._receive = receive
        self._settings = settings
        self._tag: str | None = None
        self._loop = asyncio.get_running_loop()
        self._lost = self._loop.create_future()
        self._unsettled = 0
        self._last_activity = self._now()
        self._stopping = False
        self._late: list[RabbitDelivery] = []
        self._settlements = Settlements(
            channel, timeout=settings.settle_timeout, on_stuck=lambda: self._lose("settlement_stuck")
        )

    async def begin(self) -> None:
        """Start to consume.

        Raises:
            PortUnavailableError: The connection is gone or the broker does not answer.
        """
        self._channel.closing.add_done_callback(self._on_closed)
        self._channel.on_consumer_cancel_callbacks.add(self._on_cancelled)
        timeout = self._settings.call_timeout
        try:
            await ask(self._channel.basic_qos(prefetch_count=self._prefetch), timeout=timeout, doing="set the prefetch")
            consume = self._channel.basic_consume(self._queue, _taken_before)
            self._tag = (await ask(consume, timeout=timeout, doing=f"consume {self._queue}")).consumer_tag
        except PortRejectedError as refusal:
            raise PortUnavailableError(str(refusal)) from None

    async def lost_within(self, seconds: float) -> str | None:
        """Wait for the loss of the consumer.

        Returns:
            The reason in a word, or ``None`` if it still consumed after ``seconds``.
        """
        await asyncio.wait((self._lost,), timeout=seconds)
        return self._lost.result() if self._lost.done() else None

    def fault(self, *, ready: int, consumers: int) -> str | None:
        """Judge what the broker says about the queue.

        Args:
            ready: Messages that wait.
            consumers: Consumers that the broker knows.

        Returns:
            The reason in a word why this consumer is lost, or ``None``.
        """
        if self._stopping or not ready:
            return None
        if not consumers:
            return "consumer_lost"
        idle = not self._unsettled and self._now() - self._last_activity > self._settings.stall_after
        return "stalled" if idle else None

    async def end(self) -> None:
        """Stop to consume and give back what raced it; the channel stays open for settlements."""
        self._stopping = True
        if self._tag is not None:
            try:
                await ask(self._channel.basic_cancel(self._tag), timeout=self._settings.settle_timeout, doing="cancel")
            except PortError:
                self._lose("cancel_failed")
        late, self._late = self._late, []
        for delivery in late:
            await delivery.give_back()

    def take(self, incoming: Incoming) -> None:
        """Hand a delivery of the channel over."""
        self._unsettled += 1
        self._last_activity = self._now()
        delivery = RabbitDelivery(incoming, lane=self._lane, settle=self._settlements.send, on_settled=self._on_settled)
        if self._stopping:
            self._late.append(delivery)
        else:
            self._receive(delivery)

    def _on_settled(self) -> None:
        self._unsettled -= 1
        self._last_activity = self._now()

    def _on_cancelled(self, _: Basic.Cancel) -> None:
        self._lose("consumer_cancelled")

    def _on_closed(self, _: object) -> None:
        self._lose("connection_lost" if self._channel.connection.is_closed else "channel_closed")

    def _lose(self, reason: str) -> None:
        if not self._lost.done():
            self._lost.set_result(reason)

    def _now(self) -> float:
        return self._loop.time()


async def _taken_before(_: DeliveredMessage) -> None:
    """Never called: the library asks for a callback, but sees no delivery of this channel."""
    raise AssertionError("a delivery reached the client library")
