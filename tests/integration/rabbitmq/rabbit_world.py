"""A real RabbitMQ as the contracts see it: the adapters reach it through a proxy that can be cut."""

import asyncio

from gpadapters.rabbitmq.dead_letters import RabbitDeadLetters
from gpadapters.rabbitmq.delivery import to_wire_message
from gpadapters.rabbitmq.publisher import RabbitPublisher
from gpadapters.rabbitmq.source import RabbitDeliverySource
from gpadapters.rabbitmq.topology import RabbitTopology
from gpcore.domain.wire_message import Lane, WireMessage
from tests.contracts.broker_world import BrokerWorld
from tests.servers.rabbitmq_sandbox import Sandbox, hasty
from tests.servers.tcp_proxy import TcpProxy


class RabbitWorld(BrokerWorld):
    """A sandbox behind a proxy."""

    def __init__(self, sandbox: Sandbox, proxy: TcpProxy) -> None:
        self._sandbox = sandbox
        self._proxy = proxy
        self._settings = hasty(proxy.url)

    def source(self, lane: Lane, *, prefetch: int = 10) -> RabbitDeliverySource:
        return self._sandbox.source(lane, prefetch=prefetch, settings=self._settings)

    def publisher(self) -> RabbitPublisher:
        return self._sandbox.publisher(self._settings)

    def topology(self) -> RabbitTopology:
        return RabbitTopology(self._settings, self._sandbox.plan)

    def dead_letters(self) -> RabbitDeadLetters:
        return RabbitDeadLetters(self._settings, self._sandbox.names, self.publisher())

    async def waiting(self, queue: str) -> int:
        return await self._sandbox.waiting(self._name(queue))

    async def take(self, queue: str) -> WireMessage | None:
        raw = await self._sandbox.take(self._name(queue))
        return None if raw is None else to_wire_message(raw.header.properties, raw.body)

    async def declare_differently(self, queue: str) -> None:
        channel = await self._sandbox.wire()
        await channel.queue_declare(self._name(queue), durable=True, arguments={"x-message-ttl": 5000})
        await channel.close()

    async def delete(self, queue: str) -> None:
        await self._sandbox.delete(self._name(queue))

    async def pass_time(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def lose_connections(self) -> None:
        self._proxy.cut()

    def go_down(self) -> None:
        self._proxy.refuse()

    def come_back(self) -> None:
        self._proxy.refuse(refusing=False)

    def _name(self, queue: str) -> str:
        return f"{self._sandbox.names.prefix}.{queue}"
