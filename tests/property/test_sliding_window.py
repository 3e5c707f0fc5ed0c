from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gpcore.domain import limiting
from gpcore.domain.limits import NEVER, Decision, WindowRule
from tests.property.book import Book
from tests.settable_clock import NOW_US, SECOND

pytestmark = pytest.mark.property

WINDOW_US = 10 * SECOND
RULE = WindowRule(key="rl:x", limit=4, window_us=WINDOW_US)

# Mostly small against the window, so that it is often nearly full.
steps = st.one_of(
    st.integers(0, 3).map(lambda seconds: seconds * SECOND),
    st.integers(0, 5).map(lambda seconds: seconds * SECOND),
    st.sampled_from([0, 1, WINDOW_US - 1, WINDOW_US, WINDOW_US + 1]),
)
steps_both_ways = st.one_of(steps, st.integers(-15 * SECOND, 0))
costs = st.sampled_from([1, 1, 1, 2, 2, 0, 3, 4, 6])
forward = st.lists(st.tuples(steps, costs), max_size=30)
both_ways = st.lists(st.tuples(steps_both_ways, costs), max_size=30)


def of_cost(cost: int) -> WindowRule:
    return replace(RULE, cost=cost)


def played(schedule: list[tuple[int, int]]) -> tuple[Book, int, list[tuple[int, int]]]:
    """Return the book, the time and the admitted (effective time, cost) pairs after a schedule."""
    book, now, admitted = Book(), NOW_US, list[tuple[int, int]]()
    for use, (step, cost) in enumerate(schedule):
        now += step
        if book.decide([of_cost(cost)], now, f"use {use}").allowed and cost:
            admitted.append((max([now, *(at for at, _ in admitted)]), cost))
    return book, now, admitted


def acquired(book: Book, cost: int, now: int) -> Decision:
    return book.decide([of_cost(cost)], now, "one more")


@given(both_ways)
def test_p1_any_window_holds_at_most_the_limit(schedule: list[tuple[int, int]]) -> None:
    _, _, admitted = played(schedule)

    for start, _ in admitted:
        inside = sum(cost for at, cost in admitted if start <= at < start + WINDOW_US)
        assert inside <= RULE.limit


@given(both_ways, costs)
def test_p2_a_refusal_changes_no_state(schedule: list[tuple[int, int]], cost: int) -> None:
    book, now, _ = played(schedule)

    changes, decision = limiting.decide(book.states, now_us=now, rules=[of_cost(cost)], nonce="one more")

    assume(not decision.allowed)
    assert changes == {}


@given(both_ways, costs)
def test_p3_looking_says_what_acquiring_does_and_changes_nothing(schedule: list[tuple[int, int]], cost: int) -> None:
    book, now, _ = played(schedule)
    states = dict(book.states)

    looked = book.decide([of_cost(cost)], now, None)
    assert book.states == states
    acquires = acquired(book, cost, now)

    assert (looked.allowed, looked.retry_after_us, looked.limiting) == (
        acquires.allowed,
        acquires.retry_after_us,
        acquires.limiting,
    )
    assert looked.remaining == acquires.remaining + (cost if acquires.allowed else 0)


@given(both_ways, st.integers(1, RULE.limit))
def test_p4_and_p5_the_wait_is_enough_and_no_longer_than_needed(schedule: list[tuple[int, int]], cost: int) -> None:
    book, now, _ = played(schedule)
    wait = book.decide([of_cost(cost)], now, None).retry_after_us

    assert book.decide([of_cost(cost)], now + wait, None).allowed
    if wait:
        assert not book.decide([of_cost(cost)], now + wait - 1, None).allowed


@given(both_ways, costs)
def test_p6_never_exactly_when_the_cost_exceeds_the_limit(schedule: list[tuple[int, int]], cost: int) -> None:
    book, now, _ = played(schedule)

    decision = acquired(book, cost, now)

    assert (decision.retry_after_us == NEVER) == (cost > RULE.limit)
    assert decision.allowed == (decision.retry_after_us == 0)


@given(both_ways)
def test_p7_a_cost_of_zero_is_admitted_and_writes_nothing(schedule: list[tuple[int, int]]) -> None:
    book, now, _ = played(schedule)
    lowered = replace(RULE, limit=1, cost=0)

    changes, decision = limiting.decide(book.states, now_us=now, rules=[lowered], nonce="free")

    assert decision.allowed
    assert changes == {}


@pytest.mark.parametrize("cost", [-1, 101, 1.0, float("nan"), True, "1"])
def test_p7_a_cost_that_is_no_count_is_refused(cost: object) -> None:
    rule = of_cost(1)
    object.__setattr__(rule, "cost", cost)

    with pytest.raises(ValueError, match="cost"):
        limiting.decide({}, now_us=NOW_US, rules=[rule], nonce="x")


@given(both_ways, st.integers(1, RULE.limit))
def test_p9_what_remains_is_what_can_be_taken(schedule: list[tuple[int, int]], cost: int) -> None:
    book, now, _ = played(schedule)
    before = book.decide([RULE], now, None)

    decision = acquired(book, cost, now)

    assert 0 <= before.remaining <= RULE.limit
    assert decision.allowed == (before.remaining >= cost)
    assert decision.remaining == before.remaining - (cost if decision.allowed else 0)


@given(both_ways, st.integers(1, RULE.limit), steps)
def test_p10_without_traffic_what_remains_grows_and_the_wait_shrinks(
    schedule: list[tuple[int, int]], cost: int, step: int
) -> None:
    book, now, _ = played(schedule)
    earlier = book.decide([of_cost(cost)], now, None)
    later = book.decide([of_cost(cost)], now + step, None)

    assert later.remaining >= earlier.remaining
    assert later.retry_after_us == max(0, earlier.retry_after_us - step)
    assert later.reset_after_us == max(0, earlier.reset_after_us - step)


@given(forward, costs)
def test_p11_refuses_only_what_would_break_the_limit(schedule: list[tuple[int, int]], cost: int) -> None:
    book, now, admitted = played(schedule)
    live = sum(taken for at, taken in admitted if at > now - WINDOW_US)

    decision = acquired(book, cost, now)

    assert decision.allowed == (cost == 0 or live + cost <= RULE.limit)


@given(both_ways, st.data())
def test_p14_replaying_a_use_inside_its_window_counts_nothing(
    schedule: list[tuple[int, int]], data: st.DataObject
) -> None:
    book, now, _ = played(schedule)
    log = book.states.get(RULE.key)
    assume(isinstance(log, tuple))
    assert isinstance(log, tuple)
    now = max(now, log[-1].at_us)
    live = [hit.nonce for hit in log if hit.at_us > now - WINDOW_US]
    assume(live)
    before = dict(book.states)

    for nonce in data.draw(st.lists(st.sampled_from(live), min_size=1, max_size=8)):
        assert book.decide([of_cost(data.draw(st.integers(1, 6)))], now, nonce).allowed

    assert book.states == before


@given(st.integers(1, 4))
def test_p14_different_uses_at_one_microsecond_all_count(uses: int) -> None:
    book = Book()
    for use in range(uses):
        book.decide([RULE], NOW_US, str(use))

    assert book.decide([RULE], NOW_US, None).remaining == RULE.limit - uses


@given(forward, st.integers(1, RULE.limit), st.integers(0, 60 * SECOND))
def test_p15_a_clock_stepping_back_refuses_at_most_for_the_step(
    schedule: list[tuple[int, int]], cost: int, step: int
) -> None:
    book, now, _ = played(schedule)
    steady = book.decide([of_cost(cost)], now, None)
    stepped = book.decide([of_cost(cost)], now - step, None)

    assert steady.retry_after_us <= stepped.retry_after_us <= steady.retry_after_us + step


@given(both_ways, st.lists(st.tuples(steps_both_ways, costs), min_size=1, max_size=10))
def test_p22_after_the_idle_time_a_key_is_as_good_as_absent(
    schedule: list[tuple[int, int]], later: list[tuple[int, int]]
) -> None:
    book, now, _ = played(schedule)
    now += book.decide([RULE], now, None).reset_after_us
    fresh = Book()

    for use, (step, cost) in enumerate(later):
        now += max(0, step)
        used, unused = (b.decide([of_cost(cost)], now, f"later {use}") for b in (book, fresh))
        assert used == unused


@given(both_ways)
def test_p22_a_log_never_holds_more_units_than_its_limit(schedule: list[tuple[int, int]]) -> None:
    book, _, _ = played(schedule)
    log = book.states.get(RULE.key) or ()

    assert isinstance(log, tuple)
    assert sum(hit.units for hit in log) <= RULE.limit


@given(both_ways, st.integers(1, RULE.limit), st.integers(1, RULE.limit))
def test_p26_a_lowered_limit_admits_only_below_itself(schedule: list[tuple[int, int]], lowered: int, cost: int) -> None:
    book, now, _ = played(schedule)
    live = RULE.limit - book.decide([RULE], now, None).remaining

    decision = book.decide([replace(RULE, limit=lowered, cost=cost)], now, "one more")

    assert decision.allowed == (live + cost <= lowered)
    assert decision.remaining >= 0
