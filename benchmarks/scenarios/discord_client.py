"""First answers over HTTP: gp's client beside others, nothing else around them."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import aiohttp
import httpx

from benchmarks.results import Result, Samples, compared
from benchmarks.scenarios.scale import Scale
from benchmarks.servers import Servers
from gpadapters.discord.brake import Brake
from gpadapters.discord.exchange import DiscordExchange
from gpadapters.discord.responder import HttpFirstResponder
from gpadapters.discord.settings import DiscordSettings
from gpadapters.discord.transport import DiscordTransport
from gpadapters.memory.telemetry import InMemoryTelemetry
from gpadapters.system.clock import SystemClock
from gpcore.domain.messages import Callback, CallbackType
from gpcore.domain.secrets import Secret

_TASKS: Final = 50
_USUAL: Final = 2_000
_SLOW: Final = 0.2
STOCK: Final = "httpx"
_ID: Final = "1214497633075331073"
_TOKEN: Final = "t" * 88
_PATH: Final = f"/interactions/{_ID}/{_TOKEN}/callback"
_DEFER: Final = {"type": 5}
Post = Callable[[], Awaitable[object]]


async def run(servers: Servers, scale: Scale) -> Result:
    """Measure clients in this process."""
    samples = Samples("gp"), Samples(STOCK), Samples("aiohttp")
    settings = DiscordSettings(application_id=_ID, api_url=servers.peer)
    async with (
        DiscordTransport(settings) as transport,
        httpx.AsyncClient(base_url=servers.peer) as client,
        aiohttp.ClientSession(servers.peer) as session,
    ):
        posts: Sequence[tuple[Post, float]] = (
            (_ours(transport), 1.0),
            (lambda: client.post(_PATH, json=_DEFER), _SLOW),
            (_plain(session), 1.0),
        )
        for _ in range(scale.rounds):
            for (post, share), found in zip(posts, samples, strict=True):
                await _round(post, scale.count(int(_USUAL * share)), found)
    return Result(
        scenario="discord-client",
        title=f"First answers over HTTP, {_TASKS} in flight",
        unit="answers a second",
        baseline=STOCK,
        rows=compared(samples, STOCK),
    )


def _ours(transport: DiscordTransport) -> Post:
    responder = HttpFirstResponder(DiscordExchange(transport, Brake(SystemClock()), InMemoryTelemetry()))
    callback, token = Callback(type=CallbackType.DEFERRED_MESSAGE), Secret(_TOKEN)
    return lambda: responder.respond(_ID, token, callback, timeout=5)


def _plain(session: aiohttp.ClientSession) -> Post:
    async def post() -> bytes:
        async with session.post(_PATH, json=_DEFER) as response:
            return await response.read()

    return post


async def _round(post: Post, count: int, found: Samples) -> None:
    async def work(times: int) -> None:
        for _ in range(times):
            await post()

    each = max(1, count // _TASKS)
    await asyncio.gather(*(work(1) for _ in range(_TASKS)))
    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work(each) for _ in range(_TASKS)))
    found.per_second.append(each * _TASKS / (time.perf_counter() - wall))
    found.cpu_us.append((time.process_time() - cpu) / (each * _TASKS) * 1e6)
