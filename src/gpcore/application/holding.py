"""A claim that is held: what is written into it, and how it ends.

An intent is written before the act, and waited for: it must be known if the worker dies. A fact comes after the
act, and may be written while the handler goes on; whoever takes over finds it out from the intent as well.
"""

import asyncio
import contextlib
import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from gpcore.application.leases import Leasing
from gpcore.domain import metrics
from gpcore.domain.claims import Completion, Progress, Ticket
from gpcore.errors import PortError
from gpcore.ports.claim_store import ClaimStore
from gpcore.ports.telemetry import Telemetry

_TELLING: Final = frozenset({Progress.DEFERRED, Progress.SPEAKING, Progress.ANSWERED})
"""Progress that says: there is a first answer, so nobody is in a hurry to take over."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Word:
    """What stands in a claim, or is to stand there; ``ephemeral`` belongs to a defer."""

    progress: Progress = Progress.NONE
    ephemeral: bool = False


class Hold:
    """One held claim; without a ticket every method does nothing, because nothing guards it.

    State that fails is counted, never raised: the delivery's outcome does not depend on it.
    """

    def __init__(self, leasing: Leasing, ticket: Ticket | None, store: ClaimStore, telemetry: Telemetry) -> None:
        self._leasing: Final = leasing
        self._ticket: Final = ticket
        self._store: Final = store
        self._telemetry: Final = telemetry
        self._unwritten: Word | None = None
        self._due = False
        self._writing: asyncio.Task[None] | None = None

    async def note(self, progress: Progress, *, ephemeral: bool = False) -> bool:
        """Write what Discord is about to be told or was told; with a first answer the lease becomes long.

        Returns:
            Whether it was written. If not, the lease stays short, and is extended as often as before.
        """
        if self._ticket is None:
            return False
        self._due = False
        await self._written()
        before, word = self._unwritten, Word(progress, ephemeral)
        self._unwritten = word
        try:
            return await self._write(self._ticket, word)
        except asyncio.CancelledError:
            # What it announces will not be done.
            self._unwritten = before
            raise

    def note_soon(self, progress: Progress, *, ephemeral: bool = False) -> None:
        """Write a fact when this turn of the event loop is over; a note, or the end, before that takes its place.

        A handler that answers at once never waits for it, and most are over before there is anything to write.
        """
        if self._ticket is not None:
            self._unwritten, self._due = Word(progress, ephemeral), True
            asyncio.get_running_loop().call_soon(self._begin_to_write, self._ticket)

    async def complete(self) -> Completion | None:
        """Mark the id as done; a failure is tried once more, since only this prevents a second run."""
        if self._ticket is None:
            return None
        self._due = False
        self._leasing.forget(self._ticket)
        for _ in range(2):
            with CountedFailure(self._telemetry, "complete"):
                found = await _to_the_end(functools.partial(self._complete, self._ticket))
                self._telemetry.count(metrics.COMPLETIONS, found.value)
                return found
        return None

    async def release(self, *, give_back_attempt: bool = False) -> None:
        """Give the id up so that the next delivery can claim it at once, and finds the last word there."""
        if self._ticket is None:
            return
        self._due = False
        self._leasing.forget(self._ticket)
        with CountedFailure(self._telemetry, "release"):
            await _to_the_end(functools.partial(self._release, self._ticket, give_back_attempt=give_back_attempt))

    def _begin_to_write(self, ticket: Ticket) -> None:
        if self._due and (self._writing is None or self._writing.done()):
            self._writing = asyncio.get_running_loop().create_task(self._write_facts(ticket))

    async def _write_facts(self, ticket: Ticket) -> None:
        while self._due and self._unwritten is not None:
            self._due = False
            await self._write(ticket, self._unwritten)

    async def _written(self) -> None:
        """Wait for a fact that is being written, so that nothing overtakes it."""
        if self._writing is not None:
            await asyncio.wait((self._writing,))
            writing, self._writing = self._writing, None
            if not writing.cancelled():
                writing.result()

    async def _write(self, ticket: Ticket, word: Word) -> bool:
        lease_us = self._leasing.long.lease_us if word.progress in _TELLING else 0
        with CountedFailure(self._telemetry, "note"):
            written = await self._store.note(ticket, word.progress, ephemeral=word.ephemeral, lease_us=lease_us)
            if written and lease_us:
                self._leasing.keep_long(ticket)
            if self._unwritten is word:
                self._unwritten = None
            return written
        return False

    async def _complete(self, ticket: Ticket) -> Completion:
        await self._written()
        return await self._store.complete(ticket)

    async def _release(self, ticket: Ticket, *, give_back_attempt: bool) -> None:
        await self._written()
        if self._unwritten is not None:
            await self._write(ticket, self._unwritten)
        await self._store.release(ticket, give_back_attempt=give_back_attempt)


class CountedFailure(contextlib.AbstractContextManager[None]):
    """Swallows a port's failure and counts it."""

    def __init__(self, telemetry: Telemetry, operation: str) -> None:
        self._telemetry = telemetry
        self._operation = operation

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _traceback: object) -> bool:
        if kind is None or not issubclass(kind, PortError):
            return False
        self._telemetry.count(metrics.STATE_FAILURES, self._operation)
        return True


async def _to_the_end(write: Callable[[], Awaitable[Value]]) -> Value:
    """Make a claim's last write even if the drain cancels it on the way; repeating one changes nothing.

    The delivery goes back then, and whoever gets it must not find the claim still held.
    """
    try:
        return await write()
    except asyncio.CancelledError:
        with contextlib.suppress(PortError):
            await write()
        raise
