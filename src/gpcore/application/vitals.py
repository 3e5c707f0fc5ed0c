"""What a worker measures about itself once a second, whether or not anything happens."""

from collections.abc import Sequence
from typing import Final

from gpcore.application.lanes import LaneRunner
from gpcore.application.waiting import Waiting
from gpcore.domain import metrics
from gpcore.ports.clock import Clock
from gpcore.ports.telemetry import Telemetry

_EVERY: Final = 1.0
_MS: Final = 1000


async def watch_vitals(lanes: Sequence[LaneRunner], waiting: Waiting, clock: Clock, telemetry: Telemetry) -> None:
    """Measure until cancelled: who waits how long, what is consumed, what waits at the broker."""
    while True:
        telemetry.gauge(metrics.OLDEST_WAITING, waiting.look(clock.now_us() // _MS))
        for lane in lanes:
            name = lane.lane.value
            telemetry.gauge(metrics.CONSUMING, float(lane.source.state() == "consuming"), name)
            ready = lane.source.ready()
            if ready is not None:
                telemetry.gauge(metrics.QUEUE_READY, ready, name)
        await clock.sleep(_EVERY)
