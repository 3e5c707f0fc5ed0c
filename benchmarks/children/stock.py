"""The usual libraries put together as their documents show it, on the fastest event loop there is."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import aio_pika
import aiohttp
import httpx
import uvloop
from aio_pika.abc import AbstractIncomingMessage
from redis.asyncio import Redis

from benchmarks.children.meter import Meter, Order
from gprunner.settings import EMBEDDED_APPLICATION_ID

_DAY: Final = 86_400
_DEFER: Final = {"type": 5}
_ANSWER: Final = {"content": "pong"}
Handle = Callable[[AbstractIncomingMessage], Awaitable[None]]


@asynccontextmanager
async def bare(_: Order) -> AsyncIterator[Handle]:
    """Look at nothing."""

    async def handle(message: AbstractIncomingMessage) -> None:
        await message.ack()

    yield handle


@asynccontextmanager
async def exists_and_set(order: Order) -> AsyncIterator[Handle]:
    """Decode, ask whether the event was done, and mark it as done."""
    redis = Redis.from_url(order.redis, max_connections=2 * order.in_flight)

    async def handle(message: AbstractIncomingMessage) -> None:
        key = f"event:{json.loads(message.body)['eventId']}"
        if not await redis.exists(key):
            await redis.set(key, "1", ex=_DAY)
        await message.ack()

    yield handle
    await redis.aclose()


@asynccontextmanager
async def through_httpx(order: Order) -> AsyncIterator[Handle]:
    """Decode, defer and edit."""
    async with httpx.AsyncClient(base_url=order.peer, limits=httpx.Limits(max_connections=100)) as client:

        async def handle(message: AbstractIncomingMessage) -> None:
            first, second = _paths(message)
            (await client.post(first, json=_DEFER)).raise_for_status()
            (await client.patch(second, json=_ANSWER)).raise_for_status()
            await message.ack()

        yield handle


@asynccontextmanager
async def through_aiohttp(order: Order) -> AsyncIterator[Handle]:
    """Decode, defer and edit."""
    async with aiohttp.ClientSession(order.peer) as session:

        async def handle(message: AbstractIncomingMessage) -> None:
            first, second = _paths(message)
            async with session.post(first, json=_DEFER) as response:
                await response.read()
            async with session.patch(second, json=_ANSWER) as response:
                await response.json()
            await message.ack()

        yield handle


def _paths(message: AbstractIncomingMessage) -> tuple[str, str]:
    raw: dict[str, Any] = json.loads(message.body)["raw"]
    first = f"/interactions/{raw['id']}/{raw['token']}/callback"
    return first, f"/webhooks/{EMBEDDED_APPLICATION_ID}/{raw['token']}/messages/@original"


KINDS: Final = {"bare": bare, "redis": exists_and_set, "httpx": through_httpx, "aiohttp": through_aiohttp}


async def work(kind: str, order: Order) -> None:
    """Consume until everything is handled."""
    meter = Meter(order)
    connection = await aio_pika.connect(order.rabbitmq)
    async with connection, KINDS[kind](order) as handle:
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=order.in_flight)
        queue = await channel.get_queue(order.queue, ensure=False)

        async def receive(message: AbstractIncomingMessage) -> None:
            await handle(message)
            meter.tick()

        await queue.consume(receive)
        await meter.over()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work(sys.argv[1], Order.read()))
