"""A claim that is held: what is written into it, and how it ends.

An intent is written before the act, and waited for: it must be known if the worker dies. A fact comes after the
act, and may be written while the handler goes on; whoever takes over finds it out from the intent as well.
"""

import asyncio
import contextlib
import functools
from collections.abc import Awaitable, Callable
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


class Hold:
    """One held claim; without a ticket every method does nothing, because nothing guards it.

    State that fails is counted, never raised: the delivery's outcome does not depend on it.
    """

    def __init__(self, leasing: Leasing, ticket: Ticket | None, store: ClaimStore, telemetry: Telemetry) -> None:
        self._leasing: Final = leasing
        self._ticket: Final = ticket
        self._store: Final = store
        self._telemetry: Final = telemetry
        self._fact: tuple[Progress, bool] | None = None
        self._writing: asyncio.Task[None] | None = None

    async def note(self, progress: Progress, *, ephemeral: bool = False) -> bool:
        """Write what Discord is about to be told or was told; with a first answer the lease becomes long.

        Returns:
            Whether it was written. If not, the lease stays short, and is extended as often as before.
        """
        if self._ticket is None:
            return False
        self._fact = None
        await self._written()
        return await self._write(self._ticket, progress, ephemeral=ephemeral)

    def note_soon(self, progress: Progress, *, ephemeral: bool = False) -> None:
        """Write a fact when this turn of the event loop is over, unless something later takes its place by then.

        A handler that answers at once never waits for it, and most are over before there is anything to write.
        """
        if self._ticket is None:
            return
        self._fact = progress, ephemeral
        asyncio.get_running_loop().call_soon(self._begin_to_write)

    async def complete(self) -> Completion | None:
        """Mark the id as done; a failure is tried once more, since only this prevents a second run."""
        if self._ticket is None:
            return None
        self._fact = None
        self._leasing.forget(self._ticket)
        for _ in range(2):
            with CountedFailure(self._telemetry, "complete"):
                found = await _to_the_end(functools.partial(self._complete, self._ticket))
                self._telemetry.count(metrics.COMPLETIONS, found.value)
                return found
        return None

    async def release(self, *, give_back_attempt: bool = False) -> None:
        """Give the id up so that the next delivery can claim it at once, and finds the last fact there."""
        if self._ticket is None:
            return
        self._leasing.forget(self._ticket)
        with CountedFailure(self._telemetry, "release"):
            await _to_the_end(functools.partial(self._release, self._ticket, give_back_attempt=give_back_attempt))

    def _begin_to_write(self) -> None:
        if self._fact is not None:
            self._writing = asyncio.get_running_loop().create_task(self._write_fact())

    async def _write_fact(self) -> None:
        if self._ticket is not None and self._fact is not None:
            (progress, ephemeral), self._fact = self._fact, None
            await self._write(self._ticket, progress, ephemeral=ephemeral)

    async def _written(self) -> None:
        """Wait for a fact that is being written, so that nothing overtakes it."""
        if self._writing is not None:
            await asyncio.wait((self._writing,))
            self._writing.result()
            self._writing = None

    async def _write(self, ticket: Ticket, progress: Progress, *, ephemeral: bool) -> bool:
        lease_us = self._leasing.long.lease_us if progress in _TELLING else 0
        with CountedFailure(self._telemetry, "note"):
            written = await self._store.note(ticket, progress, ephemeral=ephemeral, lease_us=lease_us)
            if written and lease_us:
                self._leasing.keep_long(ticket)
            return written
        return False

    async def _complete(self, ticket: Ticket) -> Completion:
        await self._written()
        return await self._store.complete(ticket)

    async def _release(self, ticket: Ticket, *, give_back_attempt: bool) -> None:
        await self._written()
        await self._write_fact()
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
