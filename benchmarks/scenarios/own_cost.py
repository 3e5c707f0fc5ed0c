"""gp's own code between the broker's client and the handler, over memory twins."""

import asyncio

from benchmarks import own_cost
from benchmarks.results import Result, Samples, compared
from benchmarks.scenarios.scale import Scale
from benchmarks.servers import Servers
from gpcore.domain.wire_message import Lane

_USUAL = 3_000


async def run(_servers: Servers, scale: Scale) -> Result:
    """Measure both lanes; each in a loop of its own, in a thread, since this one is in use."""
    samples = {lane: Samples(f"gp, {lane.value}") for lane in Lane}
    for _ in range(scale.rounds):
        for lane, found in samples.items():
            count = max(100, scale.count(_USUAL))
            cpu_us = await asyncio.to_thread(asyncio.run, own_cost.cpu_per_delivery(lane, count))
            found.per_second.append(1e6 / cpu_us)
            found.cpu_us.append(cpu_us)
    return Result(
        scenario="own-cost",
        title="gp's own code, and its memory twins'",
        unit="messages a second of processor time",
        rows=compared(list(samples.values()), None),
    )
