"""Virtual time for the bot's own waiting.

While a client is entered, the timers that the bot's tasks set on the event loop (``asyncio.sleep``,
``asyncio.timeout``, ``asyncio.wait_for``) wait on the virtual clock; everybody else's stay real. A
context variable tells the bot's tasks: it is set while the kit hands them their work, and tasks
inherit it. Only public methods of the loop are replaced, and put back at the end.
"""

import asyncio
import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context, ContextVar
from typing import Any, Final, Protocol
from weakref import WeakKeyDictionary

from typing_extensions import override


class Alarm(Protocol):
    """Something that will happen."""

    def cancel(self) -> None:
        """Let it not happen."""


class AlarmClock(Protocol):
    """A clock that can be moved by hand."""

    def now_us(self) -> int:
        """Return the wall-clock time in microseconds."""

    def monotonic(self) -> float:
        """Return seconds."""

    def call_after(self, seconds: float, action: Callable[[], None]) -> Alarm:
        """Let ``action`` be called when this much time has passed."""

    def seconds_to_next_alarm(self) -> float | None:
        """Return how far off the next alarm is."""

    async def advance(self, seconds: float) -> None:
        """Move time forward."""


class BotTime:
    """The time of one client's bot.

    Attributes:
        clock: What its timers wait for.
        threads: Calls that threads are working on for it; time must stand still meanwhile.
    """

    def __init__(self, clock: AlarmClock) -> None:
        self.clock: Final = clock
        self.threads = 0

    @contextmanager
    def current(self) -> Iterator[None]:
        """Let the tasks that are started in the body, and theirs in turn, live in this time."""
        token = _TIME.set(self)
        try:
            yield
        finally:
            _TIME.reset(token)

    @contextmanager
    def borrowed(self) -> Iterator[None]:
        """Route the running loop's timers for the body."""
        loop = asyncio.get_running_loop()
        count = _BORROWED.get(loop, 0)
        if count == 0:
            _replace(loop)
        _BORROWED[loop] = count + 1
        try:
            yield
        finally:
            _BORROWED[loop] -= 1
            if _BORROWED[loop] == 0:
                _restore(loop)

    def thread_ended(self, _future: object) -> None:
        """Count a thread's work as done."""
        self.threads -= 1


_TIME: Final[ContextVar[BotTime | None]] = ContextVar("gp_bot_time", default=None)
_BORROWED: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, int]] = WeakKeyDictionary()
_METHODS: Final = ("time", "call_at", "call_later", "run_in_executor")


class _VirtualTimer(asyncio.TimerHandle):
    """A timer that an alarm of the virtual clock sets off."""

    alarm: Alarm | None = None

    @override
    def cancel(self) -> None:
        # Not TimerHandle's: the loop keeps no account of this timer.
        asyncio.Handle.cancel(self)
        if self.alarm is not None:
            self.alarm.cancel()


def _replace(loop: asyncio.AbstractEventLoop) -> None:
    real = {name: getattr(loop, name) for name in _METHODS}
    changed = {
        "time": functools.partial(_time, real["time"]),
        "call_at": functools.partial(_call_at, loop, real["call_at"]),
        "call_later": functools.partial(_call_later, loop, real["call_later"]),
        "run_in_executor": functools.partial(_run_in_executor, real["run_in_executor"]),
    }
    for name, method in changed.items():
        setattr(loop, name, method)


def _restore(loop: asyncio.AbstractEventLoop) -> None:
    # The class's own methods come to light again.
    for name in _METHODS:
        delattr(loop, name)


def _time(real: Callable[[], float]) -> float:
    mine = _TIME.get()
    return real() if mine is None else mine.clock.monotonic()


def _call_at(
    loop: asyncio.AbstractEventLoop,
    real: Callable[..., asyncio.TimerHandle],
    when: float,
    callback: Callable[..., object],
    *args: Any,  # noqa: ANN401 - the callback's own
    context: Context | None = None,
) -> asyncio.TimerHandle:
    mine = _TIME.get()
    if mine is None:
        return real(when, callback, *args, context=context)
    timer = _VirtualTimer(when, callback, args, loop, context)

    def act() -> None:
        if not timer.cancelled():
            callback(*args)

    def go_off() -> None:
        loop.call_soon(act, context=context)

    timer.alarm = mine.clock.call_after(max(when - mine.clock.monotonic(), 0.0), go_off)
    return timer


def _call_later(
    loop: asyncio.AbstractEventLoop,
    real: Callable[..., asyncio.TimerHandle],
    delay: float,
    callback: Callable[..., object],
    *args: Any,  # noqa: ANN401 - the callback's own
    context: Context | None = None,
) -> asyncio.TimerHandle:
    mine = _TIME.get()
    if mine is None:
        return real(delay, callback, *args, context=context)
    return _call_at(loop, real, mine.clock.monotonic() + delay, callback, *args, context=context)


def _run_in_executor(real: Callable[..., asyncio.Future[object]], *args: object) -> asyncio.Future[object]:
    future = real(*args)
    mine = _TIME.get()
    if mine is not None:
        mine.threads += 1
        future.add_done_callback(mine.thread_ended)
    return future
