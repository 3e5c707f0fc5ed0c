"""How late the event loop is.

A handler that blocks it delays everything else in the process: first answers, leases, heartbeats.
"""

import logging
from typing import Final

from gpcore.domain import metrics
from gpcore.ports.clock import Clock
from gpcore.ports.telemetry import Telemetry

_LOG: Final = logging.getLogger("gp.worker")
_EVERY: Final = 0.5
_WORTH_A_WARNING: Final = 1.0
"""Seconds. A third of what an interaction has."""


async def watch_lag(clock: Clock, telemetry: Telemetry) -> None:
    """Measure, twice a second until cancelled, how much later than asked this task is woken."""
    while True:
        asked = clock.monotonic() + _EVERY
        await clock.sleep(_EVERY)
        lag = max(clock.monotonic() - asked, 0.0)
        telemetry.observe(metrics.LOOP_LAG, lag)
        if lag >= _WORTH_A_WARNING:
            _LOG.warning("the event loop stood still for %.1f s: some handler blocks it", lag)
