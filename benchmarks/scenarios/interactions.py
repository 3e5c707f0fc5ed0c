"""Interactions: consume, decode, defer over HTTP, edit over HTTP, acknowledge; gp also claims and notes."""

from typing import Final

from benchmarks.contenders import Program
from benchmarks.load import interactions
from benchmarks.results import Result, compared
from benchmarks.scenarios.scale import Scale
from benchmarks.scenarios.throughput import rounds_of
from benchmarks.servers import Servers

GP: Final = Program(name="gp", command=("gp_worker",))
STOCK: Final = Program(name="aio-pika + httpx, no state", command=("stock", "httpx"), share=0.25)
PROGRAMS: Final = (GP, STOCK, Program(name="aio-pika + aiohttp, no state", command=("stock", "aiohttp")))
_USUAL: Final = 1_200
"""So few that a slow machine is through before they are too old to be answered."""
_IN_FLIGHT: Final = 50


async def run(servers: Servers, scale: Scale) -> Result:
    """Measure gp beside the usual libraries."""
    samples = await rounds_of(
        PROGRAMS, servers, servers.interactions, interactions, usual=_USUAL, in_flight=_IN_FLIGHT, scale=scale
    )
    return Result(
        scenario="interactions",
        title=f"Interactions answered twice (defer, edit), {_IN_FLIGHT} in flight",
        unit="interactions a second on one core",
        baseline=STOCK.name,
        rows=compared(samples, STOCK.name),
    )
