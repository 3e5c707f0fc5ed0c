"""Claims by definition: a diary of what happened, from which every answer is worked out anew.

The rules under test keep a record and change it; this keeps events and derives owner, fence,
attempts, lease and progress from them, so the two share no code and no representation.
"""

from dataclasses import dataclass

from gpcore.domain.claims import ClaimResult, Completion, Progress, Reopening, Ticket, Verdict

DAY_US = 24 * 3600 * 1_000_000
DEFERS = (Progress.DEFERRING, Progress.DEFERRED)


@dataclass
class Grant:
    """One successful claim and what its owner did since."""

    owner: str
    leases: list[int]
    found: tuple[Progress, bool]
    notes: list[tuple[Progress, bool]]
    released: bool = False
    given_back: bool = False
    done: bool = False


class ClaimsOracle:
    """Everything about one id."""

    def __init__(self) -> None:
        self.grants: list[Grant] = []
        self.first_fence = 1
        self.kept_until = 0

    def claim(
        self, owner: str, now: int, *, lease: int, most: int, intent: Progress, ephemeral: bool
    ) -> tuple[Verdict, int, int, Progress, bool, int]:
        """Return verdict, fence, attempts, progress, ephemeral and wait."""
        self.forget(now)
        last = self.grants[-1] if self.grants else None
        if last and last.done:
            return (Verdict.DONE, 0, self.attempts, *self.progress(), 0)
        if last and not last.released and last.owner == owner:
            last.leases.append(now + lease)
            self.kept_until = max(self.kept_until, now + DAY_US, now + lease)
            self.intend(intent, ephemeral)
            return (Verdict.OWNED, self.fence, self.attempts, *last.found, 0)
        if last and not last.released and now < max(last.leases):
            return (Verdict.BUSY, 0, self.attempts, *self.progress(), max(last.leases) - now)
        if self.attempts >= most:
            return (Verdict.EXHAUSTED, 0, self.attempts, *self.progress(), 0)
        self.grants.append(Grant(owner, [now + lease], self.progress(), []))
        self.kept_until = max(now + DAY_US, now + lease)
        self.intend(intent, ephemeral)
        return (Verdict.CLAIMED, self.fence, self.attempts, *self.grants[-1].found, 0)

    def note(self, ticket: Ticket, now: int, progress: Progress, *, ephemeral: bool, lease: int) -> bool:
        if not self.holds(ticket, now):
            return False
        self.grants[-1].notes.append((progress, ephemeral))
        if lease:
            self.extend(ticket, now, lease)
        return True

    def complete(self, ticket: Ticket, now: int) -> Completion:
        self.forget(now)
        if not self.grants:
            self.grants = [Grant(ticket.owner, [now], (Progress.NONE, False), [], done=True)]
            self.first_fence = ticket.fence
            self.kept_until = now + DAY_US
            return Completion.RECREATED
        last = self.grants[-1]
        if last.done:
            return Completion.OK if self.is_last(ticket) else Completion.ALREADY
        if not self.is_last(ticket):
            return Completion.STALE
        last.done = True
        self.kept_until = now + DAY_US
        return Completion.OK

    def release(self, ticket: Ticket, now: int, *, give_back: bool) -> bool:
        self.forget(now)
        if not self.is_last(ticket) or self.grants[-1].done:
            return False
        if not self.grants[-1].released:
            self.grants[-1].released = True
            self.grants[-1].given_back = give_back
        return True

    def extend(self, ticket: Ticket, now: int, lease: int) -> bool:
        if not self.holds(ticket, now):
            return False
        self.grants[-1].leases.append(now + lease)
        self.kept_until = max(self.kept_until, now + lease)
        return True

    def reopen(self, now: int) -> Reopening:
        self.forget(now)
        if not self.grants:
            return Reopening.ABSENT
        last = self.grants[-1]
        if last.done:
            return Reopening.DONE
        if not last.released and now < max(last.leases):
            return Reopening.BUSY
        last.released = True
        for grant in self.grants:
            grant.given_back = True
        return Reopening.REOPENED

    @property
    def fence(self) -> int:
        return self.first_fence + len(self.grants) - 1

    @property
    def attempts(self) -> int:
        return sum(not grant.given_back for grant in self.grants)

    def progress(self) -> tuple[Progress, bool]:
        """Return the last progress noted, and whether the last defer noted was ephemeral."""
        notes = [note for grant in self.grants for note in grant.notes]
        defers = [ephemeral for progress, ephemeral in notes if progress in DEFERS]
        return notes[-1][0] if notes else Progress.NONE, defers[-1] if defers else False

    def intend(self, intent: Progress, ephemeral: bool) -> None:
        if self.progress()[0] is Progress.NONE and intent is not Progress.NONE:
            self.grants[-1].notes.append((intent, ephemeral))

    def is_last(self, ticket: Ticket) -> bool:
        return bool(self.grants) and (self.grants[-1].owner, self.fence) == (ticket.owner, ticket.fence)

    def holds(self, ticket: Ticket, now: int) -> bool:
        self.forget(now)
        return self.is_last(ticket) and not self.grants[-1].released and not self.grants[-1].done

    def forget(self, now: int) -> None:
        if self.grants and now >= self.kept_until:
            self.grants, self.first_fence = [], 1


def as_row(result: ClaimResult) -> tuple[Verdict, int, int, Progress, bool, int]:
    """Return a store's answer in the oracle's order."""
    return (
        result.verdict,
        result.ticket.fence,
        result.attempts,
        result.progress,
        result.ephemeral,
        result.retry_after_us,
    )
