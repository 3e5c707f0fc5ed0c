"""What only the counter promises."""

import pytest
from hypothesis import given

from tests.property.limits.kinds import (
    CAPACITY,
    COUNTER_KIND,
    PERIOD_US,
    Schedule,
    both_ways,
    forward,
    played,
)
from tests.property.limits.subjects import Subjects
from tests.settable_clock import NOW_US

pytestmark = [pytest.mark.property, pytest.mark.integration]


@given(schedule=both_ways)
def test_p12_an_aligned_window_holds_at_most_the_limit(subjects: Subjects, schedule: Schedule) -> None:
    _, admitted = played(subjects(), COUNTER_KIND, schedule)

    used, latest = dict[int, int](), 0
    for at, cost in admitted:
        # A clock that stepped back counts in the latest window that something was taken from.
        window = max(latest, at // PERIOD_US)
        if cost:
            used[window] = used.get(window, 0) + cost
            latest = window
    assert max(used.values(), default=0) <= CAPACITY


@given(schedule=forward)
def test_p12_any_window_holds_less_than_twice_the_limit(subjects: Subjects, schedule: Schedule) -> None:
    _, admitted = played(subjects(), COUNTER_KIND, schedule)

    for start, _ in admitted:
        assert sum(cost for at, cost in admitted if start <= at < start + PERIOD_US) <= 2 * CAPACITY - 1


def test_p12_the_bound_is_reached(subjects: Subjects) -> None:
    """At the very end of one window everything is taken; in the next one, what fades is taken at once."""
    subject = subjects()
    boundary = (NOW_US // PERIOD_US + 1) * PERIOD_US
    at = boundary - 1
    admitted = [at] * CAPACITY
    assert subject.decide([COUNTER_KIND.costing(CAPACITY)], at, "all").allowed

    for _ in range(3 * CAPACITY):
        at += subject.decide([COUNTER_KIND.costing(1)], at, None).retry_after_us
        if at >= boundary - 1 + PERIOD_US:
            break
        assert subject.decide([COUNTER_KIND.costing(1)], at, f"at {at}").allowed
        admitted.append(at)

    assert len(admitted) == 2 * CAPACITY - 1
