"""Sessions as handlers use them."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcore.application.sessions import Sessions
from gpcore.domain.sessions import LARGEST_SESSION
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
    return Sessions(world.sessions, USER, world.clock)


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
    assert await Sessions(world.sessions, "1", world.clock).get("verify") is None


async def test_no_concurrent_update_is_lost(world: World, sessions: Sessions) -> None:
    await sessions.create("count", {"n": 0}, ttl=60)

    def overtaken(value: dict[str, Any]) -> dict[str, Any]:
        nonlocal races
        if races:
            races -= 1
            asyncio.ensure_future(sessions.update("count", lambda inner: {"n": inner["n"] + 1}))  # noqa: RUF006 - it ends in this test
        return {"n": value["n"] + 1}

    races = 3
    other = asyncio.ensure_future(sessions.update("count", overtaken))
    await world.clock.advance(1)

    assert await other is not None
    assert await sessions.get("count") == {"n": 4}


async def test_an_update_that_is_always_overtaken_gives_up(world: World, sessions: Sessions) -> None:
    await sessions.create("count", {"n": 0}, ttl=60)

    class Overtaken(type(world.sessions)):  # type: ignore[misc]  # the twin, whose writes always come too late
        async def replace(self, *args: object, **kwargs: object) -> None:
            return None

    overtaken = Overtaken(world.clock)
    overtaken._sessions = world.sessions._sessions
    task = asyncio.ensure_future(Sessions(overtaken, USER, world.clock).update("count", lambda value: value))
    await world.clock.advance(1)

    with pytest.raises(SessionConflictError, match="'count'"):
        task.result()
    assert await sessions.get("count") == {"n": 0}


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
    sessions = Sessions(world.sessions, USER, world.clock)

    await sessions.create("any", value, ttl=60)

    assert await sessions.get("any") == value


async def test_a_text_that_no_encoding_can_hold_is_kept_all_the_same(sessions: Sessions) -> None:
    await sessions.create("odd", {"text": "\ud800"}, ttl=60)

    assert await sessions.get("odd") == {"text": "\ud800"}
