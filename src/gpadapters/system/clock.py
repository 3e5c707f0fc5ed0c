"""The machine's clock."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from typing_extensions import override

from gpcore.ports.clock import Alarm, Clock


class SystemClock(Clock):
    """Wall clock and monotonic clock of the operating system, waits of the event loop."""

    __slots__ = ()

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
        return asyncio.timeout(seconds)

    @override
    def call_after(self, seconds: float, action: Callable[[], None]) -> Alarm:
        return asyncio.get_running_loop().call_later(seconds, action)
