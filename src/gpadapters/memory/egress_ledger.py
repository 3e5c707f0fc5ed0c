"""What Discord holds against this process's address."""

from typing_extensions import override

from gpcore.domain import egress
from gpcore.domain.egress import EgressNews, EgressState, EgressView
from gpcore.errors import PortUnavailableError
from gpcore.ports.clock import Clock
from gpcore.ports.egress_ledger import EgressLedger


class InMemoryEgressLedger(EgressLedger):
    """Keeps one address's ledger for one process.

    Attributes:
        unavailable: Set it, and every call fails as if the store were down. For tests.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._state = EgressState()
        self.unavailable = False

    @override
    async def tell(self, news: EgressNews) -> EgressView:
        if self.unavailable:
            raise PortUnavailableError("the in-memory egress ledger was made unavailable")
        self._state, view = egress.tell(self._state, news, now_us=self._clock.now_us())
        return view
