"""The stand-in Discord as a program, told what to do over HTTP."""

import time
from dataclasses import dataclass
from itertools import count
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp

from gpcore.domain.ids import snowflake_at
from tests.e2e.processes import GpProcess
from tests.eventually import eventually

APPLICATION: Final = "1214497633075331073"
_SEQUENCE = count(1)


@dataclass(frozen=True)
class Asked:
    """An interaction that waits for its answer."""

    id: str
    token: str


async def started_program() -> GpProcess:
    """Start it on a free port; the first line that it prints is its address."""
    process = await GpProcess.start("simulate", "discord", "--port", "0", env={})
    await eventually(lambda: process.output or process.process.returncode is not None, within=30.0)
    assert process.output, process.log
    return process


class StandIn:
    """``gp simulate discord``, and its control endpoints."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        parts = urlsplit(url)
        self.url = url
        self._control = f"{parts.scheme}://{parts.netloc}/_sim"
        self._session = session

    async def forget(self) -> None:
        """Begin anew."""
        await self._tell("/reset", {})

    async def interaction(self, *, kind: int = 2) -> Asked:
        """Let a user ask something."""
        number = next(_SEQUENCE)
        asked = Asked(snowflake_at(time.time_ns() // 1_000_000, number), f"token-{number}")
        body = {"interaction_id": asked.id, "token": asked.token, "kind": kind, "application_id": APPLICATION}
        await self._tell("/interactions", body)
        return asked

    async def shown(self, asked: Asked) -> Any:  # noqa: ANN401 - JSON
        """Return what the stand-in knows of an interaction."""
        return await self._look(f"/interactions/{asked.id}")

    async def fault(self, **fault: object) -> None:
        """Let something go wrong."""
        await self._tell("/faults", fault)

    async def requests(self, template: str = "") -> Any:  # noqa: ANN401 - JSON
        """Return the recorded requests whose path template contains this, oldest first."""
        return await self._look(f"/requests?template={template}")

    async def statuses(self, template: str = "") -> list[int]:
        """Return what those requests were answered, oldest first."""
        return [request["status"] for request in await self.requests(template)]

    async def _tell(self, path: str, body: object) -> None:
        async with self._session.post(self._control + path, json=body) as response:
            assert response.status == 204, await response.text()

    async def _look(self, path: str) -> Any:  # noqa: ANN401 - JSON
        async with self._session.get(self._control + path) as response:
            assert response.status == 200
            return await response.json()
