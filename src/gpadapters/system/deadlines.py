"""Bodies that are bounded in time, with one timer of the event loop for all of them.

A timer costs more than most bodies that it would bound. Nearly every body ends in time, and whoever comes later is
nearly always due later, so the one timer is hardly ever set.
"""

import asyncio
import math
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Final

from typing_extensions import override

_GRAIN: Final = 0.001
"""Seconds. Some event loops count in whole milliseconds and wake a little early."""


class Deadlines:
    """Those of one event loop.

    Attributes:
        loop: Where they are entered.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop: Final = loop
        self._running: Final[set[Deadline]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._next_look = math.inf

    def add(self, deadline: "Deadline") -> None:
        """Watch it until it is discarded or over."""
        self._running.add(deadline)
        if deadline.due < self._next_look:
            self._look_at(deadline.due)

    def discard(self, deadline: "Deadline") -> None:
        """Watch it no longer; the timer stays, since others will soon be due."""
        self._running.discard(deadline)

    def _look_at(self, due: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._next_look = due
        self._timer = self.loop.call_at(due, self._look)

    def _look(self) -> None:
        self._timer, self._next_look = None, math.inf
        now = self.loop.time()
        for over in [deadline for deadline in self._running if deadline.due <= now + _GRAIN]:
            self._running.discard(over)
            over.end()
        if self._running:
            self._look_at(min(deadline.due for deadline in self._running))


class Deadline(AbstractAsyncContextManager[None]):
    """Cancels its body when it is due, and then raises ``TimeoutError``; entered once.

    As with ``asyncio.timeout``, a cancellation from outside that comes together with its own goes on.

    Attributes:
        due: By the loop's clock.
    """

    __slots__ = ("_among", "_cancellations", "_over", "_task", "due")

    def __init__(self, among: Deadlines, seconds: float) -> None:
        self._among: Final = among
        self._task: asyncio.Task[object] | None = None
        self._cancellations = 0
        self._over = False
        self.due: Final = among.loop.time() + seconds

    @override
    async def __aenter__(self) -> None:
        self._task = task = asyncio.current_task(self._among.loop)
        if task is None:
            raise RuntimeError("a deadline bounds what a task does, but there is no task here")
        self._cancellations = task.cancelling()
        self._among.add(self)

    @override
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._among.discard(self)
        if not self._over or self._task is None:
            return
        if self._task.uncancel() <= self._cancellations and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def end(self) -> None:
        """Cancel the body at once."""
        self._over = True
        if self._task is not None:
            self._task.cancel()
