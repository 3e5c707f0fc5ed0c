"""``gp`` as a process: started, asked, and ended."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

import aiohttp

ROOT: Final = Path(__file__).parents[2]
_KEPT: Final = frozenset({"PATH", "HOME", "LANG"})
_PATIENCE: Final = 30.0
_SAMPLE: Final = re.compile(r"^(?P<name>\w+)\{(?P<labels>[^}]*)\} (?P<value>\S+)$", re.MULTILINE)


@dataclass
class GpProcess:
    """A running ``gp`` command whose log is read as it is written."""

    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)
    output: list[str] = field(default_factory=list)
    _readers: list[asyncio.Task[None]] = field(default_factory=list)

    @classmethod
    async def start(cls, *arguments: str, env: Mapping[str, str]) -> Self:
        """Start ``gp`` with these arguments, and nothing of this process's environment but what it needs."""
        kept = {name: value for name, value in os.environ.items() if name in _KEPT or name.startswith("COVERAGE_")}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "gprunner", *arguments,
            cwd=ROOT, env={**kept, **env},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        started = cls(process)
        for stream, lines in ((process.stderr, started.lines), (process.stdout, started.output)):
            assert stream is not None
            started._readers.append(asyncio.create_task(_read(stream, lines)))
        return started

    async def ended(self, *, within: float = _PATIENCE) -> int:
        """Wait for the end and return the exit code."""
        code = await asyncio.wait_for(self.process.wait(), within)
        await asyncio.gather(*self._readers)
        return code

    async def stop(self, number: signal.Signals = signal.SIGTERM, *, within: float = _PATIENCE) -> int:
        """Send a signal and wait for the end."""
        self.process.send_signal(number)
        return await self.ended(within=within)

    async def kill(self) -> None:
        """End it whatever it does; harmless if it has ended."""
        if self.process.returncode is None:
            self.process.kill()
        await self.ended()

    async def health_address(self) -> str:
        """Wait until the health endpoint listens and return its address."""
        for record in await self._records_until("address"):
            return str(record["address"])
        raise AssertionError(f"no health endpoint; the process said:\n{self.log}")

    @property
    def known_address(self) -> str | None:
        """The address of the health endpoint, if it listens already."""
        told = [record["address"] for record in map(_parsed, self.lines) if "address" in record]
        return str(told[0]) if told else None

    async def ready(self) -> str:
        """Wait until the worker is ready and return the address of its health endpoint."""
        address = await self.health_address()
        async with aiohttp.ClientSession() as session:
            for _ in range(int(_PATIENCE / 0.1)):
                async with session.get(f"{address}/readyz") as response:
                    if response.status == 200:
                        return address
                assert self.process.returncode is None, self.log
                await asyncio.sleep(0.1)
        raise AssertionError(f"never ready; the process said:\n{self.log}")

    @property
    def log(self) -> str:
        """What it wrote to standard error so far."""
        return "\n".join(self.lines)

    async def _records_until(self, key: str) -> list[dict[str, Any]]:
        for _ in range(int(_PATIENCE / 0.05)):
            found = [record for record in map(_parsed, self.lines) if key in record]
            if found or self.process.returncode is not None:
                return found
            await asyncio.sleep(0.05)
        return []


async def metric(address: str, name: str) -> dict[str, float]:
    """Return a metric's samples by their label text, such as ``lane="events",outcome="handled"``."""
    async with aiohttp.ClientSession() as session, session.get(f"{address}/metrics") as response:
        text = await response.text()
    return {found["labels"]: float(found["value"]) for found in _SAMPLE.finditer(text) if found["name"] == name}


async def outcomes(address: str) -> dict[tuple[str, str], int]:
    """Return how many deliveries were settled, by lane and outcome."""
    counted: dict[tuple[str, str], int] = {}
    for labels, value in (await metric(address, "gp_deliveries_total")).items():
        pairs = dict(re.findall(r'(\w+)="([^"]*)"', labels))
        counted[pairs["lane"], pairs["outcome"]] = int(value)
    return counted


async def _read(stream: asyncio.StreamReader, lines: list[str]) -> None:
    while line := await stream.readline():
        lines.append(line.decode("utf-8", "replace").rstrip("\n"))


def _parsed(line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}
