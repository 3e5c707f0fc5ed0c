"""Events: consume, decode, claim, handle, mark as done, acknowledge."""

from typing import Final

from benchmarks.contenders import Program
from benchmarks.load import events
from benchmarks.results import Result, compared
from benchmarks.scenarios.scale import Scale
from benchmarks.scenarios.throughput import rounds_of
from benchmarks.servers import Servers

GP: Final = Program(name="gp", command=("gp_worker",))
STOCK: Final = Program(name="aio-pika + redis-py EXISTS/SET", command=("stock", "redis"))
PROGRAMS: Final = (
    GP,
    STOCK,
    Program(name="FastStream, no state", command=("faststream_worker",)),
    Program(name="aio-pika, no decoding, no state", command=("stock", "bare"), share=2.0),
)
_USUAL: Final = 12_000
_PREFETCH: Final = 100


async def run(servers: Servers, scale: Scale) -> Result:
    """Measure gp beside the usual libraries."""
    samples = await rounds_of(PROGRAMS, servers, servers.events, events, usual=_USUAL, in_flight=_PREFETCH, scale=scale)
    return Result(
        scenario="events",
        title=f"Events, prefetch {_PREFETCH}",
        unit="events a second on one core",
        baseline=STOCK.name,
        rows=compared(samples, STOCK.name),
    )
