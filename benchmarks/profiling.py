"""Where gp's processor time goes: ``python -m benchmarks.profiling events`` prints the worker's costliest functions."""

import argparse
import asyncio
import pstats
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.__main__ import apply_topology
from benchmarks.contenders import Program, order_for, started
from benchmarks.load import events, interactions, loading
from benchmarks.scenarios.throughput import Make
from benchmarks.servers import Servers, private_servers

_LANES: Final[Mapping[str, tuple[Make, int]]] = {"events": (events, 100), "interactions": (interactions, 50)}


async def profile(lane: str, servers: Servers, count: int, into: Path) -> None:
    """Let a worker empty its queue under Python's profiler."""
    make, in_flight = _LANES[lane]
    queue = servers.events if lane == "events" else servers.interactions
    program = Program(name="gp", command=("gp_worker",), profile=into)
    async with loading(servers.rabbitmq) as load, started(program, servers) as child:
        await load.put(queue, make(count))
        await child.begin(order_for(servers, queue, count=count, in_flight=in_flight))
        await child.says()


def main(arguments: Sequence[str] | None = None) -> None:
    """Profile and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lane", choices=sorted(_LANES))
    parser.add_argument("--count", type=int, default=1500)
    parser.add_argument("--by", choices=("tottime", "cumtime"), default="tottime")
    parser.add_argument("--top", type=int, default=40)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, private_servers() as servers:
        into = Path(folder) / "profile"
        apply_topology(servers)
        asyncio.run(profile(chosen.lane, servers, chosen.count, into))
        found = pstats.Stats(str(into), stream=sys.stdout)
        found.strip_dirs().sort_stats(chosen.by).print_stats(chosen.top)


if __name__ == "__main__":
    main()
