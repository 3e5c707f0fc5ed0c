"""Decisions a second of the limits, beside two other libraries; ``python -m benchmarks.limiter`` tells more."""

from typing import Final

from benchmarks.limiter import decisions_per_second
from benchmarks.limiter_contenders import BASELINE
from benchmarks.results import Result, Samples, compared
from benchmarks.scenarios.scale import Scale
from benchmarks.servers import Servers

_TASKS: Final = 100
_DECISIONS: Final = 10_000


async def run(servers: Servers, scale: Scale) -> Result:
    """Measure all contenders in this process."""
    contenders = await decisions_per_second(
        servers.redis, tasks=_TASKS, decisions=scale.count(_DECISIONS), rounds=scale.rounds
    )
    samples = [Samples(one.name, one.rates, one.cpu_us) for one in contenders]
    return Result(
        scenario="limiter",
        title=f"Limits, {_TASKS} tasks",
        unit="decisions a second",
        baseline=BASELINE,
        rows=compared(samples, BASELINE),
    )
