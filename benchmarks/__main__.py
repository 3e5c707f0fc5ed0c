"""``python -m benchmarks [SCENARIO …]`` and ``python -m benchmarks check [SCENARIO …]``."""

import argparse
import asyncio
import signal
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks import plot, regression
from benchmarks.results import HERE, Result
from benchmarks.scenarios import (
    claims,
    decode,
    discord_client,
    events,
    interactions,
    latency,
    life,
    limiter,
    memory,
    mixed,
    own_cost,
    scaling,
)
from benchmarks.scenarios.scale import QUICK, Scale
from benchmarks.servers import APPLY, Servers, private_servers
from benchmarks.table import show

_TERMINATED: Final = 128 + signal.SIGTERM
Run = Callable[[Servers, Scale], Awaitable[Result]]
SCENARIOS: Final[Mapping[str, Run]] = {
    "events": events.run,
    "interactions": interactions.run,
    "mixed": mixed.run,
    "scaling": scaling.run,
    "latency": latency.run,
    "life": life.run,
    "memory": memory.run,
    "claims": claims.run,
    "discord-client": discord_client.run,
    "decode": decode.run,
    "limiter": limiter.run,
    "own-cost": own_cost.run,
}


async def measure(names: Sequence[str], servers: Servers, scale: Scale, into: Path) -> list[Result]:
    """Run scenarios on servers that are there, and write figures and charts."""
    apply_topology(servers)
    results = []
    for name in names:
        result = await SCENARIOS[name](servers, scale)
        result.write(into)
        plot.draw(result, into)
        show(result)
        results.append(result)
    return results


def apply_topology(servers: Servers) -> None:
    """Declare the queues."""
    command = (sys.executable, "-m", "gprunner", *APPLY)
    subprocess.run(command, check=True, capture_output=True, env=dict(servers.environment()))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, or measure and compare with what was committed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure gp beside other libraries.")
    parser.add_argument("what", nargs="*", metavar="SCENARIO", help=f"check, and some of: {', '.join(SCENARIOS)}")
    parser.add_argument("--rounds", type=int, default=Scale().rounds)
    parser.add_argument("--quick", action="store_true", help="see only that it runs; the figures mean nothing")
    parser.add_argument("--into", type=Path, help="where to write; by default benchmarks/results")
    chosen = parser.parse_args(arguments)
    checks = chosen.what[:1] == ["check"]
    names = chosen.what[1:] if checks else chosen.what
    unknown = sorted(set(names) - set(SCENARIOS))
    if unknown:
        parser.error(f"no scenario {', '.join(unknown)}; choose from {', '.join(SCENARIOS)}")
    # Ended from outside it must not leave its servers behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TERMINATED))
    scale = QUICK if chosen.quick else Scale(rounds=chosen.rounds)
    with tempfile.TemporaryDirectory() as thrown_away, private_servers() as servers:
        into = chosen.into or (Path(thrown_away) if checks or chosen.quick else HERE)
        results = asyncio.run(measure(names or list(SCENARIOS), servers, scale, into))
    return regression.report(results, HERE) if checks else 0


if __name__ == "__main__":
    sys.exit(main())
