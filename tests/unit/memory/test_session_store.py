import pytest

from gpadapters.memory.session_store import InMemorySessionStore
from tests.contracts.session_store import SessionStoreContract, Unplug
from tests.settable_clock import SettableClock


class TestInMemorySessionStore(SessionStoreContract):
    @pytest.fixture
    def clock(self) -> SettableClock:
        return SettableClock()

    @pytest.fixture
    def store(self, clock: SettableClock) -> InMemorySessionStore:
        return InMemorySessionStore(clock)

    @pytest.fixture
    def unplug(self, store: InMemorySessionStore) -> Unplug:
        async def set_unavailable() -> None:
            store.unavailable = True

        return set_unavailable
