"""Claims of this process: taken, kept alive, and given up."""

import asyncio
import functools
import secrets
from collections.abc import Sequence
from typing import Final

from gpcore.application.holding import CountedFailure, Hold
from gpcore.application.jitter import unit
from gpcore.application.leases import Leases, Leasing
from gpcore.domain import metrics
from gpcore.domain.claims import LEASE_US, ClaimResult, Progress, Verdict
from gpcore.domain.ladders import DEFAULT_LADDERS, Ladders
from gpcore.domain.retrying import delay_of_at_least
from gpcore.domain.settling import Ack, DeadLetter, Disposition, Retry
from gpcore.domain.wire_message import Lane
from gpcore.errors import PortTimeoutError
from gpcore.ports.claim_store import ClaimStore
from gpcore.ports.clock import Clock
from gpcore.ports.telemetry import Telemetry
from gpcore.ports.tracer import NO_TRACER, Tracer

_MICROSECONDS: Final = 1_000_000


class Claims:
    """Takes claims and extends the leases of all that are held, in one sweep for each length of lease.

    ``lease_us`` is the length of a lease, but for an interaction that has no first answer.
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
        self._leasing: Final = Leasing(store, clock, long_us=lease_us)

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
            lease_us=self._leasing.of(lane).lease_us,
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

    def hold(self, result: ClaimResult | None, lane: Lane = Lane.EVENTS) -> Hold:
        """Keep a claim alive until the returned hold ends it; ``None`` runs unguarded."""
        ticket = result.ticket if result is not None and result.verdict in (Verdict.CLAIMED, Verdict.OWNED) else None
        if ticket is not None:
            self._leasing.of(lane).add(ticket)
        return Hold(self._leasing, ticket, self._store, self._telemetry)

    async def keep(self) -> None:
        """Extend all held leases a few times in each lease, until cancelled."""
        await asyncio.gather(self._keep(self._leasing.short), self._keep(self._leasing.long))

    async def _keep(self, leases: Leases) -> None:
        while True:
            with CountedFailure(self._telemetry, "extend"):
                await leases.sweep()


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
