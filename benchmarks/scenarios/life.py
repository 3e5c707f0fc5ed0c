"""How long a worker takes to start, and to end under load."""

import asyncio
import signal
import statistics
import time
from typing import Final

from benchmarks.contenders import Program, order_for, started
from benchmarks.load import interactions, loading
from benchmarks.results import Result, Row
from benchmarks.scenarios.latency import arrivals
from benchmarks.scenarios.scale import Scale
from benchmarks.servers import Servers

GP: Final = Program(name="gp", command=("gp_worker",))
_WAITING: Final = 1_000
_NEVER: Final = 10_000_000


async def run(servers: Servers, scale: Scale) -> Result:
    """Measure from the process's start to its first answer, and from SIGTERM to its end with a full queue."""
    starts, ends = [], []
    for _ in range(min(scale.rounds, 3)):
        began, ended = await _once(servers, scale)
        starts.append(began)
        ends.append(ended)
    rows = [_row("gp, start to first answer", starts), _row("gp, SIGTERM to end", ends)]
    return Result(scenario="life", title="Starting and ending", unit="ms", rows=rows)


async def _once(servers: Servers, scale: Scale) -> tuple[float, float]:
    async with loading(servers.rabbitmq) as load:
        await arrivals(servers)
        begun = time.monotonic()
        async with started(GP, servers) as child:
            await load.put(servers.interactions, interactions(scale.count(_WAITING)))
            order = order_for(servers, servers.interactions, count=_NEVER, in_flight=50)
            await child.begin(order)
            came: dict[str, int] = {}
            while not came:
                came = await arrivals(servers)
                await asyncio.sleep(0.005)
            first = min(came.values()) / 1e9 - begun
            told = time.monotonic()
            child.process.send_signal(signal.SIGTERM)
            await child.process.wait()
            took = time.monotonic() - told
        await load.empty([servers.interactions])
    return first * 1000, took * 1000


def _row(name: str, found: list[float]) -> Row:
    return Row(
        name=name,
        value=round(statistics.median(found)),
        low=round(min(found)),
        high=round(max(found)),
    )
