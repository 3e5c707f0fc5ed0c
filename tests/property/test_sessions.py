from collections.abc import Callable, Coroutine, Sequence
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from gpadapters.memory.session_store import InMemorySessionStore
from gpadapters.redis.session_store import RedisSessionStore
from gpcore.domain.keys import session_key
from gpcore.domain.session_rules import live, replaced, started
from gpcore.domain.sessions import LARGEST_SESSION, StoredSession
from gpcore.ports.session_store import SessionStore
from tests.property.live_redis import LiveRedis
from tests.settable_clock import NOW_US, SECOND, SettableClock

pytestmark = [pytest.mark.property]

T = TypeVar("T")

TTL_US = 600 * SECOND
GARBAGE_MS = 60_000
USERS = ("1", "2:x", "2")

lifetimes = st.sampled_from([1, 10 * SECOND, TTL_US])
extensions = st.one_of(st.none(), lifetimes)
steps = st.one_of(
    st.sampled_from([0, 1, 10 * SECOND - 1, 10 * SECOND, TTL_US - 1, TTL_US]),
    st.integers(0, 20).map(lambda seconds: seconds * SECOND),
)
payloads = st.binary(max_size=40)
writes = st.lists(st.tuples(steps, payloads, extensions, st.integers(-1, 1)), max_size=20)


@given(st.integers(0, 2**31), lifetimes, writes)
def test_s2_s3_s4_a_write_moves_the_version_by_one_and_the_expiry_only_if_asked(
    version: int, ttl_us: int, script: list[tuple[int, bytes, int | None, int]]
) -> None:
    now = NOW_US
    session = started(b"", version=version, now_us=now, ttl_us=ttl_us)
    for step, data, extend_us, mistake in script:
        now += step
        after = replaced(session, data, expected_version=session.version + mistake, now_us=now, extend_us=extend_us)
        if live(session, now_us=now) is None or mistake:
            assert after is None
            continue
        assert after is not None
        assert (after.version, after.data) == (session.version + 1, data)
        assert after.expires_at_us == (session.expires_at_us if extend_us is None else now + extend_us)
        assert after.created_at_us == session.created_at_us
        session = after


class SessionsMachine(RuleBasedStateMachine):
    """Drives the in-memory store, the Lua scripts and a plain dictionary alike."""

    def __init__(self, redis: LiveRedis) -> None:
        super().__init__()
        self.live = redis
        self.prefix = redis.fresh_prefix()
        self.clock = SettableClock()
        self.rewound_us = 0
        self.memory = InMemorySessionStore(self.clock)
        self.redis = RedisSessionStore(redis.client, self.prefix, self.clock)
        # Each store draws its own first version, so the dictionary keeps writes since creation.
        self.expected: dict[str, tuple[int, bytes, int, int]] = {}
        self.first: dict[str, tuple[int, int]] = {}

    @rule(user=st.sampled_from(USERS), data=payloads, ttl_us=lifetimes)
    def create(self, user: str, data: bytes, ttl_us: int) -> None:
        old = self.first.get(user)
        sessions = self.on_both(lambda store: store.create("form", user, data, ttl_us=ttl_us))
        memory, redis = (session.version for session in sessions)
        if old:
            # S7: a version of the old session must not fit the new one.
            assert not self.live.run(self.redis.replace("form", user, b"", expected_version=old[1]))
        self.first[user] = (memory, redis)
        self.expected[user] = (0, data, self.clock.now, self.clock.now + ttl_us)
        self.check(user, sessions)

    @rule(user=st.sampled_from(USERS), data=payloads, extend_us=extensions, mistake=st.sampled_from([0, 0, 0, -1, 1]))
    def replace(self, user: str, data: bytes, extend_us: int | None, mistake: int) -> None:
        if user not in self.first:
            return
        writes_so_far, _, created, expires = self.expected.get(user, (0, b"", 0, 0))
        after = [
            self.live.run(
                store.replace("form", user, data, expected_version=first + writes_so_far + mistake, extend_us=extend_us)
            )
            for store, first in zip(self.stores, self.first[user], strict=True)
        ]
        if mistake or self.now >= expires:
            assert after == [None, None]
            return
        self.expected[user] = (writes_so_far + 1, data, created, self.now + extend_us if extend_us else expires)
        self.check(user, after)

    @rule(user=st.sampled_from(USERS))
    def read(self, user: str) -> None:
        self.check(user, self.on_both(lambda store: store.read("form", user)))

    @rule(user=st.sampled_from(USERS))
    def delete(self, user: str) -> None:
        was_live = user in self.expected and self.now < self.expected[user][3]
        assert self.on_both(lambda store: store.delete("form", user)) == [was_live, was_live]
        self.expected.pop(user, None)

    @rule(user=st.sampled_from(USERS))
    def refuse_what_is_too_large(self, user: str) -> None:
        # S5: the state stays as it was, down to the bytes.
        key = self.prefix + session_key("form", user)
        before = self.live.snapshot([key])
        for store in self.stores:
            with pytest.raises(ValueError, match="at most"):
                self.live.run(store.create("form", user, bytes(LARGEST_SESSION + 1), ttl_us=TTL_US))
        assert self.live.snapshot([key]) == before

    @rule(step=steps)
    def advance(self, step: int) -> None:
        self.clock.advance(step)

    @rule(user=st.sampled_from(USERS), offset=st.sampled_from([-1, 0, 1]))
    def advance_to_an_end(self, user: str, offset: int) -> None:
        # Random steps rarely end at the very microsecond at which a session ends.
        if user in self.expected:
            self.clock.now = max(self.clock.now, self.expected[user][3] + offset)

    @precondition(lambda self: self.rewound_us < 60 * SECOND)
    @rule(step=st.integers(0, 30 * SECOND))
    def rewind(self, step: int) -> None:
        self.rewound_us += step
        self.clock.advance(-step)

    @invariant()
    def every_key_outlives_its_session_and_no_more(self) -> None:
        keys = [self.prefix + session_key("form", user) for user in USERS]
        for user, lifetime in zip(USERS, self.live.numbers("PTTL", keys), strict=True):
            most = (TTL_US + self.rewound_us) // 1000 + GARBAGE_MS + 2
            assert lifetime == -2 or 0 < lifetime <= most
            if user in self.expected:
                assert lifetime >= (self.expected[user][3] - self.now - self.rewound_us) // 1000

    @property
    def now(self) -> int:
        return self.clock.now

    @property
    def stores(self) -> tuple[SessionStore, SessionStore]:
        return self.memory, self.redis

    def on_both(self, ask: Callable[[SessionStore], Coroutine[object, object, T]]) -> list[T]:
        return [self.live.run(ask(store)) for store in self.stores]

    def check(self, user: str, sessions: Sequence[StoredSession | None]) -> None:
        writes_so_far, data, created, expires = self.expected.get(user, (0, b"", 0, 0))
        if self.now >= expires:
            assert sessions == [None, None]
            return
        for session, first in zip(sessions, self.first[user], strict=True):
            assert session == StoredSession(
                version=first + writes_so_far, data=data, created_at_us=created, expires_at_us=expires
            )


@pytest.mark.integration
def test_s5_s7_s9_memory_lua_and_a_dictionary_agree(live_redis: LiveRedis) -> None:
    class Machine(SessionsMachine):
        def __init__(self) -> None:
            super().__init__(live_redis)

    run_state_machine_as_test(Machine)
