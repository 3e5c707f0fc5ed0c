"""Sessions as handlers use them."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpadapters.memory.session_store import InMemorySessionStore
from gpadapters.memory.telemetry import InMemoryTelemetry
from gpcore.application.sessions import Sessions
from gpcore.domain.sessions import LARGEST_SESSION, StoredSession
from gpcore.errors import SessionConflictError
from tests.unit.application.worlds import World

USER = "430305391411331087"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@pytest.fixture
def sessions(world: World) -> Sessions:
    return Sessions(world.sessions, USER, world.clock, InMemoryTelemetry())


async def test_a_session_lives_until_its_time_is_over(world: World, sessions: Sessions) -> None:
    await sessions.create("verify", {"step": 1}, ttl=60)

    await world.clock.advance(59.9)
    assert await sessions.get("verify") == {"step": 1}
    await world.clock.advance(0.1)
    assert await sessions.get("verify") is None


async def test_an_update_keeps_the_expiry_unless_it_is_given_one(world: World, sessions: Sessions) -> None:
    await sessions.create("verify", {"step": 1}, ttl=60)

    assert await sessions.update("verify", lambda value: {**value, "step": 2}) == {"step": 2}
    await world.clock.advance(50)
    assert await sessions.update("verify", lambda value: {**value, "name": "é"}, ttl=60) == {"step": 2, "name": "é"}
    await world.clock.advance(50)

    assert await sessions.get("verify") == {"step": 2, "name": "é"}


async def test_an_update_never_makes_a_session(sessions: Sessions) -> None:
    assert await sessions.update("verify", lambda value: {"step": 1}) is None
    assert await sessions.get("verify") is None


async def test_sessions_are_deleted_once(sessions: Sessions) -> None:
    await sessions.create("verify", {}, ttl=60)

    assert await sessions.delete("verify")
    assert not await sessions.delete("verify")


async def test_users_and_kinds_do_not_share_sessions(world: World, sessions: Sessions) -> None:
    await sessions.create("verify", {"step": 1}, ttl=60)

    assert await sessions.get("other") is None
    assert await Sessions(world.sessions, "1", world.clock, InMemoryTelemetry()).get("verify") is None


class Interleaved(InMemorySessionStore):
    """Lets others run between a read and its write."""

    async def read(self, kind: str, user_id: str) -> StoredSession | None:
        found = await super().read(kind, user_id)
        await asyncio.sleep(0)
        return found


async def test_no_concurrent_update_is_lost(world: World) -> None:
    sessions = Sessions(Interleaved(world.clock), USER, world.clock, InMemoryTelemetry())
    await sessions.create("count", {"n": 0}, ttl=60)

    updates = [asyncio.ensure_future(sessions.update("count", lambda value: {"n": value["n"] + 1})) for _ in range(4)]
    await world.clock.advance(1)

    assert all({"n": n} in [update.result() for update in updates] for n in (1, 2, 3, 4))
    assert await sessions.get("count") == {"n": 4}


class Overtaken(InMemorySessionStore):
    """Somebody else always writes first."""

    async def replace(
        self, kind: str, user_id: str, data: bytes, *, expected_version: int, extend_us: int | None = None
    ) -> StoredSession | None:
        await super().replace(kind, user_id, b"{}", expected_version=expected_version)
        return await super().replace(kind, user_id, data, expected_version=expected_version, extend_us=extend_us)


async def test_an_update_that_is_always_overtaken_gives_up(world: World) -> None:
    sessions = Sessions(Overtaken(world.clock), USER, world.clock, InMemoryTelemetry())
    await sessions.create("count", {"n": 0}, ttl=60)
    tries = []

    def change(value: dict[str, Any]) -> dict[str, Any]:
        tries.append(value)
        return {"n": 1}

    task = asyncio.ensure_future(sessions.update("count", change))
    await world.clock.advance(1)

    with pytest.raises(SessionConflictError, match="'count'"):
        task.result()
    assert len(tries) == 5
    assert await sessions.get("count") == {}


async def test_a_change_that_fails_changes_nothing(sessions: Sessions) -> None:
    await sessions.create("count", {"n": 0}, ttl=60)

    with pytest.raises(KeyError):
        await sessions.update("count", lambda value: {"n": value["missing"]})

    assert await sessions.get("count") == {"n": 0}


async def test_a_session_too_large_is_refused(sessions: Sessions) -> None:
    await sessions.create("big", {"n": 0}, ttl=60)

    with pytest.raises(ValueError, match="bytes"):
        await sessions.update("big", lambda value: {"n": "x" * LARGEST_SESSION})

    assert await sessions.get("big") == {"n": 0}


@pytest.mark.parametrize("data", [b"\xff\x00", b"nonsense", b"[1]", b"[" * LARGEST_SESSION, b""])
async def test_what_another_program_wrote_counts_as_missing(world: World, sessions: Sessions, data: bytes) -> None:
    await world.sessions.create("verify", USER, data, ttl_us=60_000_000)

    assert await sessions.get("verify") is None
    assert await sessions.update("verify", lambda value: value) is None


@pytest.mark.property
@given(value=st.dictionaries(st.text(st.characters()), JSON, max_size=3))
async def test_every_json_object_comes_back_as_it_was(value: dict[str, Any]) -> None:
    world = World()
    sessions = Sessions(world.sessions, USER, world.clock, InMemoryTelemetry())

    await sessions.create("any", value, ttl=60)

    assert await sessions.get("any") == value


async def test_a_text_that_no_encoding_can_hold_is_kept_all_the_same(sessions: Sessions) -> None:
    await sessions.create("odd", {"text": "\ud800"}, ttl=60)

    assert await sessions.get("odd") == {"text": "\ud800"}
