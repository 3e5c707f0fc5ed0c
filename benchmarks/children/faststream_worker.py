"""FastStream as its documents show it: a subscriber that gets decoded JSON."""

import asyncio
from typing import Any

import uvloop
from faststream.rabbit import Channel, RabbitBroker, RabbitQueue

from benchmarks.children.meter import Meter, Order


async def work(order: Order) -> None:
    """Consume until everything is handled."""
    meter = Meter(order)
    broker = RabbitBroker(order.rabbitmq, default_channel=Channel(prefetch_count=order.in_flight), logger=None)

    @broker.subscriber(RabbitQueue(order.queue, declare=False))
    async def handle(body: dict[str, Any]) -> None:
        meter.tick()

    await broker.start()
    await meter.over()
    await broker.stop()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work(Order.read()))
