"""What only the even rate promises."""

from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcore.domain.limit_rules import GcraRule
from gpcore.domain.limits import Gcra
from tests.property.limits.kinds import CAPACITY, GCRA, GCRA_KIND, Schedule, forward, played
from tests.property.limits.subjects import Subject, Subjects
from tests.settable_clock import NOW_US, SECOND

pytestmark = [pytest.mark.property, pytest.mark.integration]


def taken_as_soon_as_possible(subject: Subject, rule: GcraRule, until: int) -> int:
    """Return the units that somebody gets who always asks at the first moment that is told."""
    at, admitted = NOW_US, 0
    for use in range(1000):
        if at >= until:
            return admitted
        admitted += subject.decide([rule], at, str(use)).allowed
        at += subject.decide([rule], at, None).retry_after_us
    raise AssertionError("there is no end to what it admits")


@given(schedule=forward, span=st.integers(1, 60 * SECOND))
def test_p13_any_span_of_time_holds_at_most_its_share_and_the_burst(
    subjects: Subjects, schedule: Schedule, span: int
) -> None:
    _, admitted = played(subjects(), GCRA_KIND, schedule)
    bound = ceil(Fraction(span, GCRA.interval_us) + CAPACITY) - 1

    for start, _ in admitted:
        assert sum(cost for at, cost in admitted if start <= at < start + span) <= bound


@given(span=st.integers(1, 100 * SECOND))
def test_p13_the_bound_is_reached(subjects: Subjects, span: int) -> None:
    admitted = taken_as_soon_as_possible(subjects(), GCRA, NOW_US + span)

    assert admitted == ceil(Fraction(span, GCRA.interval_us) + CAPACITY) - 1


@given(limit=st.integers(1, 50), per=st.integers(1, 100), burst=st.integers(1, 20))
def test_p13_a_period_of_the_declared_limit_holds_at_most_limit_and_burst_less_one(
    subjects: Subjects, limit: int, per: int, burst: int
) -> None:
    rule = Gcra(limit, per=per, burst=burst).rule("rl:x")

    admitted = taken_as_soon_as_possible(subjects(), rule, NOW_US + per * SECOND)

    assert admitted == limit + burst - 1
