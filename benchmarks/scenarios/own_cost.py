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
    measured = {
        f"{name}, {lane.value}": (measure, lane)
        for lane in Lane
        for name, measure in (("gp", own_cost.cpu_per_delivery), ("of it twins", own_cost.cpu_of_twins))
    }
    samples = {name: Samples(name) for name in measured}
    for _ in range(scale.rounds):
        for name, (measure, lane) in measured.items():
            count = max(100, scale.count(_USUAL))
            cpu_us = await asyncio.to_thread(asyncio.run, measure(lane, count))
            samples[name].per_second.append(1e6 / cpu_us)
            samples[name].cpu_us.append(cpu_us)
    return Result(
        scenario="own-cost",
        title="gp's own code, and its memory twins'",
        unit="messages a second of processor time",
        rows=compared(list(samples.values()), None),
    )
