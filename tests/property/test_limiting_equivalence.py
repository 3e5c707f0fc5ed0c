from collections.abc import Sequence

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from gpadapters.memory.admission_store import InMemoryAdmissionStore
from gpadapters.redis.admission_store import RedisAdmissionStore
from gpcore.domain.limits import CooldownRule, Decision, Rule, WindowRule
from tests.property.book import Book
from tests.property.limiting_oracle import LimitingOracle
from tests.property.live_redis import LiveRedis
from tests.settable_clock import SECOND, SettableClock

pytestmark = [pytest.mark.property, pytest.mark.integration]

# One unit of the fake time is a second, because keys expire on the server's own clock.
# Equal lengths make equal waits; few keys and small limits make refusals and replays likely.
WINDOWS_US = {"rl:a": 5 * SECOND, "rl:b": 10 * SECOND}
COOLDOWNS_US = {"cd:a": 5 * SECOND}
LARGEST = 4
GARBAGE_MS = 60_000


def a_window(key: str) -> st.SearchStrategy[Rule]:
    return st.builds(
        WindowRule,
        key=st.just(key),
        limit=st.integers(1, LARGEST),
        window_us=st.just(WINDOWS_US[key]),
        cost=st.sampled_from([1, 1, 1, 2, 0, 3, LARGEST + 1]),
    )


def a_cooldown(key: str) -> st.SearchStrategy[Rule]:
    return st.just(CooldownRule(key=key, duration_us=COOLDOWNS_US[key]))


rule_lists = st.lists(
    st.one_of(*map(a_window, WINDOWS_US), *map(a_cooldown, COOLDOWNS_US)),
    min_size=1,
    max_size=3,
    unique_by=lambda rule: rule.key,
)
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
        self.prefix = live.fresh_prefix()
        self.clock = SettableClock()
        self.rewound_us = 0
        self.pure = Book()
        self.memory = InMemoryAdmissionStore(self.clock)
        self.redis = RedisAdmissionStore(live.client, self.prefix, self.clock)
        self.oracle = LimitingOracle()

    @property
    def keys(self) -> list[str]:
        return [self.prefix + key for key in (*WINDOWS_US, *COOLDOWNS_US)]

    @rule(rules=rule_lists, nonce=nonces)
    def acquire_again(self, rules: Sequence[Rule], nonce: str) -> None:
        # Hypothesis chooses among the rules alike: a second name makes most steps uses.
        self.acquire(rules, nonce)

    @rule(rules=rule_lists, nonce=nonces)
    def acquire(self, rules: Sequence[Rule], nonce: str) -> None:
        before = self.live.snapshot(self.keys)
        lifetimes = self.live.numbers("PTTL", self.keys)
        decision = self.agreed(
            self.pure.decide(rules, self.clock.now, nonce),
            self.live.run(self.memory.admit(rules, nonce=nonce)),
            self.live.run(self.redis.admit(rules, nonce=nonce)),
            self.oracle.decide(rules, self.clock.now, nonce),
        )
        if not decision.allowed:
            # P2, down to the bytes and the expiry.
            assert self.live.snapshot(self.keys) == before
            after = self.live.numbers("PTTL", self.keys)
            assert all(now <= then for now, then in zip(after, lifetimes, strict=True))

    @rule(rules=rule_lists)
    def peek(self, rules: Sequence[Rule]) -> None:
        before = self.live.snapshot(self.keys)
        self.agreed(
            self.pure.decide(rules, self.clock.now, None),
            self.live.run(self.memory.peek(rules)),
            self.live.run(self.redis.peek(rules)),
            self.oracle.decide(rules, self.clock.now, None),
        )
        assert self.live.snapshot(self.keys) == before

    @rule(rules=rule_lists, nonce=nonces)
    def refund(self, rules: Sequence[Rule], nonce: str) -> None:
        self.pure.refund(rules, nonce)
        self.live.run(self.memory.refund(rules, nonce=nonce))
        self.live.run(self.redis.refund(rules, nonce=nonce))
        self.oracle.refund(rules, nonce)

    @rule(rules=rule_lists)
    def reset(self, rules: Sequence[Rule]) -> None:
        self.pure.reset(rules)
        self.live.run(self.memory.reset(rules))
        self.live.run(self.redis.reset(rules))
        self.oracle.reset(rules)

    @rule(step=steps)
    def advance(self, step: int) -> None:
        self.clock.advance(step)

    @rule(data=st.data(), offset=st.sampled_from([-1, 0, 0, 1]))
    def advance_to_a_departure(self, data: st.DataObject, offset: int) -> None:
        # Random steps rarely end at the very microsecond at which a unit leaves.
        departures = self.oracle.departures(WINDOWS_US | COOLDOWNS_US)
        ahead = sorted({at + offset for at in departures if at + offset > self.clock.now})
        if ahead:
            self.clock.now = data.draw(st.sampled_from(ahead))

    @precondition(lambda self: self.rewound_us < 60 * SECOND)
    @rule(step=steps)
    def rewind(self, step: int) -> None:
        self.rewound_us += step
        self.clock.advance(-step)

    @rule()
    def lose_the_scripts(self) -> None:
        # P23: the server forgets the scripts as it does when it restarts.
        self.live.execute("SCRIPT FLUSH")

    @invariant()
    def every_key_expires(self) -> None:
        # P22, and no log holds more than the largest limit.
        lengths = WINDOWS_US | COOLDOWNS_US
        for name, lifetime in zip(lengths, self.live.numbers("PTTL", self.keys), strict=True):
            most = (lengths[name] + self.rewound_us) // 1000 + GARBAGE_MS + 2
            assert lifetime == -2 or 0 < lifetime <= most
            last = max(self.oracle.departures({name: lengths[name]}), default=0)
            if last:
                assert lifetime >= (last - self.clock.now - self.rewound_us) // 1000
        assert max(self.live.numbers("ZCARD", self.keys[: len(WINDOWS_US)])) <= LARGEST

    def agreed(self, *decisions: Decision) -> Decision:
        pure, memory, redis, oracle = decisions
        assert pure == oracle
        assert memory == oracle
        assert redis == oracle
        return oracle


def test_p8_p22_p23_pure_memory_lua_and_oracle_agree(live_redis: LiveRedis) -> None:
    class Machine(LimitingMachine):
        def __init__(self) -> None:
            super().__init__(live_redis)

    run_state_machine_as_test(Machine)
