"""Claims in this process."""

from collections.abc import Sequence

from typing_extensions import override

from gpadapters.memory.expiring_states import ExpiringStates
from gpcore.domain import claiming
from gpcore.domain.claiming import ClaimRecord, ClaimRequest
from gpcore.domain.claims import ClaimResult, Completion, Progress, Reopening, Ticket
from gpcore.errors import PortUnavailableError
from gpcore.ports.claim_reopener import ClaimReopener
from gpcore.ports.claim_store import ClaimStore
from gpcore.ports.clock import Clock


class InMemoryClaimStore(ClaimStore, ClaimReopener):
    """Keeps claims for one process; nothing awaits between a read and its write.

    Attributes:
        unavailable: Set it, and every call fails as if the store were down. For tests.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._records: ExpiringStates[ClaimRecord] = ExpiringStates()
        self.unavailable = False

    @override
    async def claim(
        self,
        claim_id: str,
        *,
        owner: str,
        lease_us: int,
        max_attempts: int,
        intent: Progress = Progress.NONE,
        ephemeral: bool = False,
    ) -> ClaimResult:
        self._check_available()
        request = ClaimRequest(
            claim_id=claim_id,
            owner=owner,
            lease_us=lease_us,
            max_attempts=max_attempts,
            intent=intent,
            ephemeral=ephemeral,
        )
        now_us = self._clock.now_us()
        record, result = claiming.claim(self._records.get(claim_id), request, now_us=now_us)
        self._keep(claim_id, record, now_us)
        return result

    @override
    async def note(self, ticket: Ticket, progress: Progress, *, ephemeral: bool = False, lease_us: int = 0) -> bool:
        self._check_available()
        now_us = self._clock.now_us()
        record = claiming.note(
            self._records.get(ticket.claim_id),
            ticket,
            progress,
            ephemeral=ephemeral,
            lease_us=lease_us,
            now_us=now_us,
        )
        return self._keep(ticket.claim_id, record, now_us)

    @override
    async def complete(self, ticket: Ticket) -> Completion:
        self._check_available()
        now_us = self._clock.now_us()
        record, completion = claiming.complete(self._records.get(ticket.claim_id), ticket, now_us=now_us)
        self._keep(ticket.claim_id, record, now_us)
        return completion

    @override
    async def release(self, ticket: Ticket, *, give_back_attempt: bool = False) -> bool:
        self._check_available()
        now_us = self._clock.now_us()
        record = claiming.release(
            self._records.get(ticket.claim_id), ticket, give_back_attempt=give_back_attempt, now_us=now_us
        )
        return self._keep(ticket.claim_id, record, now_us)

    @override
    async def extend(self, tickets: Sequence[Ticket], *, lease_us: int) -> Sequence[bool]:
        self._check_available()
        now_us = self._clock.now_us()
        return [self._extended(ticket, lease_us, now_us) for ticket in tickets]

    @override
    async def reopen(self, claim_id: str) -> Reopening:
        self._check_available()
        now_us = self._clock.now_us()
        record, found = claiming.reopen(self._records.get(claim_id), now_us=now_us)
        self._keep(claim_id, record, now_us)
        return found

    def _extended(self, ticket: Ticket, lease_us: int, now_us: int) -> bool:
        record = claiming.extend(self._records.get(ticket.claim_id), ticket, lease_us=lease_us, now_us=now_us)
        return self._keep(ticket.claim_id, record, now_us)

    def _keep(self, claim_id: str, record: ClaimRecord | None, now_us: int) -> bool:
        if record is None:
            return False
        self._records.put(claim_id, record, deadline_us=record.forgotten_at_us, now_us=now_us)
        return True

    def _check_available(self) -> None:
        if self.unavailable:
            raise PortUnavailableError("the in-memory claim store was made unavailable")
