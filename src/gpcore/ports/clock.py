"""Time, as the core sees it."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol


class Alarm(Protocol):
    """A call that is to come."""

    def cancel(self) -> object:
        """Let it not come; harmless once it has."""
        ...


class Clock(ABC):
    """Tells the time and lets the core wait.

    Guarantees:
        - ``monotonic`` never goes back.
        - ``sleep`` returns no earlier than asked for, by ``monotonic``.
        - ``deadline`` cancels its body once the time is up and then raises ``TimeoutError``.
        - ``call_after`` calls once, from the event loop, and never after the alarm was cancelled.

    No guarantee:
        - ``now_us`` follows the machine's wall clock, which may step either way.
        - ``call_after`` may come a few milliseconds early, as event loops do.
    """

    __slots__ = ()

    @abstractmethod
    def now_us(self) -> int:
        """Return the wall-clock time in microseconds since the Unix epoch."""

    @abstractmethod
    def monotonic(self) -> float:
        """Return seconds on a clock that only goes forward."""

    @abstractmethod
    async def sleep(self, seconds: float) -> None:
        """Wait; zero or less yields to other tasks once."""

    @abstractmethod
    def deadline(self, seconds: float) -> AbstractAsyncContextManager[object]:
        """Bound the time of an ``async with`` body; what entering gives means nothing.

        Raises:
            TimeoutError: From the ``async with`` when the body was cancelled for being late.
        """

    @abstractmethod
    def call_after(self, seconds: float, action: Callable[[], None]) -> Alarm:
        """Let ``action`` be called when this much time has passed; cheaper than a task that sleeps."""
