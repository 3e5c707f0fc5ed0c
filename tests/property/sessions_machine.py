"""One user's session on the rules, both stores and an oracle at once, and every version ever seen."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import ClassVar, TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from gpadapters.memory.session_store import InMemorySessionStore
from gpadapters.redis.session_store import RedisSessionStore
from gpcore.domain import session_rules
from gpcore.domain.keys import session_key
from gpcore.domain.sessions import LARGEST_SESSION, StoredSession
from gpcore.ports.session_store import SessionStore
from tests.property.live_redis import LiveRedis
from tests.property.sessions_oracle import SessionsOracle
from tests.settable_clock import SECOND, SettableClock

T = TypeVar("T")

KIND, USER = "form", "430305391411331087"
TTL_US = 600 * SECOND

lifetimes = st.sampled_from([1, 10 * SECOND, TTL_US])
extensions = st.one_of(st.none(), lifetimes)
steps = st.one_of(
    st.sampled_from([0, 1, 10 * SECOND - 1, 10 * SECOND]),
    st.integers(0, 20).map(lambda seconds: seconds * SECOND),
)
payloads = st.binary(max_size=40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A version that somebody read: the life, the writes so far, and what each store calls it."""

    life: int
    writes: int
    versions: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One write and what came of it.

    Attributes:
        name: ``create``, ``replace``, ``delete`` or ``too large``.
        before: What was stored and live.
        after: What is stored and live now, as the in-memory store has it.
        accepted: Whether the write was done.
        extended: Whether more time was asked for.
        over: What it was to be written over.
        untouched: Whether Redis holds the same bytes with the same expiry.
    """

    name: str
    before: StoredSession | None
    after: StoredSession | None
    accepted: bool
    extended: bool = False
    over: Seen | None = None
    untouched: bool


class SessionsMachine(RuleBasedStateMachine):
    """Checks after every operation that all four agree; a property adds its own ``check``."""

    seen: ClassVar[Counter[str]]

    def __init__(self, live: LiveRedis) -> None:
        super().__init__()
        self.live = live
        self.key = (prefix := live.fresh_prefix()) + session_key(KIND, USER)
        self.clock = SettableClock()
        self.rewound_us = 0
        self.record: StoredSession | None = None
        self.memory = InMemorySessionStore(self.clock)
        self.redis = RedisSessionStore(live.client, prefix, self.clock)
        self.oracle = SessionsOracle()
        self.versions: list[Seen] = []

    def check(self, step: Step) -> None:
        """Check what the property says of one write."""

    @rule(data=payloads, ttl_us=lifetimes)
    def create(self, data: bytes, ttl_us: int) -> None:
        before, stored = self.known(), self.stored()
        sessions = self.on_both(lambda store: store.create(KIND, USER, data, ttl_us=ttl_us))
        self.oracle.create(data, self.now, ttl_us)
        self.record = session_rules.started(data, version=sessions[0].version, now_us=self.now, ttl_us=ttl_us)
        self.saw(sessions[0].version, sessions[1].version)
        self.report("create", before, stored, accepted=True)

    @precondition(lambda self: not self.versions or self.record is None)
    @rule(data=payloads)
    def create_what_lives(self, data: bytes) -> None:
        # Chance alone seldom leaves a session alive long enough to be written to.
        self.create(data, TTL_US)

    @precondition(lambda self: self.versions)
    @rule(data=st.data(), written=payloads, extend_us=extensions, latest=st.sampled_from([True, True, False]))
    def replace(self, data: st.DataObject, written: bytes, extend_us: int | None, latest: bool) -> None:
        over = self.versions[-1] if latest else data.draw(st.sampled_from(self.versions))
        before, stored = self.known(), self.stored()
        after = [
            self.live.run(store.replace(KIND, USER, written, expected_version=version, extend_us=extend_us))
            for store, version in zip(self.stores, over.versions, strict=True)
        ]
        pure = session_rules.replaced(
            self.record, written, expected_version=over.versions[0], now_us=self.now, extend_us=extend_us
        )
        accepted = self.oracle.replace(over.life, over.writes, written, self.now, extend_us)
        assert [session is not None for session in (pure, *after)] == [accepted] * 3
        if accepted:
            assert after[0] is not None
            assert after[1] is not None
            self.record = pure
            self.saw(after[0].version, after[1].version)
        self.report("replace", before, stored, accepted=accepted, extended=extend_us is not None, over=over)

    @rule()
    def delete(self) -> None:
        before, stored = self.known(), self.stored()
        was_live = self.oracle.delete(self.now)
        assert self.on_both(lambda store: store.delete(KIND, USER)) == [was_live, was_live]
        self.record = None
        self.report("delete", before, stored, accepted=was_live)

    @rule(create=st.booleans(), excess=st.sampled_from([1, 4096]))
    def write_too_much(self, create: bool, excess: int) -> None:
        before, stored = self.known(), self.stored()
        too_much = bytes(LARGEST_SESSION + excess)
        versions = self.versions[-1].versions if self.versions else (1, 1)
        for store, version in zip(self.stores, versions, strict=True):
            writing = (
                store.create(KIND, USER, too_much, ttl_us=TTL_US)
                if create
                else store.replace(KIND, USER, too_much, expected_version=version)
            )
            with pytest.raises(ValueError, match="at most"):
                self.live.run(writing)
        self.report("too large", before, stored, accepted=False)

    @rule(step=steps)
    def advance(self, step: int) -> None:
        self.clock.advance(step)

    @rule(offset=st.sampled_from([-1, 0, 1]))
    def advance_to_the_end(self, offset: int) -> None:
        # Random steps rarely end at the very microsecond at which a session ends.
        if self.record is not None:
            self.clock.now = max(self.now, self.record.expires_at_us + offset)

    @precondition(lambda self: self.rewound_us < 60 * SECOND)
    @rule(step=st.integers(0, 30 * SECOND))
    def rewind(self, step: int) -> None:
        self.rewound_us += step
        self.clock.advance(-step)

    @property
    def now(self) -> int:
        return self.clock.now

    @property
    def stores(self) -> tuple[SessionStore, SessionStore]:
        return self.memory, self.redis

    def on_both(self, ask: Callable[[SessionStore], Coroutine[object, object, T]]) -> list[T]:
        return [self.live.run(ask(store)) for store in self.stores]

    def saw(self, memory: int, redis: int) -> None:
        lives = self.oracle.lives
        seen = Seen(life=len(lives) - 1, writes=len(lives[-1].writes), versions=(memory, redis))
        self.versions.append(seen)

    def report(
        self,
        name: str,
        before: StoredSession | None,
        stored: tuple[object, ...],
        *,
        accepted: bool,
        extended: bool = False,
        over: Seen | None = None,
    ) -> None:
        untouched = stored == self.stored()
        after = self.agree()
        self.check(
            Step(
                name=name,
                before=before,
                after=after,
                accepted=accepted,
                extended=extended,
                over=over,
                untouched=untouched,
            )
        )

    def agree(self) -> StoredSession | None:
        """Check that both stores hold what the rules and the oracle say, and return it."""
        memory, redis = self.on_both(lambda store: store.read(KIND, USER))
        life = self.oracle.live(self.now)
        assert memory == self.known()
        assert (memory is None, redis is None) == (life is None, life is None)
        if memory is None or redis is None or life is None:
            return None
        assert (memory.version, redis.version) == self.versions[-1].versions
        for session in (memory, redis):
            held = (session.data, session.created_at_us, session.expires_at_us)
            assert held == (life.writes[-1], life.created, life.ends[-1])
        return memory

    def known(self) -> StoredSession | None:
        return session_rules.live(self.record, now_us=self.now)

    def stored(self) -> tuple[object, ...]:
        """Return the exact bytes in Redis and the moment of their expiry."""

        async def ask() -> tuple[object, ...]:
            execute = self.live.client.execute
            return await asyncio.gather(execute("DUMP", self.key), execute("PEXPIRETIME", self.key))

        return self.live.run(ask())
