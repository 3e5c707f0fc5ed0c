"""Properties that hold for every kind of limit, asked of every implementation."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gpcore.domain.limit_rules import NEVER
from tests.property.limits.kinds import (
    ALL_KINDS,
    CAPACITY,
    WITH_COST,
    Kind,
    Schedule,
    both_ways,
    costs,
    forward,
    played,
    steps,
    steps_both_ways,
)
from tests.property.limits.subjects import Subjects
from tests.settable_clock import SECOND

pytestmark = [pytest.mark.property, pytest.mark.integration]

all_kinds = pytest.mark.parametrize("kind", ALL_KINDS, ids=lambda kind: kind.name)
with_cost = pytest.mark.parametrize("kind", WITH_COST, ids=lambda kind: kind.name)
payable = st.integers(1, CAPACITY)


@all_kinds
@given(schedule=both_ways, cost=costs)
def test_p2_a_refusal_changes_no_byte_of_state(subjects: Subjects, kind: Kind, schedule: Schedule, cost: int) -> None:
    subject = subjects()
    now, _ = played(subject, kind, schedule)
    rule = kind.costing(cost)
    before = subject.image([rule])

    assume(not subject.decide([rule], now, "one more").allowed)

    assert subject.image([rule]) == before


@all_kinds
@given(schedule=both_ways, cost=costs)
def test_p3_looking_says_what_taking_does_and_changes_nothing(
    subjects: Subjects, kind: Kind, schedule: Schedule, cost: int
) -> None:
    subject = subjects()
    now, _ = played(subject, kind, schedule)
    rule = kind.costing(cost)
    before = subject.image([rule])

    looked = subject.decide([rule], now, None)
    assert subject.image([rule]) == before
    taken = subject.decide([rule], now, "one more")

    assert (looked.allowed, looked.retry_after_us, looked.limiting) == (
        taken.allowed,
        taken.retry_after_us,
        taken.limiting,
    )
    assert looked.remaining == taken.remaining + (getattr(rule, "cost", 1) if taken.allowed else 0)


@all_kinds
@given(schedule=both_ways, cost=payable)
def test_p4_after_the_wait_it_is_admitted(subjects: Subjects, kind: Kind, schedule: Schedule, cost: int) -> None:
    subject = subjects()
    now, _ = played(subject, kind, schedule)
    wait = subject.decide([kind.costing(cost)], now, None).retry_after_us

    assert subject.decide([kind.costing(cost)], now + wait, "one more").allowed


@all_kinds
@given(schedule=both_ways, cost=payable)
def test_p5_a_microsecond_before_the_end_of_the_wait_it_is_refused(
    subjects: Subjects, kind: Kind, schedule: Schedule, cost: int
) -> None:
    subject = subjects()
    now, _ = played(subject, kind, schedule)
    wait = subject.decide([kind.costing(cost)], now, None).retry_after_us
    assume(wait > 0)

    assert not subject.decide([kind.costing(cost)], now + wait - 1, "one more").allowed


@with_cost
@given(schedule=both_ways, cost=costs)
def test_p6_never_exactly_when_the_cost_exceeds_the_capacity(
    subjects: Subjects, kind: Kind, schedule: Schedule, cost: int
) -> None:
    subject = subjects()
    now, _ = played(subject, kind, schedule)

    decision = subject.decide([kind.costing(cost)], now, "one more")

    assert (decision.retry_after_us == NEVER) == (cost > kind.capacity)
    assert decision.allowed == (decision.retry_after_us == 0)


@with_cost
@given(schedule=both_ways, capacity=payable)
def test_p7_a_cost_of_zero_is_admitted_and_writes_nothing(
    subjects: Subjects, kind: Kind, schedule: Schedule, capacity: int
) -> None:
    subject = subjects()
    now, _ = played(subject, kind, schedule)
    free = kind.of(0, capacity)
    before = subject.image([free])

    assert subject.decide([free], now, "free").allowed

    assert subject.image([free]) == before


@pytest.mark.parametrize("cost", [-1, 1_000_001, 1.0, float("nan"), True, "1"])
@with_cost
def test_p7_a_cost_that_is_no_count_is_refused(subjects: Subjects, kind: Kind, cost: object) -> None:
    rule = kind.costing(1)
    object.__setattr__(rule, "cost", cost)

    with pytest.raises(ValueError, match="cost"):
        subjects().decide([rule], 0, "x")


@with_cost
@given(schedule=both_ways, cost=payable)
def test_p9_what_remains_is_what_can_be_taken(subjects: Subjects, kind: Kind, schedule: Schedule, cost: int) -> None:
    subject = subjects()
    now, _ = played(subject, kind, schedule)
    before = subject.decide([kind.costing(1)], now, None)

    decision = subject.decide([kind.costing(cost)], now, "one more")

    assert 0 <= before.remaining <= kind.capacity
    assert decision.allowed == (before.remaining >= cost)
    assert decision.remaining == before.remaining - (cost if decision.allowed else 0)


@all_kinds
@given(schedule=both_ways, cost=payable, step=steps)
def test_p10_without_traffic_what_remains_grows_and_the_wait_shrinks_by_the_time_that_passed(
    subjects: Subjects, kind: Kind, schedule: Schedule, cost: int, step: int
) -> None:
    subject = subjects()
    now, _ = played(subject, kind, schedule)
    rule = kind.costing(cost)

    earlier, later = subject.decide([rule], now, None), subject.decide([rule], now + step, None)

    assert later.remaining >= earlier.remaining
    assert later.retry_after_us == max(0, earlier.retry_after_us - step)
    assert later.reset_after_us == max(0, earlier.reset_after_us - step)


@all_kinds
@given(schedule=forward, cost=payable, longer=st.integers(0, 3 * SECOND))
def test_p11_after_a_long_pause_anything_up_to_the_capacity_is_admitted(
    subjects: Subjects, kind: Kind, schedule: Schedule, cost: int, longer: int
) -> None:
    subject = subjects()
    now, admitted = played(subject, kind, schedule)
    last = max((at for at, taken in admitted if taken), default=now)

    assert subject.decide([kind.costing(cost)], max(now, last + kind.span_us) + longer, "one more").allowed


@all_kinds
@given(schedule=forward, cost=payable, step=st.integers(0, 60 * SECOND))
def test_p15_a_clock_stepping_back_refuses_at_most_for_the_step(
    subjects: Subjects, kind: Kind, schedule: Schedule, cost: int, step: int
) -> None:
    subject = subjects()
    now, _ = played(subject, kind, schedule)

    steady, stepped = (subject.decide([kind.costing(cost)], at, None) for at in (now, now - step))

    assert steady.retry_after_us <= stepped.retry_after_us <= steady.retry_after_us + step


@all_kinds
@given(schedule=forward, later=forward, longer=st.integers(0, 10**15))
def test_p16_after_a_jump_ahead_a_key_is_as_good_as_fresh(
    subjects: Subjects, kind: Kind, schedule: Schedule, later: Schedule, longer: int
) -> None:
    used, fresh = subjects(), subjects()
    now, _ = played(used, kind, schedule)
    now += kind.span_us + longer

    for use, (step, cost) in enumerate(later):
        now += step
        rules = [kind.costing(cost)]
        assert used.decide(rules, now, f"later {use}") == fresh.decide(rules, now, f"later {use}")


@with_cost
@given(schedule=both_ways, cost=payable)
def test_p21_what_is_admitted_at_once_is_admitted_one_by_one(
    subjects: Subjects, kind: Kind, schedule: Schedule, cost: int
) -> None:
    subject = subjects()
    now, _ = played(subject, kind, schedule)
    assume(subject.decide([kind.costing(cost)], now, None).allowed)

    assert all(subject.decide([kind.costing(1)], now, f"one {unit}").allowed for unit in range(cost))


@all_kinds
@given(schedule=both_ways, later=st.lists(st.tuples(steps_both_ways, costs), min_size=1, max_size=10))
def test_p22_after_the_idle_time_a_key_is_as_good_as_absent(
    subjects: Subjects, kind: Kind, schedule: Schedule, later: Schedule
) -> None:
    used, fresh = subjects(), subjects()
    now, _ = played(used, kind, schedule)
    now += used.decide([kind.costing(1)], now, None).reset_after_us

    for use, (step, cost) in enumerate(later):
        now += max(0, step)
        rules = [kind.costing(cost)]
        assert used.decide(rules, now, f"later {use}") == fresh.decide(rules, now, f"later {use}")


@with_cost
@given(schedule=both_ways, cost=payable, capacities=st.tuples(payable, payable).map(sorted))
def test_p26_a_lower_limit_never_admits_more(
    subjects: Subjects, kind: Kind, schedule: Schedule, cost: int, capacities: list[int]
) -> None:
    subject = subjects()
    now, _ = played(subject, kind, schedule)
    lower, higher = (subject.decide([kind.of(cost, capacity)], now, None) for capacity in capacities)

    assert higher.allowed or not lower.allowed
    assert lower.remaining <= higher.remaining


@with_cost
@given(schedule=both_ways, lowered=payable, raised=st.integers(CAPACITY, 3 * CAPACITY))
def test_p26_a_changed_limit_counts_what_was_taken_before(
    subjects: Subjects, kind: Kind, schedule: Schedule, lowered: int, raised: int
) -> None:
    subject = subjects()
    now, _ = played(subject, kind, schedule)
    as_declared = subject.decide([kind.costing(1)], now, None).remaining

    after = [subject.decide([kind.of(1, capacity)], now, None).remaining for capacity in (lowered, raised)]

    # With nothing left, how far above the limit it is cannot be seen.
    if as_declared:
        assert after == [max(0, as_declared - kind.capacity + capacity) for capacity in (lowered, raised)]
    else:
        assert after[0] == 0
        assert after[1] <= raised - kind.capacity
