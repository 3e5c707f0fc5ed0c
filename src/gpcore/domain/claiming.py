"""The state machine of a claim.

========================  ==================  ===============  ================  ============
stored                    claim               complete         release           extend, note
========================  ==================  ===============  ================  ============
nothing                   CLAIMED, fence 1    RECREATED        no                no
claimed, this owner       OWNED, new lease    OK               yes               yes
claimed, other, leased    BUSY                STALE            no                no
claimed, other, lapsed    CLAIMED or          STALE            no                no
                          EXHAUSTED
available                 CLAIMED or          OK for the last  yes for the last  no
                          EXHAUSTED           ticket           ticket
done                      DONE                OK for its own   no                no
                                              ticket, else
                                              ALREADY
========================  ==================  ===============  ================  ============

"This owner" compares owner and fence, except for ``claim``, which only has an owner. Every
transition can be repeated after a lost reply: the repetition changes nothing more and gets the
same answer (``OWNED`` instead of ``CLAIMED``, ``OK`` instead of ``RECREATED``).
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from gpcore.domain.claims import DONE_KEPT_US, ClaimResult, Completion, Progress, Reopening, Ticket, Verdict


class Stage(StrEnum):
    """Where a claim stands."""

    CLAIMED = "claimed"
    AVAILABLE = "available"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRecord:
    """What is stored about one id.

    Attributes:
        stage: Where it stands.
        owner: The last one to claim it.
        fence: How often it was claimed.
        lease_until_us: Another owner may take it from then on.
        attempts: Claims that counted.
        progress: What Discord has been told.
        ephemeral: Whether the defer was ephemeral.
        earlier_progress: ``progress`` as the last claim found it.
        earlier_ephemeral: ``ephemeral`` as the last claim found it.
        forgotten_at_us: From then on the record is as if it did not exist.
    """

    stage: Stage
    owner: str
    fence: int
    lease_until_us: int
    attempts: int
    progress: Progress = Progress.NONE
    ephemeral: bool = False
    earlier_progress: Progress = Progress.NONE
    earlier_ephemeral: bool = False
    forgotten_at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRequest:
    """The arguments of a claim; see ``gpcore.ports.claim_store``.

    Raises:
        ValueError: An empty owner, or a lease or a number of attempts below 1.
    """

    claim_id: str
    owner: str
    lease_us: int
    max_attempts: int
    intent: Progress = Progress.NONE
    ephemeral: bool = False

    def __post_init__(self) -> None:
        if not self.owner or self.lease_us < 1 or self.max_attempts < 1:
            raise ValueError(f"a claim needs an owner, a lease and an attempt: {self}")


def remembered(record: ClaimRecord | None, *, now_us: int) -> ClaimRecord | None:
    """Return the record unless its time is over."""
    return record if record is not None and now_us < record.forgotten_at_us else None


def claim(record: ClaimRecord | None, request: ClaimRequest, *, now_us: int) -> tuple[ClaimRecord | None, ClaimResult]:
    """Ask for an id; return the record afterwards and the answer."""
    record = remembered(record, now_us=now_us)
    if record is None:
        return _taken(None, request, now_us)
    if record.stage is Stage.DONE:
        return record, _answer(record, request, Verdict.DONE)
    if record.stage is Stage.CLAIMED and record.owner == request.owner:
        return _kept(record, request, now_us)
    if record.stage is Stage.CLAIMED and now_us < record.lease_until_us:
        busy = _answer(record, request, Verdict.BUSY)
        return record, replace(busy, retry_after_us=record.lease_until_us - now_us)
    if record.attempts >= request.max_attempts:
        return record, _answer(record, request, Verdict.EXHAUSTED)
    return _taken(record, request, now_us)


def note(
    record: ClaimRecord | None, ticket: Ticket, progress: Progress, *, ephemeral: bool, lease_us: int, now_us: int
) -> ClaimRecord | None:
    """Return the record with the progress, or ``None`` if the ticket is stale or lost.

    ``ephemeral`` belongs to a defer; any other progress leaves it as it is. At least ``lease_us``
    are left of the lease then; 0 leaves it as it is.
    """
    held = _held(record, ticket, now_us)
    if held is None:
        return None
    held = _with_progress(held, progress, ephemeral=ephemeral)
    return _prolonged(held, now_us + lease_us) if lease_us else held


def complete(record: ClaimRecord | None, ticket: Ticket, *, now_us: int) -> tuple[ClaimRecord | None, Completion]:
    """Mark an id as done; return the record afterwards and the answer."""
    record = remembered(record, now_us=now_us)
    until = now_us + DONE_KEPT_US
    if record is None:
        fresh = ClaimRecord(
            stage=Stage.DONE,
            owner=ticket.owner,
            fence=ticket.fence,
            lease_until_us=now_us,
            attempts=1,
            forgotten_at_us=until,
        )
        return fresh, Completion.RECREATED
    own = _is_of(record, ticket)
    if record.stage is Stage.DONE:
        return record, Completion.OK if own else Completion.ALREADY
    if not own:
        return record, Completion.STALE
    return replace(record, stage=Stage.DONE, forgotten_at_us=until), Completion.OK


def release(record: ClaimRecord | None, ticket: Ticket, *, give_back_attempt: bool, now_us: int) -> ClaimRecord | None:
    """Return the record given up, or ``None`` if the ticket is stale."""
    record = remembered(record, now_us=now_us)
    if record is None or record.stage is Stage.DONE or not _is_of(record, ticket):
        return None
    if record.stage is Stage.AVAILABLE:
        return record
    attempts = record.attempts - 1 if give_back_attempt else record.attempts
    return replace(record, stage=Stage.AVAILABLE, attempts=attempts)


def extend(record: ClaimRecord | None, ticket: Ticket, *, lease_us: int, now_us: int) -> ClaimRecord | None:
    """Return the record with at least ``lease_us`` left, or ``None`` if the ticket is stale or lost."""
    held = _held(record, ticket, now_us)
    return None if held is None else _prolonged(held, now_us + lease_us)


def _held(record: ClaimRecord | None, ticket: Ticket, now_us: int) -> ClaimRecord | None:
    record = remembered(record, now_us=now_us)
    if record is None or record.stage is not Stage.CLAIMED or not _is_of(record, ticket):
        return None
    return record


def _prolonged(record: ClaimRecord, until_us: int) -> ClaimRecord:
    lease = max(record.lease_until_us, until_us)
    return replace(record, lease_until_us=lease, forgotten_at_us=max(record.forgotten_at_us, lease))


def reopen(record: ClaimRecord | None, *, now_us: int) -> tuple[ClaimRecord | None, Reopening]:
    """Forget the attempts at an id; return the record to write, if any, and what was found.

    The last ticket keeps its say: an owner that lost its lease may still report that it is done.
    """
    record = remembered(record, now_us=now_us)
    if record is None:
        return None, Reopening.ABSENT
    if record.stage is Stage.DONE:
        return None, Reopening.DONE
    if record.stage is Stage.CLAIMED and now_us < record.lease_until_us:
        return None, Reopening.BUSY
    return replace(record, stage=Stage.AVAILABLE, attempts=0), Reopening.REOPENED


def _is_of(record: ClaimRecord, ticket: Ticket) -> bool:
    return (record.owner, record.fence) == (ticket.owner, ticket.fence)


def _taken(record: ClaimRecord | None, request: ClaimRequest, now_us: int) -> tuple[ClaimRecord, ClaimResult]:
    lease = now_us + request.lease_us
    earlier_progress = record.progress if record else Progress.NONE
    earlier_ephemeral = record.ephemeral if record else False
    after = ClaimRecord(
        stage=Stage.CLAIMED,
        owner=request.owner,
        fence=record.fence + 1 if record else 1,
        lease_until_us=lease,
        attempts=record.attempts + 1 if record else 1,
        progress=earlier_progress,
        ephemeral=earlier_ephemeral,
        earlier_progress=earlier_progress,
        earlier_ephemeral=earlier_ephemeral,
        forgotten_at_us=max(now_us + DONE_KEPT_US, lease),
    )
    after = _with_intent(after, request)
    return after, _answer(after, request, Verdict.CLAIMED)


def _kept(record: ClaimRecord, request: ClaimRequest, now_us: int) -> tuple[ClaimRecord, ClaimResult]:
    lease = max(record.lease_until_us, now_us + request.lease_us)
    forgotten = max(record.forgotten_at_us, now_us + DONE_KEPT_US, lease)
    after = _with_intent(replace(record, lease_until_us=lease, forgotten_at_us=forgotten), request)
    return after, _answer(after, request, Verdict.OWNED)


def _with_intent(record: ClaimRecord, request: ClaimRequest) -> ClaimRecord:
    if record.progress is not Progress.NONE or request.intent is Progress.NONE:
        return record
    return _with_progress(record, request.intent, ephemeral=request.ephemeral)


def _with_progress(record: ClaimRecord, progress: Progress, *, ephemeral: bool) -> ClaimRecord:
    if progress not in {Progress.DEFERRING, Progress.DEFERRED}:
        ephemeral = record.ephemeral
    return replace(record, progress=progress, ephemeral=ephemeral)


def _answer(record: ClaimRecord, request: ClaimRequest, verdict: Verdict) -> ClaimResult:
    """Answer from the record; only an owner sees the fence and the progress before its claim."""
    owned = verdict in {Verdict.CLAIMED, Verdict.OWNED}
    fence = record.fence if owned else 0
    return ClaimResult(
        verdict=verdict,
        ticket=Ticket(claim_id=request.claim_id, owner=request.owner, fence=fence),
        attempts=record.attempts,
        progress=record.earlier_progress if owned else record.progress,
        ephemeral=record.earlier_ephemeral if owned else record.ephemeral,
    )
