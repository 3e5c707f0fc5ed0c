import pytest

from gpadapters.memory.claim_store import InMemoryClaimStore
from tests.contracts.claim_reopener import ClaimReopenerContract
from tests.contracts.claim_store import ClaimStoreContract, Unplug
from tests.settable_clock import SettableClock


class TestInMemoryClaimStore(ClaimStoreContract, ClaimReopenerContract):
    @pytest.fixture
    def clock(self) -> SettableClock:
        return SettableClock()

    @pytest.fixture
    def store(self, clock: SettableClock) -> InMemoryClaimStore:
        return InMemoryClaimStore(clock)

    @pytest.fixture
    def reopener(self, store: InMemoryClaimStore) -> InMemoryClaimStore:
        return store

    @pytest.fixture
    def unplug(self, store: InMemoryClaimStore) -> Unplug:
        async def set_unavailable() -> None:
            store.unavailable = True

        return set_unavailable
