"""Memory of one worker over many events."""

from typing import Final

from benchmarks.contenders import Program, order_for, started
from benchmarks.load import events, loading
from benchmarks.results import Result, plain
from benchmarks.scenarios.scale import Scale
from benchmarks.servers import Servers

GP: Final = Program(name="gp", command=("gp_worker",))
_STEPS: Final = 10
_STEP: Final = 20_000
_PREFETCH: Final = 100


async def run(servers: Servers, scale: Scale) -> Result:
    """Read the resident memory ten times on the way to 200,000 events."""
    step, rows = scale.count(_STEP), []
    order = order_for(servers, servers.events, count=step * _STEPS, in_flight=_PREFETCH, checkpoint=step)
    async with loading(servers.rabbitmq) as load, started(GP, servers) as child:
        await load.empty([servers.events])
        await load.put(servers.events, events(step))
        await child.begin(order)
        for number in range(1, _STEPS + 1):
            if number < _STEPS:
                await load.put(servers.events, events(step))
            told = await child.says()
            rows.append(plain(f"gp after {told['seen']:,} events", told["rss_mb"]))
        await child.says()
    return Result(scenario="memory", title="Resident memory of a worker", unit="MiB", rows=rows)
