from collections.abc import Awaitable, Callable

import pytest

from gpcore.domain.sessions import LARGEST_SESSION
from gpcore.errors import PortUnavailableError
from gpcore.ports.session_store import SessionStore
from tests.settable_clock import SECOND, SettableClock

TTL = 600 * SECOND

Unplug = Callable[[], Awaitable[None]]


class SessionStoreContract:
    """Subclasses give the fixtures ``store``, ``clock`` (that the store reads) and ``unplug``."""

    async def test_gives_back_what_was_kept(self, store: SessionStore, clock: SettableClock) -> None:
        data = bytes(range(256))
        session = await store.create("form", "1", data, ttl_us=TTL)

        assert await store.read("form", "1") == session
        assert session.data == data
        assert (session.created_at_us, session.expires_at_us) == (clock.now_us(), clock.now_us() + TTL)

    async def test_a_session_is_gone_at_exactly_its_end(self, store: SessionStore, clock: SettableClock) -> None:
        await store.create("form", "1", b"", ttl_us=TTL)

        clock.advance(TTL - 1)
        assert await store.read("form", "1") is not None
        clock.advance(1)

        assert await store.read("form", "1") is None
        assert not await store.delete("form", "1")

    async def test_a_write_goes_only_over_the_version_it_was_given(self, store: SessionStore) -> None:
        session = await store.create("form", "1", b"one", ttl_us=TTL)

        second = await store.replace("form", "1", b"two", expected_version=session.version)
        lost = await store.replace("form", "1", b"three", expected_version=session.version)

        assert second is not None
        assert second.version == session.version + 1
        assert lost is None
        assert await store.read("form", "1") == second

    async def test_a_write_never_prolongs_a_session_unless_asked(
        self, store: SessionStore, clock: SettableClock
    ) -> None:
        session = await store.create("form", "1", b"", ttl_us=TTL)
        clock.advance(SECOND)

        kept = await store.replace("form", "1", b"", expected_version=session.version)
        assert kept is not None
        assert kept.expires_at_us == session.expires_at_us
        extended = await store.replace("form", "1", b"", expected_version=kept.version, extend_us=TTL)

        assert extended is not None
        assert extended.expires_at_us == clock.now_us() + TTL
        assert extended.created_at_us == session.created_at_us

    async def test_a_write_never_revives_a_session_that_is_gone(
        self, store: SessionStore, clock: SettableClock
    ) -> None:
        expired = await store.create("form", "1", b"", ttl_us=TTL)
        clock.advance(TTL)
        ended = await store.create("form", "2", b"", ttl_us=TTL)
        await store.delete("form", "2")

        assert await store.replace("form", "1", b"", expected_version=expired.version, extend_us=TTL) is None
        assert await store.replace("form", "2", b"", expected_version=ended.version, extend_us=TTL) is None
        assert await store.read("form", "1") is None
        assert await store.read("form", "2") is None

    async def test_a_new_session_does_not_start_at_an_old_version(self, store: SessionStore) -> None:
        versions = {(await store.create("form", "1", b"", ttl_us=TTL)).version for _ in range(5)}

        assert len(versions) == 5

    async def test_a_session_too_large_is_refused_and_the_stored_one_stays(self, store: SessionStore) -> None:
        too_large = bytes(LARGEST_SESSION + 1)
        session = await store.create("form", "1", bytes(LARGEST_SESSION), ttl_us=TTL)

        with pytest.raises(ValueError, match="at most"):
            await store.create("form", "1", too_large, ttl_us=TTL)
        with pytest.raises(ValueError, match="at most"):
            await store.replace("form", "1", too_large, expected_version=session.version)

        assert await store.read("form", "1") == session

    async def test_a_session_that_would_not_live_is_refused(self, store: SessionStore) -> None:
        with pytest.raises(ValueError, match="cannot live"):
            await store.create("form", "1", b"", ttl_us=0)
        session = await store.create("form", "1", b"", ttl_us=TTL)
        with pytest.raises(ValueError, match="cannot live"):
            await store.replace("form", "1", b"", expected_version=session.version, extend_us=0)

        assert await store.read("form", "1") == session

    async def test_the_value_of_one_user_is_never_visible_under_another_key(self, store: SessionStore) -> None:
        await store.create("a:b", "c", b"mine", ttl_us=TTL)

        assert await store.read("a", "b:c") is None
        assert await store.read("a:b", "d") is None
        assert await store.read("a%3Ab", "c") is None

    async def test_deleting_ends_a_session_once(self, store: SessionStore) -> None:
        await store.create("form", "1", b"", ttl_us=TTL)

        assert await store.delete("form", "1")
        assert not await store.delete("form", "1")
        assert await store.read("form", "1") is None

    async def test_a_store_that_is_down_says_so(self, store: SessionStore, unplug: Unplug) -> None:
        await unplug()

        with pytest.raises(PortUnavailableError):
            await store.create("form", "1", b"", ttl_us=TTL)
        with pytest.raises(PortUnavailableError):
            await store.read("form", "1")
        with pytest.raises(PortUnavailableError):
            await store.replace("form", "1", b"", expected_version=1)
        with pytest.raises(PortUnavailableError):
            await store.delete("form", "1")
