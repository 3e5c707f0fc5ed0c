import pytest

from gpadapters.memory.egress_ledger import InMemoryEgressLedger
from tests.contracts.egress_ledger import EgressLedgerContract, Unplug
from tests.settable_clock import SettableClock


class TestInMemoryEgressLedger(EgressLedgerContract):
    @pytest.fixture
    def clock(self) -> SettableClock:
        return SettableClock()

    @pytest.fixture
    def ledger(self, clock: SettableClock) -> InMemoryEgressLedger:
        return InMemoryEgressLedger(clock)

    @pytest.fixture
    def unplug(self, ledger: InMemoryEgressLedger) -> Unplug:
        async def set_unavailable() -> None:
            ledger.unavailable = True

        return set_unavailable
