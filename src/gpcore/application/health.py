"""Is the worker alive, ready, healthy?"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gpcore.application.worker import Worker
from gpcore.ports.clock import Clock
from gpcore.ports.probe import Probe, ProbeResult

_FRESH_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The whole picture.

    Attributes:
        ready: Every lane consumes, every required peer works, and no drain has begun.
        healthy: Ready, and memory is below the threshold.
        report: JSON-ready details without any secret.
    """

    ready: bool
    healthy: bool
    report: Mapping[str, object]


class HealthCheck:
    """Puts the picture together, asking all peers at once."""

    def __init__(
        self,
        worker: Worker,
        probes: Sequence[Probe],
        clock: Clock,
        *,
        memory_mb: Callable[[], float],
        threshold_mb: float,
    ) -> None:
        self._worker: Final = worker
        self._probes: Final = tuple(probes)
        self._memory_mb: Final = memory_mb
        self._threshold_mb: Final = threshold_mb
        self._clock: Final = clock
        self._lock: Final = asyncio.Lock()
        self._known: tuple[float, Health] | None = None

    async def check(self) -> Health:
        """Return the picture, at most a second old: however often it is asked for, peers are not.

        Only a drain shows at once: nobody should send work to a worker that ends.
        """
        async with self._lock:
            now = self._clock.monotonic()
            known = self._known
            if known is None or now - known[0] >= _FRESH_SECONDS or (known[1].ready and self._worker.draining):
                self._known = known = (now, await self._look())
            return known[1]

    async def _look(self) -> Health:
        # A worker that ends is not ready whatever its peers say, and has no time to ask them.
        asked = () if self._worker.draining else self._probes
        peers = await asyncio.gather(*(probe.check() for probe in asked))
        lanes = {runner.lane.value: runner for runner in self._worker.lanes}
        states = {name: runner.source.state() for name, runner in lanes.items()}
        memory_mb = self._memory_mb()
        ready = (
            not self._worker.draining
            and all(state == "consuming" for state in states.values())
            and all(peer.ok for peer in peers if peer.required)
        )
        healthy = ready and memory_mb <= self._threshold_mb
        report = {
            "status": "healthy" if healthy else "unhealthy",
            "draining": self._worker.draining,
            "lanes": {name: {"state": states[name], "in_flight": runner.in_flight} for name, runner in lanes.items()},
            "peers": {peer.name: _peer(peer) for peer in peers},
            "memory": {"rss_mb": round(memory_mb, 1), "threshold_mb": self._threshold_mb},
        }
        return Health(ready=ready, healthy=healthy, report=report)


def _peer(peer: ProbeResult) -> Mapping[str, object]:
    return {"ok": peer.ok, "required": peer.required, "detail": peer.detail}
