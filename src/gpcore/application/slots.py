"""A bounded number of handlers at a time."""

import asyncio
import contextlib
from collections import deque
from contextlib import AbstractAsyncContextManager
from typing import Final

from gpcore.errors import DeadlineMissedError, GpError


class SlotsClosedError(GpError):
    """The worker drains: what has not started will not start here."""


class ShedError(DeadlineMissedError):
    """No slot was free in time for what must be answered at once."""


class Slots(AbstractAsyncContextManager[None]):
    """Hands out ``size`` slots, first come, first served, or the newest first.

    The newest first suits work that is worthless after its deadline: with more of it than can be done,
    first come, first served would let everyone wait until it is nearly too late, and then fail them all.

    Once closed, everyone who waits and everyone who comes is refused, while holders finish.
    """

    def __init__(self, size: int, *, newest_first: bool = False) -> None:
        self._free = size
        self._newest_first: Final = newest_first
        self._waiting: Final[deque[asyncio.Future[None]]] = deque()
        self._closed = False

    @property
    def waiting(self) -> int:
        """How many wait for a slot."""
        return len(self._waiting)

    @property
    def closed(self) -> bool:
        """Whether nothing may start any more."""
        return self._closed

    def slot(self) -> AbstractAsyncContextManager[None]:
        """Hold a slot for the body; entering it raises what ``acquire`` raises."""
        return self

    async def __aenter__(self) -> None:
        await self.acquire()

    async def __aexit__(self, *_: object) -> None:
        self.release()

    def close(self) -> None:
        """Refuse everyone who waits now or comes later."""
        self._closed = True
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_exception(SlotsClosedError("the worker drains"))

    async def acquire(self) -> None:
        """Take a slot; whoever took it must ``release`` it.

        Raises:
            SlotsClosedError: The slots were closed before one was free.
        """
        if self._closed:
            raise SlotsClosedError("the worker drains")
        if self._free > 0:
            self._free -= 1
            return
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.cancelled():
                self._forget(waiter)
            elif waiter.exception() is None:
                self.release()
            raise

    def release(self) -> None:
        """Return a slot to whoever is next."""
        while self._waiting:
            waiter = self._waiting.pop() if self._newest_first else self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return
        self._free += 1

    def _forget(self, waiter: asyncio.Future[None]) -> None:
        # Whoever wanted to wake it may have taken it off the line already.
        with contextlib.suppress(ValueError):
            self._waiting.remove(waiter)
