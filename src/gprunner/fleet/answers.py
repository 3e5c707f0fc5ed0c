"""What a fleet's parent answers for its children."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import aiohttp

from gpcore.application.health import Health
from gprunner.fleet.child import Child
from gprunner.fleet.fleet import Fleet

Merge = Callable[..., tuple[bytes, str]]
"""Puts expositions together: by worker, and ``restarts``."""

_PATIENCE: Final = aiohttp.ClientTimeout(total=3.0)
_OK: Final = 200


class FleetAnswers:
    """Asks every child at every request; one that does not answer is neither healthy nor ready."""

    def __init__(self, fleet: Fleet, merge: Merge) -> None:
        self._fleet: Final = fleet
        self._merge: Final = merge

    async def check(self) -> Health:
        """Return the whole picture: ready and healthy only if every worker is."""
        async with aiohttp.ClientSession(timeout=_PATIENCE) as session:
            children = self._fleet.children
            reports = await asyncio.gather(*(self._report(session, child) for child in children))
        ready = not self._fleet.stopping and all(report["ready"] for report in reports)
        healthy = ready and all(report["status"] == "healthy" for report in reports)
        return Health(
            ready=ready,
            healthy=healthy,
            report={
                "status": "healthy" if healthy else "unhealthy",
                "draining": self._fleet.stopping,
                "workers": {child.name: report for child, report in zip(children, reports, strict=True)},
            },
        )

    async def render(self) -> tuple[bytes, str]:
        """Return every worker's metrics, and the content type."""
        async with aiohttp.ClientSession(timeout=_PATIENCE) as session:
            asked = {child.name: _get(session, child, "/metrics") for child in self._fleet.children}
            answers = dict(zip(asked, await asyncio.gather(*asked.values()), strict=True))
        expositions = {name: text for name, (status, text) in answers.items() if status == _OK}
        return self._merge(expositions, restarts=self._fleet.restarts)

    async def _report(self, session: aiohttp.ClientSession, child: Child) -> Mapping[str, Any]:
        (ready, _), (status, text) = await asyncio.gather(
            _get(session, child, "/readyz"), _get(session, child, "/health")
        )
        facts = {"pid": child.pid, "restarts": self._fleet.restarts[child.name], "ready": ready == _OK}
        report: dict[str, Any] = json.loads(text) if status else {"status": "no answer"}
        return {**facts, **report}


async def _get(session: aiohttp.ClientSession, child: Child, path: str) -> tuple[int, str]:
    """Return status and text; 0 if there is no answer."""
    if child.address is None:
        return 0, ""
    try:
        async with session.get(child.address + path) as response:
            return response.status, await response.text()
    except (aiohttp.ClientError, TimeoutError):
        return 0, ""
