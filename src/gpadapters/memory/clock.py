"""A clock that stands still until somebody moves it."""

import asyncio
import heapq
import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from typing_extensions import override

from gpcore.ports.clock import Clock

DEFAULT_START_US: Final = 1_795_435_207_405_000
"""A moment in November 2026, so that snowflakes minted from it look real."""

_ROUNDS: Final = 100
"""Turns of the event loop that woken tasks get before the clock moves on."""

_US: Final = 1_000_000
_ROUNDING: Final = 1e-3
"""Microseconds by which sums of floats may be off without costing another microsecond of sleep."""


class VirtualClock(Clock):
    """Moves only by ``advance``; whoever waits is woken in the order of their times.

    It cannot know when the woken tasks have done all they can do without more time. It gives them
    a fixed number of turns of the event loop; a task that waits for a socket or a thread is not
    waited for.
    """

    def __init__(self, start_us: int = DEFAULT_START_US) -> None:
        """Stop the clock.

        Args:
            start_us: Wall-clock time in microseconds since the Unix epoch.
        """
        self._start_us = start_us
        self._elapsed_us = 0
        self._sequence = 0
        self._alarms: list[Alarm] = []

    @override
    def now_us(self) -> int:
        return self._start_us + self._elapsed_us

    @override
    def monotonic(self) -> float:
        return self._elapsed_us / _US

    @override
    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken = asyncio.Event()
        alarm = self.call_after(seconds, woken.set)
        try:
            await woken.wait()
        finally:
            alarm.cancel()

    @override
    @asynccontextmanager
    async def deadline(self, seconds: float) -> AsyncIterator[None]:
        async with asyncio.timeout(None) as timeout:
            loop = asyncio.get_running_loop()
            if seconds <= 0:
                timeout.reschedule(loop.time())
            alarm = self.call_after(seconds, lambda: timeout.reschedule(loop.time()))
            try:
                yield
            finally:
                alarm.cancel()

    async def advance(self, seconds: float) -> None:
        """Move time forward, stopping at every alarm on the way to let tasks run.

        Args:
            seconds: How far; zero only lets tasks run.
        """
        target = self._elapsed_us + round(seconds * _US)
        await self._let_tasks_run()
        while self._alarms and self._alarms[0].due_us <= target:
            alarm = heapq.heappop(self._alarms)
            if alarm.cancelled:
                continue
            self._elapsed_us = max(self._elapsed_us, alarm.due_us)
            alarm.action()
            await self._let_tasks_run()
        # Somebody else may have moved it further meanwhile.
        self._elapsed_us = max(self._elapsed_us, target)

    @override
    def call_after(self, seconds: float, action: Callable[[], None]) -> "Alarm":
        self._sequence += 1
        alarm = Alarm(self._elapsed_us + math.ceil(seconds * _US - _ROUNDING), self._sequence, action)
        heapq.heappush(self._alarms, alarm)
        return alarm

    def seconds_to_next_alarm(self) -> float | None:
        """Return how far off the next alarm is, ``None`` if nobody waits for time to pass."""
        while self._alarms and self._alarms[0].cancelled:
            heapq.heappop(self._alarms)
        return max(self._alarms[0].due_us - self._elapsed_us, 0) / _US if self._alarms else None

    def step_wall_clock(self, microseconds: int) -> None:
        """Correct the wall clock, forward or back, as a time service does; nobody is woken."""
        self._start_us += microseconds

    async def _let_tasks_run(self) -> None:
        for _ in range(_ROUNDS):
            await asyncio.sleep(0)


class Alarm:
    """What happens at a time; of two at the same time the one set first comes first."""

    __slots__ = ("action", "due_us", "sequence")

    def __init__(self, due_us: int, sequence: int, action: Callable[[], None]) -> None:
        self.due_us = due_us
        self.sequence = sequence
        self.action = action

    @property
    def cancelled(self) -> bool:
        """Whether nobody waits for it any more."""
        return self.action is _nothing

    def cancel(self) -> None:
        """Let nothing happen."""
        self.action = _nothing

    def __lt__(self, other: "Alarm") -> bool:
        return (self.due_us, self.sequence) < (other.due_us, other.sequence)


def _nothing() -> None:
    """Replaces the action of an alarm that nobody waits for any more."""
