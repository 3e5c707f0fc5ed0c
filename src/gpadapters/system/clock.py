"""The machine's clock."""

import asyncio
import time
from contextlib import AbstractAsyncContextManager

from typing_extensions import override

from gpadapters.system.deadlines import Deadline, Deadlines
from gpcore.ports.clock import Clock


class SystemClock(Clock):
    """Wall clock and monotonic clock of the operating system, waits of the event loop."""

    __slots__ = ("_deadlines",)

    def __init__(self) -> None:
        self._deadlines: Deadlines | None = None

    @override
    def now_us(self) -> int:
        return time.time_ns() // 1_000

    @override
    def monotonic(self) -> float:
        return time.monotonic()

    @override
    async def sleep(self, seconds: float) -> None:
        until = self.monotonic() + seconds
        await asyncio.sleep(seconds)
        # Some event loops count in whole milliseconds and wake a little early.
        if (left := until - self.monotonic()) > 0:
            await self.sleep(left)

    @override
    def deadline(self, seconds: float) -> AbstractAsyncContextManager[object]:
        loop = asyncio.get_running_loop()
        deadlines = self._deadlines
        if deadlines is None or deadlines.loop is not loop:
            deadlines = self._deadlines = Deadlines(loop)
        return Deadline(deadlines, seconds)
