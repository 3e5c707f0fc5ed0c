"""What a child measures of itself: its rate and the processor time that the operating system counts for it."""

import asyncio
import json
import os
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_WARM_UP: Final = 10
"""The first tenth is not measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a child is to do.

    Attributes:
        queue: What to consume.
        count: How many messages.
        in_flight: Prefetch, and handlers at a time.
        redis, peer: Addresses.
        checkpoint: Tell the memory after each so many messages; 0 for never.
    """

    rabbitmq: str
    redis: str
    peer: str
    queue: str
    count: int
    in_flight: int
    checkpoint: int = 0

    @classmethod
    def read(cls) -> "Order":
        """Say that everything is imported, and wait for the order."""
        print("loaded", flush=True)
        return cls(**json.loads(sys.stdin.readline()))


class Meter:
    """Counts messages and knows when all were there."""

    def __init__(self, order: Order) -> None:
        self._count: Final = order.count
        self._first: Final = order.count // _WARM_UP
        self._checkpoint: Final = order.checkpoint
        self._seen = 0
        self._started = (0.0, 0.0)
        self._over: Final = asyncio.Event()

    def tick(self) -> None:
        """Count one message that was handled."""
        self._seen += 1
        if self._seen == self._first:
            self._started = (time.perf_counter(), _cpu_seconds())
        if self._checkpoint and self._seen % self._checkpoint == 0:
            print(json.dumps({"seen": self._seen, "rss_mb": _resident_mb()}), flush=True)
        if self._seen == self._count:
            self._report()
            self._over.set()

    async def over(self) -> None:
        """Wait for the last message."""
        await self._over.wait()

    def _report(self) -> None:
        measured, (wall, cpu) = self._count - self._first, self._started
        seconds, spent = time.perf_counter() - wall, _cpu_seconds() - cpu
        print(json.dumps({"per_second": measured / seconds, "cpu_us": spent / measured * 1e6}), flush=True)


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
