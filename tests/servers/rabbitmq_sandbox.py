"""A corner of a real broker for one test: a prefix of its own, and hands to look and meddle with."""

from dataclasses import dataclass, field
from uuid import uuid4

import aio_pika
from aio_pika.abc import AbstractConnection
from aiormq.abc import AbstractChannel as Wire
from aiormq.abc import DeliveredMessage
from pamqp.commands import Basic

from gpadapters.memory.telemetry import InMemoryTelemetry
from gpadapters.rabbitmq.declaration import TopologyPlan
from gpadapters.rabbitmq.names import Names
from gpadapters.rabbitmq.publisher import RabbitPublisher
from gpadapters.rabbitmq.settings import RabbitSettings
from gpadapters.rabbitmq.source import RabbitDeliverySource
from gpadapters.rabbitmq.topology import RabbitTopology
from gpcore.domain.secrets import Secret
from gpcore.domain.wire_message import Lane


def hasty(url: str, *, heartbeat: int = 10) -> RabbitSettings:
    """Return settings whose pauses suit a test."""
    return RabbitSettings(
        url=Secret(url),
        heartbeat=heartbeat,
        reconnect_initial=0.05,
        reconnect_max=0.3,
        missing_topology_interval=0.2,
        watchdog_interval=0.3,
        stall_after=1.0,
    )


@dataclass
class Sandbox:
    """Makes the adapters under test, and reaches the broker past them."""

    url: str
    plan: TopologyPlan = field(default_factory=lambda: TopologyPlan(names=Names(f"t{uuid4().hex[:12]}")))
    telemetry: InMemoryTelemetry = field(default_factory=InMemoryTelemetry)
    _sources: list[RabbitDeliverySource] = field(default_factory=list)
    _publishers: list[RabbitPublisher] = field(default_factory=list)
    _connection: AbstractConnection | None = None

    @property
    def names(self) -> Names:
        return self.plan.names

    def settings(self, url: str | None = None) -> RabbitSettings:
        return hasty(url or self.url)

    def topology(self, plan: TopologyPlan | None = None) -> RabbitTopology:
        return RabbitTopology(self.settings(), plan or self.plan)

    def source(self, lane: Lane, *, prefetch: int = 10, settings: RabbitSettings | None = None) -> RabbitDeliverySource:
        source = RabbitDeliverySource(
            settings or self.settings(), self.plan, lane=lane, prefetch=prefetch, telemetry=self.telemetry
        )
        self._sources.append(source)
        return source

    def publisher(self, settings: RabbitSettings | None = None) -> RabbitPublisher:
        publisher = RabbitPublisher(settings or self.settings(), self.names)
        self._publishers.append(publisher)
        return publisher

    async def wire(self) -> Wire:
        """Open a channel past the adapters, with confirms."""
        if self._connection is None or self._connection.is_closed:
            self._connection = await aio_pika.connect(self.url)
        return await (await self._connection.channel(on_return_raises=True)).get_underlay_channel()

    async def take(self, queue: str) -> DeliveredMessage | None:
        """Take one message from a queue, or ``None`` if there is none now."""
        channel = await self.wire()
        try:
            taken = await channel.basic_get(queue, no_ack=True)
            return None if isinstance(taken.delivery, Basic.GetEmpty) else taken
        finally:
            await channel.close()

    async def waiting(self, queue: str) -> int:
        """Count what waits in a queue; the broker's count may lag a little."""
        channel = await self.wire()
        try:
            return (await channel.queue_declare(queue, passive=True)).message_count or 0
        finally:
            await channel.close()

    async def publish_raw(self, queue: str, body: bytes, properties: Basic.Properties) -> None:
        """Publish straight to a queue, with properties that the adapters would never send."""
        channel = await self.wire()
        await channel.basic_publish(body, routing_key=queue, properties=properties, mandatory=True)
        await channel.close()

    async def delete(self, *queues: str) -> None:
        channel = await self.wire()
        for queue in queues:
            await channel.queue_delete(queue)
        await channel.close()

    async def disconnect(self) -> None:
        """Close what the test left open."""
        for source in self._sources:
            await source.close()
        for publisher in self._publishers:
            await publisher.close()
        if self._connection is not None:
            await self._connection.close()

    async def close(self) -> None:
        """Close what the test left open and delete what it declared."""
        await self.disconnect()
        declaration = self.plan.declare_for((3, 10))
        await self.delete(*(queue.name for queue in declaration.queues))
        channel = await self.wire()
        for exchange in declaration.exchanges:
            await channel.exchange_delete(exchange.name)
        await self.disconnect()
