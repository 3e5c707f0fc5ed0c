"""Feeds one lane from the in-memory broker."""

import asyncio

from typing_extensions import override

from gpadapters.memory.broker import InMemoryBroker
from gpadapters.memory.broker_queue import StoredMessage
from gpadapters.memory.consumer import Consumer
from gpadapters.memory.delivery import InMemoryDelivery
from gpadapters.memory.topology import examine
from gpcore.domain.wire_message import Lane
from gpcore.errors import ConfigurationError
from gpcore.ports.delivery import Delivery, DeliverySource, Receive


class InMemoryDeliverySource(DeliverySource):
    """Consumes the lane's queue whenever the broker is up and has it."""

    def __init__(self, broker: InMemoryBroker, *, lane: Lane, prefetch: int) -> None:
        """Prepare; ``start`` connects.

        Args:
            broker: Where the queue is.
            lane: Which queue to consume.
            prefetch: Most unsettled deliveries.
        """
        self._broker = broker
        self._lane = lane
        self._queues = broker.layout.queues_of(lane)
        self._prefetch = prefetch
        self._state = "connecting"
        self._receive: Receive = _nobody
        self._consumer: Consumer | None = None
        self._task: asyncio.Task[None] | None = None
        self._over = asyncio.Event()
        self._refusal: ConfigurationError | None = None

    @override
    async def start(self, receive: Receive) -> None:
        self._receive = receive
        self._task = asyncio.create_task(self._run())

    @override
    def state(self) -> str:
        return self._state

    @override
    def ready(self) -> int | None:
        name = self._queues[0].name
        return len(self._broker.messages(name)) if self._broker.has_queue(name) else None

    @override
    async def failed(self) -> None:
        await self._over.wait()
        if self._refusal is not None:
            raise self._refusal

    @override
    async def stop(self) -> None:
        self._state = "stopped"
        if self._consumer is not None:
            self._broker.detach(self._consumer)

    @override
    async def close(self) -> None:
        await self.stop()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,))
        if self._consumer is not None:
            self._broker.disconnect(self._consumer)
        self._over.set()

    async def _run(self) -> None:
        while self._state != "stopped":
            obstacle = self._obstacle()
            if obstacle == "refused":
                self._state = obstacle
                self._over.set()
                return
            if obstacle:
                self._state = obstacle
                await self._broker.wait_for_change()
                continue
            self._consumer = Consumer(self._queues[0].name, prefetch=self._prefetch, hand_over=self._hand_over)
            self._state = "consuming"
            self._broker.attach(self._consumer)
            await self._consumer.lost.wait()
            self._enter_connecting()

    def _obstacle(self) -> str:
        if not self._broker.up:
            return "connecting"
        findings = examine(self._broker, self._queues)
        differences = [
            f"{found.kind} {found.name} differs: {found.detail}" for found in findings if found.state == "different"
        ]
        if differences:
            self._refusal = ConfigurationError(differences)
            return "refused"
        return "missing_topology" if any(found.state == "missing" for found in findings) else ""

    def _enter_connecting(self) -> None:
        if self._state != "stopped":
            self._state = "connecting"

    def _hand_over(self, consumer: Consumer, stored: StoredMessage) -> None:
        counts_returns = self._queues[0].return_limit is not None
        self._receive(InMemoryDelivery(self._broker, consumer, stored, lane=self._lane, counts_returns=counts_returns))


def _nobody(delivery: Delivery) -> None:
    """Stand in until ``start`` names the receiver; nothing is consumed before."""
