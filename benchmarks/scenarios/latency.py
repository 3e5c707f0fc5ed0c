"""From publish to the first answer's arrival, under paced load up to more than a worker can do."""

import asyncio
import json
import time
import urllib.request
from collections.abc import Mapping
from typing import Final

from benchmarks.contenders import Program, order_for, started
from benchmarks.load import Load, interaction, interactions, loading
from benchmarks.results import Result, Row
from benchmarks.scenarios.scale import Scale
from benchmarks.servers import Servers

GP: Final = Program(name="gp", command=("gp_worker",))
_LOADS: Final = (0.3, 0.7, 1.0, 1.5)
_SECONDS: Final = 6.0
_IN_FLIGHT: Final = 100
_FOR_CAPACITY: Final = 1_000
_NEVER: Final = 10_000_000
_TICK: Final = 0.002
_AFTERWARDS: Final = 3.5
"""Seconds in which what still waits is answered or becomes too old."""


async def run(servers: Servers, scale: Scale) -> Result:
    """Measure the capacity first, then the latency at parts of it."""
    async with loading(servers.rabbitmq) as load:
        capacity = await _capacity(servers, load, scale)
        rows = [
            await _at(capacity * part, f"gp at {part:.0%} of capacity", servers, load, _SECONDS * scale.share)
            for part in _LOADS
        ]
    return Result(
        scenario="latency",
        title=f"From publish to first answer; capacity {capacity:.0f} interactions a second",
        unit="ms, 99th percentile",
        rows=rows,
    )


async def _capacity(servers: Servers, load: Load, scale: Scale) -> float:
    count = scale.count(_FOR_CAPACITY)
    async with started(GP, servers) as child:
        await load.put(servers.interactions, interactions(count))
        await child.begin(order_for(servers, servers.interactions, count=count, in_flight=_IN_FLIGHT))
        return float((await child.says())["per_second"])


async def _at(per_second: float, name: str, servers: Servers, load: Load, seconds: float) -> Row:
    async with started(GP, servers) as child:
        await child.begin(order_for(servers, servers.interactions, count=_NEVER, in_flight=_IN_FLIGHT))
        await _until_it_answers(servers, load)
        sent = await _paced(per_second, servers, load, seconds)
        await asyncio.sleep(min(_AFTERWARDS, max(0.5, seconds)))
        came = await arrivals(servers)
        child.process.kill()
        await load.empty([servers.interactions])
    took = sorted((came[whose] - at) / 1e6 for whose, at in sent.items() if whose in came)
    return Row(
        name=name,
        value=round(_percentile(took, 0.99), 2),
        low=round(took[0], 2),
        high=round(took[-1], 2),
        more={
            "offered": round(per_second),
            "sent": len(sent),
            "answered": len(took),
            "p50_ms": round(_percentile(took, 0.5), 2),
        },
    )


async def _until_it_answers(servers: Servers, load: Load) -> None:
    number = 0
    while not await arrivals(servers):
        await load.put_one(servers.interactions, interaction(number, ahead_ms=0)[1])
        number += 1
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.2)
    await arrivals(servers)


async def _paced(per_second: float, servers: Servers, load: Load, seconds: float) -> Mapping[str, int]:
    """Publish evenly, whatever comes back; return when each was published."""
    sent: dict[str, int] = {}
    begun = time.monotonic()
    while (passed := time.monotonic() - begun) < seconds:
        while len(sent) < passed * per_second:
            whose, body = interaction(len(sent) + 1000, ahead_ms=0)
            sent[whose] = time.monotonic_ns()
            await load.put_one(servers.interactions, body)
        await asyncio.sleep(_TICK)
    return sent


async def arrivals(servers: Servers) -> dict[str, int]:
    """Return when first answers came since the last call, in monotonic nanoseconds, by interaction."""

    def ask() -> dict[str, int]:
        with urllib.request.urlopen(f"{servers.peer}/arrivals") as response:  # noqa: S310 - a peer of our own
            told: dict[str, int] = json.loads(response.read())
        return told

    return await asyncio.to_thread(ask)


def _percentile(ordered: list[float], part: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
