"""A message broker in memory, for demos and tests."""

import asyncio
from collections.abc import Sequence
from itertools import count
from typing import Final

from gpadapters.memory.broker_layout import BindingLayout, BrokerLayout, ExchangeLayout, QueueLayout
from gpadapters.memory.broker_queue import BrokerQueue, StoredMessage, with_death
from gpadapters.memory.consumer import Consumer
from gpadapters.memory.routes import Routes
from gpcore.domain.wire_message import WireMessage
from gpcore.errors import PortRejectedError, PortUnavailableError
from gpcore.ports.clock import Clock

NO_ROUTE: Final = 312
"""AMQP's reply code for a message that no queue takes."""


class InMemoryBroker:
    """Topic and direct exchanges, queues with priorities, expiry and dead-lettering, consumers.

    It carries bytes, as the real one does. Everything happens on the event loop that uses it;
    waiting goes through the clock. ``lose_connections``, ``stop`` and ``start`` are for tests of
    what happens then.
    """

    def __init__(self, clock: Clock, layout: BrokerLayout | None = None, *, declared: bool = True) -> None:
        """Make an empty broker.

        Args:
            clock: For expiry.
            layout: What the adapters around it expect to find.
            declared: Whether all of it is there from the start.
        """
        self.layout = layout or BrokerLayout()
        self._clock = clock
        self._sequence = count()
        self._routes = Routes()
        self._queues: dict[str, BrokerQueue] = {}
        self._consumers: list[Consumer] = []
        self._expiries: dict[str, asyncio.Task[None]] = {}
        self._changed = asyncio.Event()
        self._up = True
        if declared:
            self.declare(*self.layout.exchanges(), *self.layout.queues(), *self.layout.bindings())

    @property
    def up(self) -> bool:
        """Whether it can be reached."""
        return self._up

    def declare(self, *objects: ExchangeLayout | QueueLayout | BindingLayout) -> None:
        """Create what is missing; what is there already stays as it is."""
        for wanted in objects:
            match wanted:
                case ExchangeLayout():
                    self._routes.declare(wanted)
                case QueueLayout():
                    self._queues.setdefault(wanted.name, BrokerQueue(wanted))
                case BindingLayout():
                    self._routes.bind(wanted)
        self._announce()

    def has(
        self, wanted: ExchangeLayout | QueueLayout | BindingLayout
    ) -> ExchangeLayout | QueueLayout | BindingLayout | None:
        """Return what is there under the same name (of the same route, for a binding), or ``None``."""
        match wanted:
            case ExchangeLayout():
                return self._routes.exchange(wanted.name)
            case QueueLayout():
                return self._queues[wanted.name].layout if wanted.name in self._queues else None
            case BindingLayout():
                return wanted if self._routes.bound(wanted) else None

    def delete_queue(self, name: str) -> None:
        """Delete a queue with its messages; its consumers are cancelled."""
        self._queues.pop(name, None)
        self._routes.forget(name)
        for consumer in [one for one in self._consumers if one.queue == name]:
            self._forget(consumer)
            consumer.lose()

    def messages(self, queue: str) -> Sequence[WireMessage]:
        """Return what waits in a queue, next first; what consumers hold is not among it."""
        return self._queues[queue].messages() if queue in self._queues else []

    def has_queue(self, name: str) -> bool:
        """Tell whether there is a queue of this name."""
        return name in self._queues

    def publish(
        self, message: WireMessage, *, routing_key: str, exchange: str = "", expiration: float | None = None
    ) -> None:
        """Route a message to every queue that is bound for its routing key.

        Args:
            message: What to put there.
            routing_key: With the default exchange, a queue's name.
            exchange: Empty for the default exchange.
            expiration: Seconds after which it leaves its queue, if sooner than the queue's own.

        Raises:
            PortUnavailableError: The broker is stopped.
            PortRejectedError: No queue takes it, or one that would is full.
        """
        place = exchange or routing_key
        if not self._up:
            raise PortUnavailableError(f"publish to {place}: the broker is stopped")
        queues = [self._queues[name] for name in self._routes.route(exchange, routing_key) if name in self._queues]
        if not queues:
            raise PortRejectedError(f"publish to {place}: no queue takes it", code=NO_ROUTE)
        if any(queue.refuses for queue in queues):
            raise PortRejectedError(f"publish to {place}: the queue refused it, it is full")
        for queue in queues:
            self._store(queue, message, expiration)

    def redeliver(self, message: WireMessage, *, queue: str) -> None:
        """Hand a message out once more, as after an acknowledgement that was lost."""
        self._queues[queue].put(StoredMessage(message, next(self._sequence), None, handed_out=1))
        self._dispatch_soon(queue)

    def attach(self, consumer: Consumer) -> None:
        """Let a consumer have messages of its queue."""
        self._consumers.append(consumer)
        self._dispatch_soon(consumer.queue)

    def take(self, consumer: Consumer) -> StoredMessage | None:
        """Give the next message of its queue to a consumer that is not attached, as ``basic.get`` does."""
        queue = self._queues.get(consumer.queue)
        if queue is None or queue.head is None:
            return None
        stored = queue.pop()
        consumer.take(stored)
        return stored

    def detach(self, consumer: Consumer) -> None:
        """Hand out no more to a consumer; what it holds it can still settle."""
        consumer.consuming = False

    def disconnect(self, consumer: Consumer) -> None:
        """Take back everything that a consumer holds, because its connection is gone."""
        self._forget(consumer)
        for stored in consumer.lose():
            self._take_back(consumer.queue, stored)

    def settle(self, consumer: Consumer, stored: StoredMessage, *, done: bool) -> bool:
        """Forget a message or take it back; ``False`` if the consumer's connection is gone."""
        if not consumer.release(stored):
            return False
        if not done:
            self._take_back(consumer.queue, stored)
        self._dispatch_soon(consumer.queue)
        return True

    def lose_connections(self) -> None:
        """Cut every connection: whatever is unsettled is handed out again, and consumers come back."""
        for consumer in list(self._consumers):
            self.disconnect(consumer)

    def stop(self) -> None:
        """Cut every connection and accept none until ``start``."""
        self._up = False
        self.lose_connections()

    def start(self) -> None:
        """Accept connections again."""
        self._up = True
        self._announce()

    async def wait_for_change(self) -> None:
        """Wait until the broker was started or something was declared."""
        await self._changed.wait()

    async def close(self) -> None:
        """End the tasks that wait for expiry."""
        tasks = list(self._expiries.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _forget(self, consumer: Consumer) -> None:
        if consumer in self._consumers:
            self._consumers.remove(consumer)

    def _announce(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _store(self, queue: BrokerQueue, message: WireMessage, expiration: float | None) -> None:
        lives = min((life for life in (queue.layout.ttl, expiration) if life is not None), default=None)
        expires_at = None if lives is None else self._clock.monotonic() + lives
        queue.put(StoredMessage(message, next(self._sequence), expires_at))
        self._dispatch_soon(queue.layout.name)
        self._expire_later(queue)

    def _take_back(self, name: str, stored: StoredMessage) -> None:
        queue = self._queues.get(name)
        if queue is None:
            return
        stored.returned += 1
        if queue.gives_up(stored):
            self._dead_letter(queue, stored, "delivery_limit")
            return
        queue.put(stored)
        self._dispatch_soon(name)
        self._expire_later(queue)

    def _dispatch_soon(self, name: str) -> None:
        asyncio.get_running_loop().call_soon(self._dispatch, name)

    def _dispatch(self, name: str) -> None:
        """Hand out what waits to consumers with room, in turn."""
        queue = self._queues.get(name)
        while queue is not None and (head := queue.head) is not None:
            if head.expired(self._clock.monotonic()):
                self._dead_letter(queue, queue.pop(), "expired")
                continue
            consumer = next((one for one in self._consumers if one.queue == name and one.has_room), None)
            if consumer is None:
                return
            # To the end of the line: consumers of one queue take turns.
            self._consumers.remove(consumer)
            self._consumers.append(consumer)
            consumer.take(queue.pop())

    def _dead_letter(self, queue: BrokerQueue, stored: StoredMessage, reason: str) -> None:
        if queue.layout.dead_letter_to is None:
            return
        exchange, routing_key = queue.layout.dead_letter_to
        message = with_death(stored, queue.layout.name, reason)
        for name in self._routes.route(exchange, routing_key):
            if name in self._queues:
                self._store(self._queues[name], message, None)

    def _expire_later(self, queue: BrokerQueue) -> None:
        name = queue.layout.name
        if queue.head is not None and queue.head.expires_at is not None and name not in self._expiries:
            self._expiries[name] = asyncio.create_task(self._expire(queue))

    async def _expire(self, queue: BrokerQueue) -> None:
        """Wait for the head of a queue to expire, as often as there is one."""
        try:
            while (head := queue.head) is not None and head.expires_at is not None:
                await self._clock.sleep(head.expires_at - self._clock.monotonic())
                while queue.head is not None and queue.head.expired(self._clock.monotonic()):
                    self._dead_letter(queue, queue.pop(), "expired")
        finally:
            del self._expiries[queue.layout.name]
