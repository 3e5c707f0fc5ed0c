"""Three owners, one id, and every ticket ever handed out, on the rules, both stores and an oracle at once."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from gpadapters.memory.claim_store import InMemoryClaimStore
from gpadapters.redis.claim_store import RedisClaimStore
from gpcore.domain import claiming
from gpcore.domain.claiming import ClaimRecord, ClaimRequest, Stage
from gpcore.domain.claims import ClaimResult, Completion, Progress, Reopening, Ticket, Verdict
from gpcore.domain.keys import claim_key
from gpcore.ports.claim_store import ClaimStore
from tests.property.claims_oracle import DAY_US, ClaimsOracle, as_row
from tests.property.live_redis import LiveRedis
from tests.settable_clock import SECOND, SettableClock

ID = "1442123456789012345"
NOBODY = Ticket(claim_id=ID, owner="nobody", fence=1)
LONG_AGO = -(2**50)
"""A lease that prolongs nothing, so that asking for it only tells whose the claim is."""

owners = st.sampled_from("abc")
leases = st.sampled_from([1, 10 * SECOND, 30 * SECOND, 30 * SECOND, DAY_US + SECOND])
progresses = st.sampled_from(list(Progress))
steps = st.one_of(
    st.sampled_from([0, 1, 10 * SECOND, 30 * SECOND - 1, 30 * SECOND]),
    st.integers(0, 40).map(lambda seconds: seconds * SECOND),
)
mosts = st.sampled_from([1, 2, 3, 6, 6])

Answer = ClaimResult | Completion | Reopening | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One operation and what came of it, the same for rules and stores.

    Attributes:
        name: ``claim``, ``note``, ``complete``, ``release``, ``extend`` or ``reopen``.
        before: The record before it, ``None`` if its time was over.
        answer: What the caller was told.
        owner: Who asked.
        ticket: With what proof; a claim gets it, and reopening needs none.
        untouched: Whether the stored bytes and their expiry are what they were before.
    """

    name: str
    before: ClaimRecord | None
    answer: Answer
    owner: str
    ticket: Ticket
    untouched: bool

    @property
    def accepted(self) -> bool:
        if isinstance(self.answer, ClaimResult):
            return self.answer.verdict in {Verdict.CLAIMED, Verdict.OWNED}
        return self.answer in {True, Completion.OK, Completion.RECREATED, Reopening.REOPENED}

    @property
    def is_of_the_last_owner(self) -> bool:
        before = self.before
        return before is not None and (before.owner, before.fence) == (self.ticket.owner, self.ticket.fence)


class ClaimsMachine(RuleBasedStateMachine):
    """Checks after every operation that all four agree; a property adds its own ``check``.

    Attributes:
        seen: What a property's check met, so that its test can tell that it was put to the test.
    """

    seen: ClassVar[Counter[str]]

    def __init__(self, live: LiveRedis) -> None:
        super().__init__()
        self.live = live
        self.prefix = live.fresh_prefix()
        self.key = self.prefix + claim_key(ID)
        self.clock = SettableClock()
        self.rewound_us = 0
        self.record: ClaimRecord | None = None
        self.memory = InMemoryClaimStore(self.clock)
        self.redis = RedisClaimStore(live.client, self.prefix, self.clock)
        self.oracle = ClaimsOracle()
        self.tickets: list[Ticket] = [NOBODY]

    def check(self, step: Step) -> None:
        """Check what the property says of one operation."""

    @rule(owner=owners, lease_us=leases, most=mosts, intent=progresses, ephemeral=st.booleans())
    def claim(self, owner: str, lease_us: int, most: int, intent: Progress, ephemeral: bool) -> None:
        before, stored = self.known(), self.stored()
        request = ClaimRequest(
            claim_id=ID, owner=owner, lease_us=lease_us, max_attempts=most, intent=intent, ephemeral=ephemeral
        )
        self.record, pure = claiming.claim(self.record, request, now_us=self.now)
        self.agree(
            pure,
            lambda store: store.claim(
                ID, owner=owner, lease_us=lease_us, max_attempts=most, intent=intent, ephemeral=ephemeral
            ),
        )
        assert as_row(pure) == self.oracle.claim(
            owner, self.now, lease=lease_us, most=most, intent=intent, ephemeral=ephemeral
        )
        if pure.verdict in {Verdict.CLAIMED, Verdict.OWNED}:
            self.tickets.append(pure.ticket)
        self.report("claim", before, pure, pure.ticket, stored)

    @rule(owner=owners, lease_us=leases, late_us=st.sampled_from([0, 0, 1, SECOND]))
    def take_over(self, owner: str, lease_us: int, late_us: int) -> None:
        # Chance alone seldom lets a lease lapse and another owner come before everything is done.
        record = self.known()
        if record is not None and record.stage is Stage.CLAIMED:
            self.clock.now = max(self.now, record.lease_until_us + late_us)
        self.claim(owner, lease_us, most=6, intent=Progress.NONE, ephemeral=False)

    @rule(data=st.data(), progress=progresses, ephemeral=st.booleans(), lease_us=st.one_of(st.just(0), leases))
    def note(self, data: st.DataObject, progress: Progress, ephemeral: bool, lease_us: int) -> None:
        ticket, before, stored = self.drawn(data), self.known(), self.stored()
        after = claiming.note(self.record, ticket, progress, ephemeral=ephemeral, lease_us=lease_us, now_us=self.now)
        told = self.told(after)
        self.agree(told, lambda store: store.note(ticket, progress, ephemeral=ephemeral, lease_us=lease_us))
        assert self.oracle.note(ticket, self.now, progress, ephemeral=ephemeral, lease=lease_us) == told
        self.report("note", before, told, ticket, stored)

    @precondition(lambda self: len(self.tickets) > 1)
    @rule(data=st.data())
    def complete(self, data: st.DataObject) -> None:
        ticket, before, stored = self.drawn(data), self.known(), self.stored()
        self.record, pure = claiming.complete(self.record, ticket, now_us=self.now)
        self.agree(pure, lambda store: store.complete(ticket))
        assert self.oracle.complete(ticket, self.now) is pure
        self.report("complete", before, pure, ticket, stored)

    @rule(data=st.data(), give_back=st.booleans())
    def release(self, data: st.DataObject, give_back: bool) -> None:
        ticket, before, stored = self.drawn(data), self.known(), self.stored()
        told = self.told(claiming.release(self.record, ticket, give_back_attempt=give_back, now_us=self.now))
        self.agree(told, lambda store: store.release(ticket, give_back_attempt=give_back))
        assert self.oracle.release(ticket, self.now, give_back=give_back) == told
        self.report("release", before, told, ticket, stored)

    @rule(data=st.data(), lease_us=leases)
    def extend(self, data: st.DataObject, lease_us: int) -> None:
        ticket, before, stored = self.drawn(data), self.known(), self.stored()
        told = self.told(claiming.extend(self.record, ticket, lease_us=lease_us, now_us=self.now))
        # A neighbour that nobody ever claimed must not change the answer, nor get it.
        stranger = Ticket(claim_id=ID + "0", owner=ticket.owner, fence=ticket.fence)
        self.agree([told, False], lambda store: store.extend([ticket, stranger], lease_us=lease_us))
        assert self.oracle.extend(ticket, self.now, lease_us) == told
        self.report("extend", before, told, ticket, stored)

    @rule()
    def reopen(self) -> None:
        before, stored = self.known(), self.stored()
        after, pure = claiming.reopen(self.record, now_us=self.now)
        assert [self.live.run(store.reopen(ID)) for store in (self.memory, self.redis)] == [pure, pure]
        assert self.oracle.reopen(self.now) is pure
        assert self.told(after) or self.stored() == stored
        self.report("reopen", before, pure, NOBODY, stored)

    @precondition(lambda self: self.record is not None and self.record.stage is Stage.DONE)
    @rule(offset=st.sampled_from([-1, 0, 0, 1]))
    def let_a_day_pass(self, offset: int) -> None:
        assert self.record is not None
        self.clock.now = max(self.now, self.record.forgotten_at_us + offset)

    @rule(step=steps)
    def advance(self, step: int) -> None:
        self.clock.advance(step)

    @rule(offset=st.sampled_from([-1, 0, 0, 1]), to_the_end=st.booleans())
    def advance_to_a_deadline(self, offset: int, to_the_end: bool) -> None:
        # Random steps rarely end at the very microsecond at which something lapses.
        record = self.known()
        if record is not None:
            deadline = record.forgotten_at_us if to_the_end else record.lease_until_us
            self.clock.now = max(self.now, deadline + offset)

    @precondition(lambda self: self.rewound_us < 60 * SECOND)
    @rule(step=st.integers(0, 30 * SECOND))
    def rewind(self, step: int) -> None:
        # The oracle forgets for good, so no step back may bring a forgotten record to life again.
        if self.record is not None and self.known() is None:
            return
        self.rewound_us += step
        self.clock.advance(-step)

    @property
    def now(self) -> int:
        return self.clock.now

    @property
    def stores(self) -> tuple[ClaimStore, ClaimStore]:
        return self.memory, self.redis

    def agree(self, expected: object, ask: Callable[[ClaimStore], Coroutine[object, object, object]]) -> None:
        """Check that both stores answer alike."""
        assert [self.live.run(ask(store)) for store in self.stores] == [expected, expected]

    def report(
        self,
        name: str,
        before: ClaimRecord | None,
        answer: Answer,
        ticket: Ticket,
        stored: tuple[object, ...],
    ) -> None:
        untouched = stored == self.stored()
        step = Step(name=name, before=before, answer=answer, owner=ticket.owner, ticket=ticket, untouched=untouched)
        self.check(step)

    def known(self) -> ClaimRecord | None:
        return claiming.remembered(self.record, now_us=self.now)

    def drawn(self, data: st.DataObject) -> Ticket:
        return data.draw(st.one_of(st.just(self.tickets[-1]), st.sampled_from(self.tickets)))

    def told(self, after: ClaimRecord | None) -> bool:
        self.record = after or self.record
        return after is not None

    def stored(self) -> tuple[object, ...]:
        """Return the exact bytes in the store and the moment of their expiry."""

        async def ask() -> tuple[object, ...]:
            execute = self.live.client.execute
            return await asyncio.gather(execute("DUMP", self.key), execute("PEXPIRETIME", self.key))

        return self.live.run(ask())
