"""Events with one and with two processes on the same queue."""

import asyncio
from contextlib import AsyncExitStack
from typing import Final

from benchmarks.contenders import Program, order_for, started
from benchmarks.load import events, loading
from benchmarks.results import Result, Samples, compared
from benchmarks.scenarios.scale import Scale
from benchmarks.servers import Servers

GP: Final = Program(name="gp", command=("gp_worker",))
_EACH: Final = 6_000
_SPARE: Final = 1.5
"""More messages than are counted: the broker need not share them out evenly."""
_PREFETCH: Final = 100


async def run(servers: Servers, scale: Scale) -> Result:
    """Measure how much a second process adds; both compete with the broker for the same cores."""
    samples = [Samples("gp, 1 process"), Samples("gp, 2 processes")]
    async with loading(servers.rabbitmq) as load:
        for _ in range(scale.rounds):
            for processes, found in enumerate(samples, start=1):
                count = scale.count(_EACH)
                await load.empty([servers.events])
                async with AsyncExitStack() as stack:
                    children = [await stack.enter_async_context(started(GP, servers)) for _ in range(processes)]
                    await load.put(servers.events, events(int(count * processes * _SPARE) + 2 * _PREFETCH))
                    order = order_for(servers, servers.events, count=count, in_flight=_PREFETCH)
                    for child in children:
                        await child.begin(order)
                    told = await asyncio.gather(*(child.says() for child in children))
                found.per_second.append(sum(one["per_second"] for one in told))
                found.cpu_us.append(sum(one["cpu_us"] for one in told) / processes)
    return Result(
        scenario="scaling",
        title=f"Events with one and two processes, prefetch {_PREFETCH} each",
        unit="events a second",
        baseline=samples[0].name,
        rows=compared(samples, samples[0].name),
    )
