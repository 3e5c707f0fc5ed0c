"""The same operations on the oracle, the pure functions, the in-memory store and the Lua scripts."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from gpcore.domain.limit_rules import (
    LARGEST_COUNT,
    LARGEST_PRODUCT,
    LONGEST_US,
    CooldownRule,
    CounterRule,
    Decision,
    GcraRule,
    Rule,
    WindowRule,
)
from tests.property.limits.oracle import LimitingOracle
from tests.property.limits.subjects import InCluster, InMemory, InRedis, Pure, Subjects
from tests.property.live_redis import LiveRedis
from tests.settable_clock import NOW_US, SECOND

pytestmark = [pytest.mark.property, pytest.mark.integration]

# One unit of the fake time is a second, because keys expire on the server's own clock.
# Equal lengths make equal waits; few keys and small limits make refusals and replays likely.
LARGEST = 4
GARBAGE_MS = 60_000
LONGEST_HELD_US = {
    "rl:a": 5 * SECOND,
    "rl:b": 10 * SECOND,
    "rl:c": 2 * 5 * SECOND,
    "rl:g": LARGEST * 5 * SECOND,
    "cd:a": 5 * SECOND,
}

limits = st.integers(1, LARGEST)
costs = st.sampled_from([1, 1, 1, 2, 0, 3, LARGEST + 1])
# The cooldown and one window are of one entity, the other window of none, the counter and the rate of one each.
ENTITIES = {"rl:a": "user:1", "rl:b": ""}
any_rule = st.one_of(
    *(
        st.builds(
            WindowRule,
            key=st.just(key),
            limit=limits,
            window_us=st.just(LONGEST_HELD_US[key]),
            cost=costs,
            entity=st.just(ENTITIES[key]),
        )
        for key in ("rl:a", "rl:b")
    ),
    st.builds(
        CounterRule,
        key=st.just("rl:c"),
        limit=limits,
        window_us=st.just(5 * SECOND),
        cost=costs,
        entity=st.just("guild:2"),
    ),
    st.builds(
        GcraRule,
        key=st.just("rl:g"),
        burst=limits,
        interval_us=st.just(5 * SECOND),
        cost=costs,
        entity=st.just("global:"),
    ),
    st.just(CooldownRule(key="cd:a", duration_us=5 * SECOND, entity="user:1")),
)
rule_lists = st.lists(any_rule, min_size=1, max_size=3, unique_by=lambda rule: rule.key)
nonces = st.one_of(st.sampled_from(["n1", "n1:1"]), st.integers(0, 30).map(str))
steps = st.one_of(
    st.sampled_from([1, 5 * SECOND - 1, 5 * SECOND, 5 * SECOND + 1, 10 * SECOND]),
    st.integers(1, 4).map(lambda seconds: seconds * SECOND),
)


class LimitingMachine(RuleBasedStateMachine):
    """Drives the pure rules, the in-memory store, the Lua scripts and the oracle alike."""

    def __init__(self, live: LiveRedis) -> None:
        super().__init__()
        self.live = live
        self.now = NOW_US
        self.rewound_us = 0
        self.oracle = LimitingOracle()
        self.redis = InRedis(live)
        self.cluster = InCluster(live)
        self.subjects = [Pure(), InMemory(live), self.redis, self.cluster]
        self.keys = [self.redis.prefix + key for key in LONGEST_HELD_US]

    @rule(rules=rule_lists, nonce=nonces)
    def acquire_again(self, rules: Sequence[Rule], nonce: str) -> None:
        # Hypothesis chooses among the rules alike: a second name makes most steps uses.
        self.acquire(rules, nonce)

    @rule(rules=rule_lists, nonce=nonces)
    def acquire(self, rules: Sequence[Rule], nonce: str) -> None:
        before = self.live.snapshot(self.keys)
        lifetimes = self.live.numbers("PTTL", self.keys)
        if not self.agreed(rules, nonce).allowed:
            # P2, down to the bytes and the expiry.
            assert self.live.snapshot(self.keys) == before
            after = self.live.numbers("PTTL", self.keys)
            assert all(now <= then for now, then in zip(after, lifetimes, strict=True))

    @rule(rules=rule_lists)
    def peek(self, rules: Sequence[Rule]) -> None:
        before = self.live.snapshot(self.keys)
        self.agreed(rules, None)
        assert self.live.snapshot(self.keys) == before

    @rule(rules=rule_lists, nonce=nonces)
    def refund(self, rules: Sequence[Rule], nonce: str) -> None:
        self.oracle.refund(rules, nonce)
        for subject in self.subjects:
            subject.refund(rules, nonce)

    @rule(rules=rule_lists)
    def reset(self, rules: Sequence[Rule]) -> None:
        self.oracle.reset(rules)
        for subject in self.subjects:
            subject.reset(rules)

    @rule(step=steps)
    def advance(self, step: int) -> None:
        self.now += step

    @rule(rules=rule_lists, offset=st.sampled_from([-1, 0, 0, 1]))
    def advance_to_a_turning_point(self, rules: Sequence[Rule], offset: int) -> None:
        # Random steps rarely end at the very microsecond at which something is admitted or idle.
        decision = self.oracle.decide(rules, self.now, None)
        wait = decision.retry_after_us if decision.retry_after_us > 0 else decision.reset_after_us
        self.now = max(self.now, self.now + wait + offset)

    @precondition(lambda self: self.rewound_us < 60 * SECOND)
    @rule(step=steps)
    def rewind(self, step: int) -> None:
        self.rewound_us += step
        self.now -= step

    @rule()
    def lose_the_scripts(self) -> None:
        # P23: the server forgets the scripts as it does when it restarts.
        self.live.execute("SCRIPT", "FLUSH")

    @invariant()
    def every_key_expires(self) -> None:
        # P22: never without an expiry, which never comes before what is stored is idle.
        for key, name, lifetime in zip(LONGEST_HELD_US, self.keys, self.live.numbers("PTTL", self.keys), strict=True):
            most = (LONGEST_HELD_US[key] + self.rewound_us) // 1000 + GARBAGE_MS + 2
            assert lifetime == -2 or 0 < lifetime <= most, name
        # No log holds more than the largest limit.
        assert max(self.live.numbers("ZCARD", self.keys[:2])) <= LARGEST

    def agreed(self, rules: Sequence[Rule], nonce: str | None) -> Decision:
        expected = self.oracle.decide(rules, self.now, nonce)
        for subject in self.subjects:
            decision = subject.decide(rules, self.now, nonce)
            # A cluster takes and gives back, which leaves out what had lapsed: a clock that steps back could see it.
            assert decision == expected or (subject is self.cluster and self.rewound_us), type(subject).__name__
        return expected


def test_p8_p22_p23_pure_memory_lua_and_oracle_agree(live_redis: LiveRedis) -> None:
    class Machine(LimitingMachine):
        def __init__(self) -> None:
            super().__init__(live_redis)

    run_state_machine_as_test(Machine)


either_way = st.one_of(steps, st.integers(-4, -1).map(lambda seconds: seconds * SECOND))


@given(script=st.lists(st.tuples(either_way, rule_lists, st.one_of(st.none(), nonces), st.booleans()), max_size=30))
def test_p8_the_pure_functions_are_the_oracle(script: list[tuple[int, Sequence[Rule], str | None, bool]]) -> None:
    """The same without a server, so that it is asked of every change of a line."""
    oracle, pure, now = LimitingOracle(), Pure(), NOW_US
    for step, rules, nonce, gives_back in script:
        now += step
        assert pure.decide(rules, now, nonce) == oracle.decide(rules, now, nonce)
        if gives_back and nonce is not None:
            pure.refund(rules, nonce)
            oracle.refund(rules, nonce)


@st.composite
def large_rules(draw: st.DrawFn) -> Rule:
    """Draw numbers at and near the largest that are accepted."""
    near = st.integers(0, 3)
    length = draw(st.one_of(near.map(lambda less: LONGEST_US - less), st.integers(1, LONGEST_US)))
    cost = draw(st.one_of(st.integers(0, 3), st.integers(0, LARGEST_COUNT)))
    if draw(st.booleans()):
        most = max(1, min(LARGEST_COUNT, LARGEST_PRODUCT // length))
        limit = draw(st.one_of(st.integers(1, most), near.map(lambda less: max(1, most - less))))
        return CounterRule(key="rl:c", limit=limit, window_us=length, cost=cost)
    burst = draw(st.one_of(st.integers(1, LARGEST_COUNT), near.map(lambda less: LARGEST_COUNT - less)))
    interval = max(1, min(length, LONGEST_US // burst))
    return GcraRule(key="rl:g", interval_us=interval, burst=burst, cost=cost)


LATEST_US = 2**53 - 4 * LONGEST_US
times = st.one_of(st.integers(LATEST_US - 3 * LONGEST_US, LATEST_US), st.integers(NOW_US, LATEST_US))


@given(script=st.lists(st.tuples(times, large_rules()), max_size=10))
def test_p25_numbers_at_their_bounds_are_never_rounded(live_redis: LiveRedis, script: list[tuple[int, Rule]]) -> None:
    """Python's integers are exact whatever their size, so what agrees with them was not rounded."""
    pure, stores = Pure(), [InMemory(live_redis), InRedis(live_redis), InCluster(live_redis)]

    for use, (now, one) in enumerate(script):
        exact = pure.decide([one], now, f"use {use}")
        assert [store.decide([one], now, f"use {use}") for store in stores] == [exact] * 3


@pytest.mark.parametrize(
    "beyond",
    [
        CounterRule(key="rl:c", limit=LARGEST_PRODUCT // LONGEST_US + 1, window_us=LONGEST_US),
        CounterRule(key="rl:c", limit=LARGEST_COUNT + 1, window_us=1),
        GcraRule(key="rl:g", interval_us=LONGEST_US // LARGEST_COUNT + 1, burst=LARGEST_COUNT),
        GcraRule(key="rl:g", interval_us=LONGEST_US + 1),
        WindowRule(key="rl:a", limit=1, window_us=LONGEST_US + 1),
        CooldownRule(key="cd:a", duration_us=LONGEST_US + 1),
    ],
    ids=repr,
)
def test_p25_what_could_not_be_exact_is_refused(subjects: Subjects, beyond: Rule) -> None:
    with pytest.raises(ValueError, match="give a whole number from 1 to"):
        subjects().decide([beyond], NOW_US, "x")
