"""What is promised of sessions, each promise by its name: S1 to S10."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from typing_extensions import override

from gpadapters.memory.clock import VirtualClock
from gpadapters.memory.session_store import InMemorySessionStore
from gpadapters.memory.telemetry import InMemoryTelemetry
from gpadapters.redis.session_store import RedisSessionStore
from gpcore.application.sessions import Json, Sessions
from gpcore.domain.keys import session_key
from gpcore.domain.sessions import LARGEST_SESSION
from gpcore.errors import SessionConflictError
from gpcore.ports.session_store import SessionStore
from tests.property.interfering import Interfering
from tests.property.live_redis import LiveRedis
from tests.property.pure_sessions import PureSessions
from tests.property.sessions_machine import KIND, TTL_US, USER, SessionsMachine, Step
from tests.property.trials import put_to_the_test
from tests.settable_clock import SettableClock

pytestmark = [pytest.mark.property, pytest.mark.integration]

GARBAGE_MS = 60_000
LONGEST_UPDATE = 5 * 0.05

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(alphabet=st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
json_objects = st.dictionaries(st.text(max_size=10), json_values, max_size=6)
hostile = st.text(alphabet=":{}%3A ab\ud800", max_size=5)


def every_store(live: LiveRedis) -> Iterator[SessionStore]:
    yield PureSessions(SettableClock())
    yield InMemorySessionStore(SettableClock())
    yield RedisSessionStore(live.client, live.fresh_prefix())


class Counting(RuleBasedStateMachine):
    """Four clerks that each read a number and, some time later, write the next one."""

    def __init__(self, live: LiveRedis) -> None:
        super().__init__()
        self.live = live
        self.stores = list(every_store(live))
        self.written = [0 for _ in self.stores]
        self.read: dict[int, list[tuple[int, int]]] = {}
        for store in self.stores:
            live.run(store.create(KIND, USER, b"0", ttl_us=TTL_US))

    @rule(clerk=st.integers(0, 3))
    def look(self, clerk: int) -> None:
        self.read[clerk] = [self.found(store) for store in self.stores]

    @rule(clerk=st.integers(0, 3))
    def write(self, clerk: int) -> None:
        for number, (store, (version, value)) in enumerate(zip(self.stores, self.read.get(clerk, []), strict=False)):
            data = str(value + 1).encode()
            after = self.live.run(store.replace(KIND, USER, data, expected_version=version))
            self.written[number] += after is not None

    @invariant()
    def every_write_counts(self) -> None:
        assert [self.found(store)[1] for store in self.stores] == self.written

    def found(self, store: SessionStore) -> tuple[int, int]:
        session = self.live.run(store.read(KIND, USER))
        assert session is not None
        return session.version, int(session.data)


def test_s1_no_update_is_lost_however_reads_and_writes_interleave(live_redis: LiveRedis) -> None:
    class Machine(Counting):
        def __init__(self) -> None:
            super().__init__(live_redis)

    run_state_machine_as_test(Machine)


@given(tasks=st.integers(2, 12))
def test_s1_no_update_of_handlers_at_once_is_lost(live_redis: LiveRedis, tasks: int) -> None:
    async def count(store: SessionStore) -> None:
        clock = VirtualClock()
        sessions = Sessions(store, USER, clock, InMemoryTelemetry())
        await sessions.create(KIND, {"n": 0}, ttl=600)

        async def increment() -> bool:
            with suppress(SessionConflictError):
                await sessions.update(KIND, lambda value: {"n": value["n"] + 1})
                return True
            return False

        running = [asyncio.ensure_future(increment()) for _ in range(tasks)]
        while not all(task.done() for task in running):
            await clock.advance(LONGEST_UPDATE)
        assert await sessions.get(KIND) == {"n": sum(task.result() for task in running)}

    for store in every_store(live_redis):
        live_redis.run(count(store))


class Lifetime(SessionsMachine):
    @override
    def check(self, step: Step) -> None:
        if step.name == "replace" and step.before is not None and step.after is not None and not step.extended:
            assert step.after.expires_at_us == step.before.expires_at_us
            self.seen["kept"] += 1
        lifetime = self.live.remaining_ms(self.key)
        most = (TTL_US + self.rewound_us) // 1000 + GARBAGE_MS + 2
        assert lifetime == -2 or 0 < lifetime <= most
        if step.after is not None:
            assert lifetime >= (step.after.expires_at_us - self.now - self.rewound_us) // 1000


def test_s2_a_write_never_prolongs_a_session_unless_asked(live_redis: LiveRedis) -> None:
    put_to_the_test(Lifetime, live_redis, "kept")


class Gone(SessionsMachine):
    @override
    def check(self, step: Step) -> None:
        if step.name == "replace" and step.before is None:
            assert not step.accepted
            assert step.after is None
            assert step.untouched
            self.seen["gone"] += 1


def test_s3_a_write_never_revives_a_session_that_is_gone(live_redis: LiveRedis) -> None:
    put_to_the_test(Gone, live_redis, "gone")


class Versions(SessionsMachine):
    @override
    def check(self, step: Step) -> None:
        if step.name != "replace" or step.over is None:
            return
        if step.accepted:
            assert step.before is not None
            assert step.after is not None
            assert step.after.version == step.before.version + 1 == step.over.versions[0] + 1
            self.seen["next"] += 1
        elif step.before is not None:
            assert step.untouched
            assert step.after == step.before
            self.seen["conflict"] += 1


def test_s4_every_write_makes_the_very_next_version(live_redis: LiveRedis) -> None:
    put_to_the_test(Versions, live_redis, "next", "conflict")


class TooLarge(SessionsMachine):
    @override
    def check(self, step: Step) -> None:
        if step.name == "too large":
            assert step.untouched
            assert step.after == step.before
            self.seen["over a session" if step.before else "over nothing"] += 1


def test_s5_what_is_too_large_leaves_everything_as_it_was(live_redis: LiveRedis) -> None:
    put_to_the_test(TooLarge, live_redis, "over a session", "over nothing")


@given(value=json_objects, conflicts=st.integers(0, 4))
def test_s6_a_change_that_raises_leaves_the_session_as_it_was(
    live_redis: LiveRedis, value: Json, conflicts: int
) -> None:
    async def check(store: SessionStore) -> None:
        clock = VirtualClock()
        sessions, other = (
            Sessions(store, USER, clock, InMemoryTelemetry()),
            Sessions(store, USER, clock, InMemoryTelemetry()),
        )
        await sessions.create(KIND, value, ttl=600)
        written = [await store.read(KIND, USER)]
        tries = 0

        def change(found: Json) -> Json:
            nonlocal tries
            tries += 1
            if tries > conflicts:
                raise ZeroDivisionError
            return {**found, "": tries}

        async def interfere() -> None:
            await other.update(KIND, lambda found: found)
            written.append(await store.read(KIND, USER))

        # So often somebody else writes between its reading and its writing; then it raises.
        interrupted = Sessions(Interfering(store, interfere), USER, clock, InMemoryTelemetry())
        task = asyncio.ensure_future(interrupted.update(KIND, change))
        while not task.done():
            await clock.advance(LONGEST_UPDATE)
        assert isinstance(task.exception(), ZeroDivisionError)
        assert tries == conflicts + 1
        assert await store.read(KIND, USER) == written[-1]

    for store in every_store(live_redis):
        live_redis.run(check(store))


class Lives(SessionsMachine):
    @override
    def check(self, step: Step) -> None:
        if step.name != "replace" or step.over is None or step.over.life == len(self.oracle.lives) - 1:
            return
        assert not step.accepted
        assert step.untouched
        self.seen["deleted" if self.oracle.lives[step.over.life].deleted else "replaced"] += 1


def test_s7_a_version_of_an_earlier_session_never_fits_a_later_one(live_redis: LiveRedis) -> None:
    put_to_the_test(Lives, live_redis, "deleted", "replaced")


@given(value=json_objects)
@example(value={"\ud800": "\udfff\x00", "": [], "n": -(10**300), "f": -0.0, "e": 5e-324})
def test_s8_every_json_object_comes_back_as_it_was(live_redis: LiveRedis, value: Json) -> None:
    async def round_trip(store: SessionStore) -> None:
        sessions = Sessions(store, USER, VirtualClock(), InMemoryTelemetry())
        await sessions.create(KIND, value, ttl=600)
        assert repr(await sessions.get(KIND)) == repr(value)
        assert await sessions.update(KIND, lambda found: found) == value

    for store in every_store(live_redis):
        live_redis.run(round_trip(store))


@given(data=st.binary(max_size=100) | json_values.map(lambda value: repr(value).encode(errors="surrogatepass")))
@example(data=b"[" * 10_000)
@example(data=b'{"n":' + b"1" * 5_000 + b"}")
def test_s8_what_nobody_can_read_counts_as_missing(live_redis: LiveRedis, data: bytes) -> None:
    async def read(store: SessionStore) -> None:
        await store.create(KIND, USER, data[:LARGEST_SESSION], ttl_us=TTL_US)
        sessions = Sessions(store, USER, VirtualClock(), InMemoryTelemetry())
        found = await sessions.get(KIND)
        assert found is None or isinstance(found, dict)
        assert (await sessions.update(KIND, lambda value: value) is None) == (found is None)

    for store in every_store(live_redis):
        live_redis.run(read(store))


def test_s9_rules_memory_lua_and_an_oracle_agree(live_redis: LiveRedis) -> None:
    class Agreement(SessionsMachine):
        @override
        def check(self, step: Step) -> None:
            self.seen[step.name] += step.accepted

        @invariant()
        def all_hold_the_same(self) -> None:
            self.agree()

    put_to_the_test(Agreement, live_redis, "create", "replace", "delete")


@given(one=st.tuples(hostile, hostile), other=st.tuples(hostile, hostile), data=st.binary(max_size=20))
@example(one=("a:b", "c"), other=("a", "b:c"), data=b"mine")
@example(one=("a", "%3A"), other=("a", ":"), data=b"mine")
def test_s10_nobody_sees_or_changes_the_session_of_another(
    live_redis: LiveRedis, one: tuple[str, str], other: tuple[str, str], data: bytes
) -> None:
    assume(one != other)
    assert session_key(*one) != session_key(*other)

    async def keep_apart(store: SessionStore) -> None:
        mine = await store.create(*one, data, ttl_us=TTL_US)
        assert await store.read(*other) is None
        assert await store.replace(*other, b"", expected_version=mine.version) is None
        assert not await store.delete(*other)
        theirs = await store.create(*other, b"theirs", ttl_us=TTL_US)
        assert await store.read(*one) == mine
        assert await store.delete(*one)
        assert await store.read(*other) == theirs

    for store in every_store(live_redis):
        live_redis.run(keep_apart(store))
