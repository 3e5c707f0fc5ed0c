from dataclasses import replace

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from gpadapters.memory.claim_store import InMemoryClaimStore
from gpadapters.redis.claim_store import RedisClaimStore
from gpcore.domain import claiming
from gpcore.domain.claiming import ClaimRecord, ClaimRequest, Stage
from gpcore.domain.claims import Completion, Progress, Ticket, Verdict
from gpcore.domain.keys import claim_key
from tests.property.claims_oracle import DAY_US, ClaimsOracle, as_row
from tests.property.live_redis import LiveRedis
from tests.settable_clock import SECOND, SettableClock

pytestmark = [pytest.mark.property, pytest.mark.integration]

ID = "1442123456789012345"
GARBAGE_MS = 60_000

owners = st.sampled_from("abc")
leases = st.sampled_from([1, 10 * SECOND, 30 * SECOND, 30 * SECOND, DAY_US + SECOND])
progresses = st.sampled_from(list(Progress))
steps = st.one_of(
    st.sampled_from([0, 1, 10 * SECOND, 30 * SECOND - 1, 30 * SECOND, DAY_US - 1, DAY_US]),
    st.integers(0, 40).map(lambda seconds: seconds * SECOND),
)


class ClaimsMachine(RuleBasedStateMachine):
    """Three owners, one id, and every ticket ever handed out."""

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
        self.tickets: list[Ticket] = [Ticket(claim_id=ID, owner="nobody", fence=1)]

    @rule(owner=owners, lease_us=leases, most=st.integers(1, 3), intent=progresses, ephemeral=st.booleans())
    def claim(self, owner: str, lease_us: int, most: int, intent: Progress, ephemeral: bool) -> None:
        before, stored = self.known(), self.live.snapshot([self.key])
        request = ClaimRequest(
            claim_id=ID, owner=owner, lease_us=lease_us, max_attempts=most, intent=intent, ephemeral=ephemeral
        )
        self.record, pure = claiming.claim(self.record, request, now_us=self.clock.now)
        stores = [
            self.live.run(
                store.claim(ID, owner=owner, lease_us=lease_us, max_attempts=most, intent=intent, ephemeral=ephemeral)
            )
            for store in (self.memory, self.redis)
        ]
        expected = self.oracle.claim(
            owner, self.clock.now, lease=lease_us, most=most, intent=intent, ephemeral=ephemeral
        )

        assert stores == [pure, pure]
        assert as_row(pure) == expected
        self.check_claim(pure.verdict, before, owner)
        if pure.verdict in {Verdict.CLAIMED, Verdict.OWNED}:
            self.tickets.append(pure.ticket)
            # I13: the reply may be lost, so the same question gets the same answer.
            again = self.live.run(self.redis.claim(ID, owner=owner, lease_us=lease_us, max_attempts=most))
            assert again == replace(pure, verdict=Verdict.OWNED)
            self.live.run(self.memory.claim(ID, owner=owner, lease_us=lease_us, max_attempts=most))
        else:
            assert self.live.snapshot([self.key]) == stored

    def check_claim(self, verdict: Verdict, before: ClaimRecord | None, owner: str) -> None:
        """Check I1, I2 and I3 against the record as it was."""
        if before is None:
            assert verdict is Verdict.CLAIMED
            return
        live = before.stage is Stage.CLAIMED and self.clock.now < before.lease_until_us
        if live and before.owner != owner:
            assert verdict is Verdict.BUSY
        if before.stage is Stage.DONE:
            assert verdict is Verdict.DONE
        if verdict is Verdict.CLAIMED:
            assert self.record is not None
            assert self.record.fence == before.fence + 1

    @rule(data=st.data(), progress=progresses, ephemeral=st.booleans())
    def note(self, data: st.DataObject, progress: Progress, ephemeral: bool) -> None:
        ticket, own, stored = self.drawn(data)
        after = claiming.note(self.record, ticket, progress, ephemeral=ephemeral, now_us=self.clock.now)
        told = self.told(after)
        assert self.live.run(self.memory.note(ticket, progress, ephemeral=ephemeral)) == told
        assert self.live.run(self.redis.note(ticket, progress, ephemeral=ephemeral)) == told
        assert self.oracle.note(ticket, self.clock.now, progress, ephemeral=ephemeral) == told
        self.check_stale(own, told, stored)

    @rule(data=st.data())
    def complete(self, data: st.DataObject) -> None:
        ticket, own, stored = self.drawn(data)
        known = self.known()
        self.record, pure = claiming.complete(self.record, ticket, now_us=self.clock.now)
        assert self.live.run(self.memory.complete(ticket)) is pure
        assert self.live.run(self.redis.complete(ticket)) is pure
        assert self.oracle.complete(ticket, self.clock.now) is pure
        if known is None:
            assert pure is Completion.RECREATED
        else:
            self.check_stale(own, pure is Completion.OK, stored)
        # I5: completing again changes nothing.
        once = self.live.snapshot([self.key])
        self.live.run(self.redis.complete(ticket))
        assert self.live.snapshot([self.key]) == once

    @rule(data=st.data(), give_back=st.booleans())
    def release(self, data: st.DataObject, give_back: bool) -> None:
        ticket, own, stored = self.drawn(data)
        after = claiming.release(self.record, ticket, give_back_attempt=give_back, now_us=self.clock.now)
        told = self.told(after)
        assert self.live.run(self.memory.release(ticket, give_back_attempt=give_back)) == told
        assert self.live.run(self.redis.release(ticket, give_back_attempt=give_back)) == told
        assert self.oracle.release(ticket, self.clock.now, give_back=give_back) == told
        self.check_stale(own, told, stored)

    @rule(data=st.data(), lease_us=leases)
    def extend(self, data: st.DataObject, lease_us: int) -> None:
        ticket, own, stored = self.drawn(data)
        after = claiming.extend(self.record, ticket, lease_us=lease_us, now_us=self.clock.now)
        told = self.told(after)
        assert self.live.run(self.memory.extend([ticket], lease_us=lease_us)) == [told]
        assert self.live.run(self.redis.extend([ticket], lease_us=lease_us)) == [told]
        assert self.oracle.extend(ticket, self.clock.now, lease_us) == told
        self.check_stale(own, told, stored)

    @rule()
    def reopen(self) -> None:
        stored = self.live.snapshot([self.key])
        after, pure = claiming.reopen(self.record, now_us=self.clock.now)
        assert self.live.run(self.memory.reopen(ID)) is pure
        assert self.live.run(self.redis.reopen(ID)) is pure
        assert self.oracle.reopen(self.clock.now) is pure
        assert self.told(after) or self.live.snapshot([self.key]) == stored

    @rule(step=steps)
    def advance(self, step: int) -> None:
        self.clock.advance(step)

    @rule(offset=st.sampled_from([-1, 0, 0, 1]), to_the_end=st.booleans())
    def advance_to_a_deadline(self, offset: int, to_the_end: bool) -> None:
        # Random steps rarely end at the very microsecond at which something lapses.
        record = self.known()
        if record is not None:
            deadline = record.forgotten_at_us if to_the_end else record.lease_until_us
            self.clock.now = max(self.clock.now, deadline + offset)

    @precondition(lambda self: self.rewound_us < 60 * SECOND)
    @rule(step=st.integers(0, 30 * SECOND))
    def rewind(self, step: int) -> None:
        # The oracle forgets for good, so no step back may bring a forgotten record to life again.
        if self.record is not None and self.known() is None:
            return
        self.rewound_us += step
        self.clock.advance(-step)

    @invariant()
    def every_key_outlives_its_record_and_no_more(self) -> None:
        # I10.
        lifetime = self.live.remaining_ms(self.key)
        most = (DAY_US + SECOND + self.rewound_us) // 1000 + GARBAGE_MS + 2
        assert lifetime == -2 or 0 < lifetime <= most
        if self.record is not None:
            assert lifetime >= (self.record.forgotten_at_us - self.clock.now - self.rewound_us) // 1000

    def known(self) -> ClaimRecord | None:
        return claiming.remembered(self.record, now_us=self.clock.now)

    def drawn(self, data: st.DataObject) -> tuple[Ticket, bool, list[object]]:
        """Return a ticket, whether it is the record's last one, and the stored bytes."""
        ticket = data.draw(st.sampled_from(self.tickets))
        record = self.known()
        own = record is not None and (record.owner, record.fence) == (ticket.owner, ticket.fence)
        return ticket, own, self.live.snapshot([self.key])

    def told(self, after: ClaimRecord | None) -> bool:
        self.record = after or self.record
        return after is not None

    def check_stale(self, own: bool, told: bool, stored: list[object]) -> None:
        """Check I4: whoever is not the last owner is refused and changes no byte."""
        assert own or not told
        if not told:
            assert self.live.snapshot([self.key]) == stored


def test_i1_i2_i3_i4_i5_i10_i12_i13_pure_memory_lua_and_oracle_agree(live_redis: LiveRedis) -> None:
    class Machine(ClaimsMachine):
        def __init__(self) -> None:
            super().__init__(live_redis)

    run_state_machine_as_test(Machine)
