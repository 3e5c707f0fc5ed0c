"""The machine's clock."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from typing_extensions import override

from gpadapters.system.alarms import Alarm, Alarms, Deadline
from gpcore.ports.clock import Clock


class SystemClock(Clock):
    """Wall clock and monotonic clock of the operating system, waits of the event loop."""

    __slots__ = ("_alarms",)

    def __init__(self) -> None:
        self._alarms: Alarms | None = None

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
        return Deadline(self._here(), seconds)

    @override
    def call_after(self, seconds: float, action: Callable[[], None]) -> Alarm:
        return Alarm(self._here(), seconds, action)

    def _here(self) -> Alarms:
        """Return the alarms of the event loop that runs; a clock may outlive one."""
        loop, alarms = asyncio.get_running_loop(), self._alarms
        if alarms is None or alarms.loop is not loop:
            alarms = self._alarms = Alarms(loop)
        return alarms
