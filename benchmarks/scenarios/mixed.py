"""Both lanes at once in one worker: what each gets done while the other works too."""

import asyncio
from typing import Final

from benchmarks.contenders import Program, order_for, started
from benchmarks.load import events, interactions, loading
from benchmarks.results import Result, Samples, compared
from benchmarks.scenarios.scale import Scale
from benchmarks.servers import Servers

GP: Final = Program(name="gp", command=("gp_worker",))
_EVENTS: Final = 4_000
_INTERACTIONS: Final = 1_000
_IN_FLIGHT: Final = 50


async def run(servers: Servers, scale: Scale) -> Result:
    """Measure two of gp's workers side by side, a lane each, as `gp worker run --queues` would be deployed."""
    lanes = Samples("gp, interactions"), Samples("gp, events")
    async with loading(servers.rabbitmq) as load:
        for _ in range(scale.rounds):
            counts = scale.count(_INTERACTIONS), scale.count(_EVENTS)
            queues = servers.interactions, servers.events
            async with started(GP, servers) as answering, started(GP, servers) as listening:
                await load.put(queues[1], events(counts[1]))
                await load.put(queues[0], interactions(counts[0]))
                children = answering, listening
                for child, queue, count in zip(children, queues, counts, strict=True):
                    await child.begin(order_for(servers, queue, count=count, in_flight=_IN_FLIGHT))
                for samples, told in zip(lanes, await asyncio.gather(*(one.says() for one in children)), strict=True):
                    samples.per_second.append(told["per_second"])
                    samples.cpu_us.append(told["cpu_us"])
    return Result(
        scenario="mixed",
        title="Both lanes at once, a process each",
        unit="messages a second",
        rows=compared(lanes, None),
    )
