"""Claims of this process: taken, kept alive, and given up."""

import asyncio
import contextlib
import functools
import secrets
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

from gpcore.application.jitter import unit
from gpcore.application.leases import Leases
from gpcore.domain import metrics
from gpcore.domain.claims import (
    FIRST_ANSWER_LEASE_US,
    LEASE_US,
    ClaimResult,
    Completion,
    Progress,
    Ticket,
    Verdict,
)
from gpcore.domain.ladders import DEFAULT_LADDERS, Ladders
from gpcore.domain.retrying import delay_of_at_least
from gpcore.domain.settling import Ack, DeadLetter, Disposition, Retry
from gpcore.domain.wire_message import Lane
from gpcore.errors import PortError, PortTimeoutError
from gpcore.ports.claim_store import ClaimStore
from gpcore.ports.clock import Clock
from gpcore.ports.telemetry import Telemetry
from gpcore.ports.tracer import NO_TRACER, Tracer

_MICROSECONDS: Final = 1_000_000
_TELLING: Final = frozenset({Progress.DEFERRED, Progress.SPEAKING, Progress.ANSWERED})
"""Progress that says: there is a first answer, so nobody is in a hurry to take over."""

Value = TypeVar("Value")


class Claims:
    """Takes claims and extends the leases of all that are held, in one sweep for each length of lease.

    An interaction's lease is short until its first answer, so that the worker that gets it after
    a crash can still make one. ``lease_us`` is the length of all others.
    """

    def __init__(
        self,
        store: ClaimStore,
        clock: Clock,
        telemetry: Telemetry,
        *,
        lease_us: int = LEASE_US,
        ladders: Ladders = DEFAULT_LADDERS,
        tracer: Tracer = NO_TRACER,
    ) -> None:
        self._store: Final = store
        self._telemetry: Final = telemetry
        self._tracer: Final = tracer
        self._ladders: Final = ladders
        self._worker: Final = secrets.token_hex(6)
        self._count = 0
        self._long: Final = Leases(store, clock, lease_us)
        self._short: Final = Leases(store, clock, FIRST_ANSWER_LEASE_US)

    @property
    def long_lease_us(self) -> int:
        """How long a silent owner keeps an event, or an interaction that was answered."""
        return self._long.lease_us

    async def claim(
        self, lane: Lane, claim_id: str, *, intent: Progress = Progress.NONE, ephemeral: bool = False
    ) -> ClaimResult:
        """Ask for an id as a new owner; a reply that was lost is asked for once more.

        Raises:
            PortError: The state store does not work.
        """
        self._count += 1
        owner = f"{self._worker}/{self._count}"
        ask = functools.partial(
            self._store.claim,
            claim_id,
            owner=owner,
            lease_us=self._leases_of(lane).lease_us,
            max_attempts=self._ladders.most_attempts(lane),
            intent=intent,
            ephemeral=ephemeral,
        )
        with self._tracer.span("claim") as span:
            try:
                result = await ask()
            except PortTimeoutError:
                result = await ask()
            span.note("gp.verdict", result.verdict.value)
        self._telemetry.count(metrics.CLAIMS, lane.value, result.verdict.value)
        return result

    def hold(self, result: ClaimResult | None, lane: Lane = Lane.EVENTS) -> "Hold":
        """Keep a claim alive until the returned hold ends it; ``None`` runs unguarded."""
        ticket = result.ticket if result is not None and result.verdict in (Verdict.CLAIMED, Verdict.OWNED) else None
        if ticket is not None:
            self._leases_of(lane).add(ticket)
        return Hold(self, ticket, self._store, self._telemetry)

    def keep_long(self, ticket: Ticket) -> None:
        """Extend the lease of an answered interaction like any other from now on, if it is still held."""
        if ticket in self._short:
            self._short.discard(ticket)
            self._long.add(ticket)

    def forget(self, ticket: Ticket) -> None:
        """Stop to extend a lease."""
        self._short.discard(ticket)
        self._long.discard(ticket)

    async def keep(self) -> None:
        """Extend all held leases a few times in each lease, until cancelled."""
        await asyncio.gather(self._keep(self._short), self._keep(self._long))

    async def _keep(self, leases: Leases) -> None:
        while True:
            with _CountedFailure(self._telemetry, "extend"):
                await leases.sweep()

    def _leases_of(self, lane: Lane) -> Leases:
        return self._short if lane is Lane.INTERACTIONS else self._long


class Hold:
    """One held claim; without a ticket every method does nothing, because nothing guards it.

    State that fails is counted, never raised: the delivery's outcome does not depend on it.
    """

    def __init__(self, claims: Claims, ticket: Ticket | None, store: ClaimStore, telemetry: Telemetry) -> None:
        self._claims: Final = claims
        self._ticket: Final = ticket
        self._store: Final = store
        self._telemetry: Final = telemetry

    async def note(self, progress: Progress, *, ephemeral: bool = False) -> bool:
        """Write what Discord is about to be told or was told; with a first answer the lease becomes long.

        Returns:
            Whether it was written. If not, the lease stays short, and is extended as often as before.
        """
        if self._ticket is None:
            return False
        lease_us = self._claims.long_lease_us if progress in _TELLING else 0
        with _CountedFailure(self._telemetry, "note"):
            written = await self._store.note(self._ticket, progress, ephemeral=ephemeral, lease_us=lease_us)
            if written and lease_us:
                self._claims.keep_long(self._ticket)
            return written
        return False

    async def complete(self) -> Completion | None:
        """Mark the id as done; a failure is tried once more, since only this prevents a second run."""
        if self._ticket is None:
            return None
        self._claims.forget(self._ticket)
        for _ in range(2):
            with _CountedFailure(self._telemetry, "complete"):
                found = await _to_the_end(functools.partial(self._store.complete, self._ticket))
                self._telemetry.count(metrics.COMPLETIONS, found.value)
                return found
        return None

    async def release(self, *, give_back_attempt: bool = False) -> None:
        """Give the id up so that the next delivery can claim it at once."""
        if self._ticket is None:
            return
        self._claims.forget(self._ticket)
        with _CountedFailure(self._telemetry, "release"):
            await _to_the_end(functools.partial(self._store.release, self._ticket, give_back_attempt=give_back_attempt))


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


def settled_elsewhere(result: ClaimResult, *, delays: Sequence[int]) -> Disposition | None:
    """Return what becomes of a delivery whose id is not ours to work on, ``None`` if it is ours.

    A delivery whose id is busy waits on the retry ladder without burning an attempt: it is never
    acknowledged for somebody else, and never returned to its queue at once, where it would spin.
    """
    if result.verdict is Verdict.DONE:
        return Ack("duplicate")
    if result.verdict is Verdict.EXHAUSTED:
        return DeadLetter("attempts")
    if result.verdict is Verdict.BUSY:
        wait = result.retry_after_us / _MICROSECONDS
        return Retry("busy", delay_of_at_least(wait, delays=delays, unit=unit()), counts=False)
    return None


class _CountedFailure(contextlib.AbstractContextManager[None]):
    """Swallows a port's failure and counts it."""

    def __init__(self, telemetry: Telemetry, operation: str) -> None:
        self._telemetry = telemetry
        self._operation = operation

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _traceback: object) -> bool:
        if kind is None or not issubclass(kind, PortError):
            return False
        self._telemetry.count(metrics.STATE_FAILURES, self._operation)
        return True
