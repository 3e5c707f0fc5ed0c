"""What is to happen after a time if nothing comes before it, with one timer of the event loop for all.

A timer costs more than most bodies that it would bound. Nearly everything ends in time, and what comes later is
nearly always due later, so the one timer is hardly ever set.
"""

import asyncio
import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from contextvars import Context, copy_context
from types import TracebackType
from typing import Final

from typing_extensions import override

_GRAIN: Final = 0.001
"""Seconds. Some event loops count in whole milliseconds and wake a little early."""


class Alarms:
    """Those of one event loop.

    Attributes:
        loop: Where they ring.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop: Final = loop
        self._set: Final[set[Pending]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._next_look = math.inf

    def set(self, pending: "Pending") -> None:
        """Let it ring when it is due, unless it is cancelled before."""
        self._set.add(pending)
        if pending.due < self._next_look:
            self._look_at(pending.due)

    def cancel(self, pending: "Pending") -> None:
        """Let it not ring; the timer stays, since others will soon be due."""
        self._set.discard(pending)

    def _look_at(self, due: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._next_look = due
        # In a context of its own: it serves more than whoever happens to set it.
        self._timer = self.loop.call_at(due, self._look, context=Context())

    def _look(self) -> None:
        self._timer, self._next_look = None, math.inf
        now = self.loop.time()
        waiting = []
        for pending in self._set:
            if pending.due <= now + _GRAIN:
                # Each in a call of its own: one that fails keeps no other from ringing.
                self.loop.call_soon(self._ring, pending, context=pending.context)
            else:
                waiting.append(pending.due)
        if waiting:
            self._look_at(min(waiting))

    def _ring(self, pending: "Pending") -> None:
        if pending in self._set:
            self._set.discard(pending)
            pending.ring()


class Pending(ABC):
    """Something that may ring.

    Attributes:
        due: When, by the loop's clock.
        context: Where; ``None`` if it does not matter.
    """

    __slots__ = ("context", "due")

    def __init__(self, due: float, context: Context | None) -> None:
        self.due: Final = due
        self.context: Final = context

    @abstractmethod
    def ring(self) -> None:
        """Do what is due; it is not set any more."""


class Alarm(Pending):
    """Calls an action in the context of whoever set it."""

    __slots__ = ("_action", "_among")

    def __init__(self, among: Alarms, seconds: float, action: Callable[[], None]) -> None:
        super().__init__(among.loop.time() + seconds, copy_context())
        self._among: Final = among
        self._action = action
        among.set(self)

    def cancel(self) -> None:
        """Let it not come; harmless once it has."""
        self._among.cancel(self)
        self._forget()

    @override
    def ring(self) -> None:
        action = self._action
        self._forget()
        action()

    def _forget(self) -> None:
        """Let go of the action: it usually belongs to whoever keeps the alarm, and the two would keep each other."""
        self._action = _nothing


class Deadline(Pending, AbstractAsyncContextManager[None]):
    """Cancels its body when it is due, and then raises ``TimeoutError``; entered once.

    As with ``asyncio.timeout``, a cancellation from outside that comes together with its own goes on.
    """

    __slots__ = ("_among", "_cancellations", "_over", "_task")

    def __init__(self, among: Alarms, seconds: float) -> None:
        super().__init__(among.loop.time() + seconds, None)
        self._among: Final = among
        self._task: asyncio.Task[object] | None = None
        self._cancellations = 0
        self._over = False

    @override
    async def __aenter__(self) -> None:
        self._task = task = asyncio.current_task(self._among.loop)
        if task is None:
            raise RuntimeError("a deadline bounds what a task does, but there is no task here")
        self._cancellations = task.cancelling()
        self._among.set(self)

    @override
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._among.cancel(self)
        if not self._over or self._task is None:
            return
        if self._task.uncancel() <= self._cancellations and kind is asyncio.CancelledError:
            raise TimeoutError from error

    @override
    def ring(self) -> None:
        self._over = True
        if self._task is not None:
            self._task.cancel()


def _nothing() -> None:
    """Takes the place of an action that is over."""
