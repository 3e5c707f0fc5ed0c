"""What is promised of claims, each promise by its name: I1 to I5, I10, I12 and I13."""

from dataclasses import replace

import pytest
from hypothesis.stateful import invariant
from typing_extensions import override

from gpcore.domain.claiming import Stage
from gpcore.domain.claims import DONE_KEPT_US, ClaimResult, Completion, Reopening, Verdict
from tests.property.claims_machine import ID, LONG_AGO, ClaimsMachine, Step
from tests.property.claims_oracle import DAY_US
from tests.property.live_redis import LiveRedis
from tests.property.trials import put_to_the_test
from tests.settable_clock import SECOND

pytestmark = [pytest.mark.property, pytest.mark.integration]

GARBAGE_MS = 60_000


class OneOwner(ClaimsMachine):
    @invariant()
    def at_most_one_ticket_is_good(self) -> None:
        for store in self.stores:
            good = sum(self.live.run(store.extend(list(set(self.tickets)), lease_us=LONG_AGO)))
            assert good <= 1
            self.seen[f"{good} good"] += 1

    @override
    def check(self, step: Step) -> None:
        taken = isinstance(step.answer, ClaimResult) and step.answer.verdict is Verdict.CLAIMED
        if taken and step.before is not None and step.before.stage is Stage.CLAIMED:
            assert self.now >= step.before.lease_until_us, "another owner's lease still ran"
            self.seen["taken over"] += 1


def test_i1_at_most_one_owner_holds_an_id_at_any_time(live_redis: LiveRedis) -> None:
    put_to_the_test(OneOwner, live_redis, "taken over", "0 good", "1 good")


class Fences(ClaimsMachine):
    last = 0

    @override
    def check(self, step: Step) -> None:
        if step.before is None:
            self.last = 0
        if step.answer is Completion.RECREATED:
            self.last = step.ticket.fence
        if not isinstance(step.answer, ClaimResult):
            return
        if step.answer.verdict is Verdict.CLAIMED:
            assert step.ticket.fence == self.last + 1
            self.last = step.ticket.fence
            self.seen[f"claimed, fence {min(self.last, 2)}"] += 1
        if step.answer.verdict is Verdict.OWNED:
            assert step.ticket.fence == self.last


def test_i2_the_fence_grows_by_exactly_one_with_every_claim(live_redis: LiveRedis) -> None:
    put_to_the_test(Fences, live_redis, "claimed, fence 1", "claimed, fence 2")


class DoneStaysDone(ClaimsMachine):
    done_until: int | None = None

    @override
    def check(self, step: Step) -> None:
        if self.done_until is not None and self.now < self.done_until:
            assert step.untouched
            assert step.answer in {False, Completion.OK, Completion.ALREADY, Reopening.DONE} or (
                isinstance(step.answer, ClaimResult) and step.answer.verdict is Verdict.DONE
            )
            self.seen["asked when done"] += 1
        elif step.answer in {Completion.OK, Completion.RECREATED}:
            self.done_until = self.now + DONE_KEPT_US
        elif self.done_until is not None and isinstance(step.answer, ClaimResult):
            assert (step.answer.verdict, step.ticket.fence) == (Verdict.CLAIMED, 1)
            self.seen["forgotten"] += 1
            self.done_until = None


def test_i3_done_is_absorbing_until_it_is_forgotten(live_redis: LiveRedis) -> None:
    put_to_the_test(DoneStaysDone, live_redis, "asked when done", "forgotten")


class Stale(ClaimsMachine):
    @override
    def check(self, step: Step) -> None:
        if step.name in {"claim", "reopen"} or step.is_of_the_last_owner or step.before is None:
            return
        self.seen[step.name] += 1
        assert step.untouched
        assert step.answer in {False, Completion.STALE, Completion.ALREADY}
        assert (step.answer is Completion.ALREADY) == (step.name == "complete" and step.before.stage is Stage.DONE)


def test_i4_a_stale_owner_never_changes_anything(live_redis: LiveRedis) -> None:
    put_to_the_test(Stale, live_redis, "note", "complete", "release", "extend")


class CompleteTwice(ClaimsMachine):
    @override
    def check(self, step: Step) -> None:
        if not isinstance(step.answer, Completion):
            return
        again = Completion.OK if step.answer is Completion.RECREATED else step.answer
        stored = self.stored()
        self.agree(again, lambda store: store.complete(step.ticket))
        assert self.stored() == stored
        self.seen[step.answer] += 1


def test_i5_completing_again_changes_nothing_and_says_the_same(live_redis: LiveRedis) -> None:
    put_to_the_test(CompleteTwice, live_redis, *Completion)


class Expiry(ClaimsMachine):
    @invariant()
    def every_key_outlives_its_record_and_no_more(self) -> None:
        lifetime = self.live.remaining_ms(self.key)
        most = (DAY_US + SECOND + self.rewound_us) // 1000 + GARBAGE_MS + 2
        assert lifetime == -2 or 0 < lifetime <= most
        if self.record is not None:
            assert lifetime >= (self.record.forgotten_at_us - self.now - self.rewound_us) // 1000
            self.seen["a key"] += 1


def test_i10_every_key_has_an_expiry_that_outlives_what_it_says(live_redis: LiveRedis) -> None:
    put_to_the_test(Expiry, live_redis, "a key")


def test_i12_rules_memory_lua_and_an_oracle_agree(live_redis: LiveRedis) -> None:
    class Agreement(ClaimsMachine):
        @override
        def check(self, step: Step) -> None:
            self.seen[step.name] += step.accepted

    put_to_the_test(Agreement, live_redis, "claim", "note", "complete", "release", "extend", "reopen")


class AskAgain(ClaimsMachine):
    @override
    def check(self, step: Step) -> None:
        answer = step.answer
        if not isinstance(answer, ClaimResult) or not step.accepted:
            return
        stored = self.stored()
        # With a lease that is over at once: asking again never shortens what was promised.
        for store in self.stores:
            again = self.live.run(store.claim(ID, owner=step.owner, lease_us=1, max_attempts=1))
            assert again == replace(answer, verdict=Verdict.OWNED)
        assert self.stored()[0] == stored[0]
        self.seen[answer.verdict] += 1


def test_i13_asking_again_after_a_lost_reply_returns_owned_with_the_same_fence(live_redis: LiveRedis) -> None:
    put_to_the_test(AskAgain, live_redis, Verdict.CLAIMED, Verdict.OWNED)
