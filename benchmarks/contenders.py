"""Contenders as processes: started, given an order, and asked what they measured."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.children.meter import Order
from benchmarks.servers import Servers

_PATIENCE: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A program that measures itself.

    Attributes:
        name: For tables.
        command: What Python is to run: a module of ``benchmarks.children`` and its arguments.
        share: How many messages it gets, of those that gp gets; a slow one needs fewer for the same time.
        profile: Where Python's profiler writes what it found; ``None`` lets it run at full speed.
    """

    name: str
    command: tuple[str, ...]
    share: float = 1.0
    profile: Path | None = None

    def arguments(self) -> tuple[str, ...]:
        """Return Python's arguments."""
        profiler = () if self.profile is None else ("-m", "cProfile", "-o", str(self.profile))
        return (*profiler, "-m", f"benchmarks.children.{self.command[0]}", *self.command[1:])


@dataclass(slots=True)
class Child:
    """A program that runs.

    Attributes:
        process: For signals.
    """

    process: asyncio.subprocess.Process
    _told: list[Mapping[str, Any]] = field(default_factory=list)

    async def begin(self, order: Order) -> None:
        """Let it consume."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(asdict(order)).encode() + b"\n")
        await self.process.stdin.drain()

    async def says(self) -> dict[str, Any]:
        """Return the next thing that it tells.

        Raises:
            AssertionError: It ended instead.
        """
        assert self.process.stdout is not None
        line = await asyncio.wait_for(self.process.stdout.readline(), _PATIENCE)
        assert line, f"a contender ended early with code {await self.process.wait()}"
        said: dict[str, Any] = json.loads(line)
        return said


@asynccontextmanager
async def started(program: Program, servers: Servers, **settings: str) -> AsyncIterator[Child]:
    """Start a program for the body; when this enters, it has imported everything and waits for its order."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *program.arguments(),
        env={**os.environ, **servers.environment(), **settings},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"loaded\n"
        yield Child(process)
        await asyncio.wait_for(process.wait(), _PATIENCE)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def order_for(servers: Servers, queue: str, *, count: int, in_flight: int, checkpoint: int = 0) -> Order:
    """Return an order on these servers."""
    return Order(
        rabbitmq=servers.rabbitmq,
        redis=servers.redis,
        peer=servers.peer,
        queue=queue,
        count=count,
        in_flight=in_flight,
        checkpoint=checkpoint,
    )
