"""Commands that leave together, and the replies that their callers wait for."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from typing_extensions import override


class Call:
    """One packed command and its caller."""

    __slots__ = ("_batch", "packed", "reply")

    def __init__(self, batch: "Batch", packed: bytes, reply: asyncio.Future[object]) -> None:
        self._batch = batch
        self.packed = packed
        self.reply = reply

    def answer(self, reply: object) -> None:
        """Pass the reply on, if the caller still waits."""
        self._batch.settle_one()
        if not self.reply.done():
            self.reply.set_result(reply)

    def fail(self, error: Exception) -> None:
        """Pass a failure on, if the caller still waits."""
        self._batch.settle_one()
        if not self.reply.done():
            self.reply.set_exception(error)


class Prelude(Call):
    """A command right before another one: it leaves only if that one does, and its reply is nobody's."""

    __slots__ = ()

    @override
    def answer(self, reply: object) -> None:
        """Pass it over."""
        self._batch.settle_one()

    @override
    def fail(self, error: Exception) -> None:
        """Pass it over."""
        self._batch.settle_one()


class Batch:
    """The commands of one turn of the event loop; they share one deadline.

    Args:
        loop: Keeps the time.
        timeout: Seconds until the deadline.
        expire: Called then, unless everything was answered.
    """

    __slots__ = ("_calls", "_loop", "_timer", "unanswered")

    def __init__(self, loop: asyncio.AbstractEventLoop, timeout: float, expire: Callable[["Batch"], None]) -> None:
        self._loop: Final = loop
        self._calls: Final[list[Call]] = []
        self._timer = loop.call_later(timeout, expire, self)
        self.unanswered = 0

    def add(self, packed: bytes, *, first: bytes | None = None) -> "asyncio.Future[object]":
        """Let a command go with the others, perhaps with one right before it, and return what its reply will be."""
        reply: asyncio.Future[object] = self._loop.create_future()
        if first is not None:
            self._calls.append(Prelude(self, first, reply))
        self._calls.append(Call(self, packed, reply))
        return reply

    def leave(self) -> Sequence[Call]:
        """Return the calls to send now: those whose callers still wait."""
        calls = [call for call in self._calls if not call.reply.done()]
        self.unanswered = len(calls)
        if not calls:
            self._end()
        return calls

    def settle_one(self) -> None:
        """One of the calls that were sent is over."""
        self.unanswered -= 1
        if self.unanswered == 0:
            self._end()

    def fail_all(self, error: Exception) -> None:
        """Let no caller wait any longer; what was sent still counts as unanswered."""
        self._timer.cancel()
        for call in self._calls:
            if not call.reply.done():
                call.reply.set_exception(error)

    def wake_after(self, seconds: float, wake: Callable[["Batch"], None]) -> None:
        """Call ``wake`` later, unless everything that was sent is answered before."""
        self._timer = self._loop.call_later(max(0.0, seconds), wake, self)

    def _end(self) -> None:
        """Nobody waits any more. Its calls know it: if it kept them, only the collector could free them all."""
        self._timer.cancel()
        self._calls.clear()
