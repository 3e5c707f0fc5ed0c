"""A worker's pulse: its most important numbers as a line of its log, for those who have the log but no Prometheus.

``infra/terraform`` makes CloudWatch metrics of it. The numbers are read from the worker's own exposition,
so that they are the same as in ``/metrics``.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

from gprunner.health_server import Render

_LOG: Final = logging.getLogger("gp.pulse")

EVERY_SECONDS: Final = 15.0

OLDEST: Final = "gp_oldest_waiting_interaction_seconds"
IN_FLIGHT: Final = "gp_in_flight"
CONSUMING: Final = "gp_consuming"
NOW: Final = {"oldest_interaction_seconds": OLDEST, "in_flight": IN_FLIGHT, "consuming": CONSUMING}
"""Fields that tell how it is, by the gauge that they are read from."""

SINCE: Final = {"deadline_misses": "gp_interactions_missed_total", "dead_letters": "gp_dead_letters_total"}
"""Fields that tell what has happened since the line before, by the counter that they are read from."""


@asynccontextmanager
async def pulse(render: Render | None, *, every: float = EVERY_SECONDS) -> AsyncIterator[None]:
    """Log a line every so often until the body ends, and a last one then; none without ``render``.

    A counter's last steps would be lost with the worker that counted them, hence the last line.
    """
    if render is None:
        yield
        return
    beat = Beat()
    beating = asyncio.create_task(_beating(beat, render, every))
    try:
        yield
    finally:
        beating.cancel()
        await asyncio.wait((beating,))
        await _tell(beat, render)


class Beat:
    """Makes a line's fields of an exposition, and remembers what the line before had counted."""

    def __init__(self) -> None:
        self._counted: dict[str, float] = {}

    def fields(self, exposition: str) -> Mapping[str, float]:
        """Return the numbers; what the exposition does not have yet is 0."""
        values = _values(exposition)
        now = {field: round(sum(values.get(name, ())), 3) for field, name in NOW.items()}
        counted = {field: sum(values.get(name, ())) for field, name in SINCE.items()}
        since = {field: total - self._counted.get(field, 0.0) for field, total in counted.items()}
        self._counted = counted
        return now | since


async def _beating(beat: Beat, render: Render, every: float) -> None:
    while True:
        await asyncio.sleep(every)
        await _tell(beat, render)


async def _tell(beat: Beat, render: Render) -> None:
    body, _ = await render()
    _LOG.info("pulse", extra=dict(beat.fields(body.decode())))


def _values(exposition: str) -> dict[str, list[float]]:
    """Return every series' value by the name before its labels."""
    found: dict[str, list[float]] = {}
    for line in exposition.splitlines():
        if line and not line.startswith("#"):
            series, _, value = line.rpartition(" ")
            found.setdefault(series.partition("{")[0], []).append(float(value))
    return found
