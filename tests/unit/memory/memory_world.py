"""The in-memory broker as the contracts see it."""

from dataclasses import replace

from gpadapters.memory.broker import InMemoryBroker
from gpadapters.memory.broker_layout import BrokerLayout
from gpadapters.memory.clock import VirtualClock
from gpadapters.memory.dead_letters import InMemoryDeadLetters
from gpadapters.memory.publisher import InMemoryPublisher
from gpadapters.memory.source import InMemoryDeliverySource
from gpadapters.memory.topology import InMemoryTopology
from gpcore.domain.wire_message import Lane, WireMessage
from tests.contracts.broker_world import BrokerWorld


class MemoryWorld(BrokerWorld):
    """One broker on virtual time."""

    def __init__(self, *, declared: bool = True) -> None:
        self.clock = VirtualClock()
        self.broker = InMemoryBroker(self.clock, BrokerLayout(prefix="t"), declared=declared)
        self._sources: list[InMemoryDeliverySource] = []

    def source(self, lane: Lane, *, prefetch: int = 10) -> InMemoryDeliverySource:
        source = InMemoryDeliverySource(self.broker, lane=lane, prefetch=prefetch)
        self._sources.append(source)
        return source

    def publisher(self) -> InMemoryPublisher:
        return InMemoryPublisher(self.broker)

    def topology(self) -> InMemoryTopology:
        return InMemoryTopology(self.broker)

    def dead_letters(self) -> InMemoryDeadLetters:
        return InMemoryDeadLetters(self.broker)

    async def waiting(self, queue: str) -> int:
        return len(self.broker.messages(f"t.{queue}"))

    async def take(self, queue: str) -> WireMessage | None:
        return next(iter(self.broker.messages(f"t.{queue}")), None)

    async def declare_differently(self, queue: str) -> None:
        [wanted] = [one for one in self.broker.layout.queues() if one.name == f"t.{queue}"]
        self.broker.declare(replace(wanted, ttl=5))

    async def delete(self, queue: str) -> None:
        self.broker.delete_queue(f"t.{queue}")

    async def pass_time(self, seconds: float) -> None:
        await self.clock.advance(seconds)

    def lose_connections(self) -> None:
        self.broker.lose_connections()

    def go_down(self) -> None:
        self.broker.stop()

    def come_back(self) -> None:
        self.broker.start()

    async def close(self) -> None:
        for source in self._sources:
            await source.close()
        await self.broker.close()
