"""One example of each kind of limit, with what the properties need to know about it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from gpcore.domain.limit_rules import CooldownRule, CounterRule, GcraRule, Rule, WindowRule
from tests.property.limits.subjects import Subject
from tests.settable_clock import NOW_US, SECOND

PERIOD_US = 10 * SECOND
CAPACITY = 4

Schedule = list[tuple[int, int]]
"""Uses: seconds' worth of microseconds since the one before, and a cost."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of limit.

    Attributes:
        name: For test ids.
        capacity: The largest cost that is ever admitted.
        span_us: After this long without a use, nothing taken matters.
        of: Makes the rule for a cost and a capacity.
    """

    name: str
    capacity: int
    span_us: int
    of: Callable[[int, int], Rule]

    def costing(self, cost: int) -> Rule:
        return self.of(cost, self.capacity)


WINDOW = WindowRule(key="rl:w", limit=CAPACITY, window_us=PERIOD_US)
COUNTER = CounterRule(key="rl:c", limit=CAPACITY, window_us=PERIOD_US)
GCRA = GcraRule(key="rl:g", interval_us=3 * SECOND + 1, burst=CAPACITY)
COOLDOWN = CooldownRule(key="cd:x", duration_us=PERIOD_US)

WINDOW_KIND = Kind("window", CAPACITY, PERIOD_US, lambda cost, capacity: replace(WINDOW, cost=cost, limit=capacity))
COUNTER_KIND = Kind(
    "counter", CAPACITY, 2 * PERIOD_US, lambda cost, capacity: replace(COUNTER, cost=cost, limit=capacity)
)
GCRA_KIND = Kind(
    "gcra", CAPACITY, CAPACITY * GCRA.interval_us, lambda cost, capacity: replace(GCRA, cost=cost, burst=capacity)
)
COOLDOWN_KIND = Kind("cooldown", 1, PERIOD_US, lambda _cost, _capacity: COOLDOWN)

WITH_COST = (WINDOW_KIND, COUNTER_KIND, GCRA_KIND)
ALL_KINDS = (*WITH_COST, COOLDOWN_KIND)

# Mostly small against the period, so that the limit is often nearly reached.
steps = st.one_of(
    st.integers(0, 3).map(lambda seconds: seconds * SECOND),
    st.integers(0, 5).map(lambda seconds: seconds * SECOND),
    st.sampled_from([0, 1, PERIOD_US - 1, PERIOD_US, PERIOD_US + 1]),
)
steps_both_ways = st.one_of(steps, st.integers(-15 * SECOND, 0))
costs = st.sampled_from([1, 1, 1, 2, 2, 0, 3, CAPACITY, CAPACITY + 2])
forward = st.lists(st.tuples(steps, costs), max_size=20)
both_ways = st.lists(st.tuples(steps_both_ways, costs), max_size=20)


def played(
    subject: Subject, kind: Kind, schedule: Schedule, *, start: int = NOW_US
) -> tuple[int, list[tuple[int, int]]]:
    """Play the uses and return the time at the end and the admitted (time, cost) pairs."""
    now, admitted = start, list[tuple[int, int]]()
    for use, (step, cost) in enumerate(schedule):
        now += step
        rule = kind.costing(cost)
        if subject.decide([rule], now, f"use {use}").allowed:
            admitted.append((now, getattr(rule, "cost", 1)))
    return now, admitted
