"""A clock that a test moves, forward and back."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from gpcore.ports.clock import Alarm, Clock

NOW_US = 1_795_435_207_405_000
SECOND = 1_000_000


class SettableClock(Clock):
    """Stands still until told otherwise."""

    def __init__(self, now_us: int = NOW_US) -> None:
        self.now = now_us
        self._slept = 0.0

    def now_us(self) -> int:
        return self.now

    def monotonic(self) -> float:
        return self._slept

    def advance(self, microseconds: int) -> None:
        """Move by that much; a negative number steps back, as a corrected wall clock does."""
        self.now += microseconds

    async def sleep(self, seconds: float) -> None:
        self._slept += max(0.0, seconds)
        self.now += round(max(0.0, seconds) * SECOND)
        await asyncio.sleep(0)

    def deadline(self, seconds: float) -> AbstractAsyncContextManager[None]:
        # Only the state stores take this clock, and they set no deadlines.
        raise AssertionError(f"a state store asked for a deadline of {seconds} s")

    def call_after(self, seconds: float, action: Callable[[], None]) -> Alarm:
        # Nor do they set alarms.
        raise AssertionError(f"a state store set an alarm after {seconds} s")
