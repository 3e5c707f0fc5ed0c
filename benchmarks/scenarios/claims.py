"""Claims: taking an id and marking it as done, beside asking whether it is there and writing it."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Final

from redis.asyncio import Redis

from benchmarks.results import Result, Samples, compared
from benchmarks.scenarios.scale import Scale
from benchmarks.servers import Servers
from gpadapters.redis import open_stores
from gpcore.domain.claims import LEASE_US
from gpcore.ports.claim_store import ClaimStore

_USUAL: Final = 8_000
_TASKS: Final = 100
_DAY: Final = 86_400
STOCK: Final = "redis-py, EXISTS then SET"
One = Callable[[str], Awaitable[object]]


async def run(servers: Servers, scale: Scale) -> Result:
    """Measure both in this process; gp's way also fences, leases and counts attempts."""
    redis = Redis.from_url(servers.redis, max_connections=2 * _TASKS)
    samples = Samples("gp, claim then complete"), Samples(STOCK)
    ids = itertools.count(time.time_ns())
    async with open_stores(servers.redis) as stores:
        ways = (_claimed(stores.claims), _exists_and_set(redis))
        for _ in range(scale.rounds):
            for way, found in zip(ways, samples, strict=True):
                await _round(way, ids, scale.count(_USUAL), found)
    await redis.aclose()
    return Result(
        scenario="claims",
        title=f"Claims, {_TASKS} tasks",
        unit="ids a second",
        baseline=STOCK,
        rows=compared(samples, STOCK),
    )


def _claimed(store: ClaimStore) -> One:
    async def one(name: str) -> object:
        result = await store.claim(name, owner=name, lease_us=LEASE_US, max_attempts=6)
        return await store.complete(result.ticket)

    return one


def _exists_and_set(redis: Redis) -> One:
    async def one(name: str) -> object:
        key = f"event:{name}"
        return await redis.exists(key) or await redis.set(key, "1", ex=_DAY)

    return one


async def _round(one: One, ids: Iterator[int], count: int, found: Samples) -> None:
    names = [str(next(ids)) for _ in range(count)]

    async def work(mine: list[str]) -> None:
        for name in mine:
            await one(name)

    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work(names[task::_TASKS]) for task in range(_TASKS)))
    found.per_second.append(count / (time.perf_counter() - wall))
    found.cpu_us.append((time.process_time() - cpu) / count * 1e6)
