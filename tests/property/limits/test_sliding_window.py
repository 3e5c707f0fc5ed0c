"""What only the exact log promises."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.property.limits.kinds import (
    CAPACITY,
    PERIOD_US,
    WINDOW,
    WINDOW_KIND,
    Schedule,
    both_ways,
    costs,
    forward,
    played,
)
from tests.property.limits.subjects import Subjects
from tests.settable_clock import NOW_US

pytestmark = [pytest.mark.property, pytest.mark.integration]


@given(schedule=both_ways)
def test_p1_any_window_holds_at_most_the_limit(subjects: Subjects, schedule: Schedule) -> None:
    _, admitted = played(subjects(), WINDOW_KIND, schedule)

    # A clock that stepped back is read as the latest time at which something was taken.
    effective = list[tuple[int, int]]()
    for at, cost in admitted:
        if cost:
            effective.append((max([at, *(earlier for earlier, _ in effective)]), cost))
    for start, _ in effective:
        assert sum(cost for at, cost in effective if start <= at < start + PERIOD_US) <= CAPACITY


@given(schedule=forward, cost=costs)
def test_p11_refuses_only_what_would_break_the_limit(subjects: Subjects, schedule: Schedule, cost: int) -> None:
    subject = subjects()
    now, admitted = played(subject, WINDOW_KIND, schedule)
    live = sum(taken for at, taken in admitted if at > now - PERIOD_US)

    decision = subject.decide([WINDOW_KIND.costing(cost)], now, "one more")

    assert decision.allowed == (cost == 0 or live + cost <= CAPACITY)


@given(schedule=forward, data=st.data())
def test_p14_replaying_a_use_inside_its_window_counts_nothing(
    subjects: Subjects, schedule: Schedule, data: st.DataObject
) -> None:
    subject, now, live = subjects(), NOW_US, dict[str, int]()
    for use, (step, cost) in enumerate(schedule):
        now += step
        if subject.decide([WINDOW_KIND.costing(cost)], now, f"use {use}").allowed and cost:
            live[f"use {use}"] = now
    replayable = [nonce for nonce, at in live.items() if at > now - PERIOD_US]
    assume(replayable)
    before = subject.image([WINDOW])

    for nonce in data.draw(st.lists(st.sampled_from(replayable), min_size=1, max_size=8)):
        cost = data.draw(st.integers(1, CAPACITY + 2))
        assert subject.decide([WINDOW_KIND.costing(cost)], now, nonce).allowed

    assert subject.image([WINDOW]) == before


@given(uses=st.integers(1, CAPACITY))
def test_p14_different_uses_at_one_microsecond_all_count(subjects: Subjects, uses: int) -> None:
    subject = subjects()
    for use in range(uses):
        subject.decide([WINDOW], NOW_US, str(use))

    assert subject.decide([WINDOW], NOW_US, None).remaining == CAPACITY - uses


@given(schedule=both_ways)
def test_p22_a_log_never_holds_more_units_than_its_limit(subjects: Subjects, schedule: Schedule) -> None:
    subject = subjects()
    played(subject, WINDOW_KIND, schedule)

    assert subject.units_logged(WINDOW) <= CAPACITY


@given(schedule=both_ways, lowered=st.integers(1, CAPACITY), cost=st.integers(1, CAPACITY))
def test_p26_a_lowered_limit_admits_only_below_itself(
    subjects: Subjects, schedule: Schedule, lowered: int, cost: int
) -> None:
    subject = subjects()
    now, _ = played(subject, WINDOW_KIND, schedule)
    live = CAPACITY - subject.decide([WINDOW], now, None).remaining

    decision = subject.decide([WINDOW_KIND.of(cost, lowered)], now, "one more")

    assert decision.allowed == (live + cost <= lowered)
    assert decision.remaining >= 0
