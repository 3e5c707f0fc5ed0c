import pytest

from gpadapters.memory.admission_store import InMemoryAdmissionStore
from tests.contracts.admission_store import AdmissionStoreContract, Unplug
from tests.settable_clock import SettableClock


class TestInMemoryAdmissionStore(AdmissionStoreContract):
    @pytest.fixture
    def clock(self) -> SettableClock:
        return SettableClock()

    @pytest.fixture
    def store(self, clock: SettableClock) -> InMemoryAdmissionStore:
        return InMemoryAdmissionStore(clock)

    @pytest.fixture
    def unplug(self, store: InMemoryAdmissionStore) -> Unplug:
        async def set_unavailable() -> None:
            store.unavailable = True

        return set_unavailable
