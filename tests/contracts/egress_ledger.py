from collections.abc import Awaitable, Callable

import pytest

from gpcore.domain.egress import SLOT_US, WINDOW_SLOTS, EgressNews, EgressView
from gpcore.errors import PortUnavailableError
from gpcore.ports.egress_ledger import EgressLedger
from tests.settable_clock import SECOND, SettableClock

NOTHING = EgressNews()
Unplug = Callable[[], Awaitable[None]]


class EgressLedgerContract:
    """Subclasses give the fixtures ``ledger``, ``clock`` (that the ledger reads) and ``unplug``."""

    async def test_an_address_begins_without_any(self, ledger: EgressLedger) -> None:
        assert await ledger.tell(NOTHING) == EgressView(invalid=0, paused_us=0)

    async def test_the_count_holds_every_invalid_request_of_ten_minutes(
        self, ledger: EgressLedger, clock: SettableClock
    ) -> None:
        clock.now -= clock.now % SLOT_US
        counted = []
        for invalid in (3, 4):
            counted.append((await ledger.tell(EgressNews(invalid=invalid))).invalid)
            clock.advance(SLOT_US)
        clock.advance((WINDOW_SLOTS - 2) * SLOT_US)
        for _ in range(3):
            counted.append((await ledger.tell(NOTHING)).invalid)
            clock.advance(SLOT_US)
        counted.append((await ledger.tell(EgressNews(invalid=1))).invalid)

        assert counted == [3, 7, 7, 4, 0, 1]

    async def test_a_block_of_the_edge_holds_until_it_is_over(self, ledger: EgressLedger, clock: SettableClock) -> None:
        await ledger.tell(EgressNews(paused_us=60 * SECOND))
        clock.advance(20 * SECOND)
        left = await ledger.tell(EgressNews(paused_us=SECOND))
        clock.advance(40 * SECOND)

        assert left.paused_us == 40 * SECOND
        assert (await ledger.tell(NOTHING)).paused_us == 0

    async def test_a_ledger_that_is_down_says_so(self, ledger: EgressLedger, unplug: Unplug) -> None:
        await unplug()

        with pytest.raises(PortUnavailableError):
            await ledger.tell(NOTHING)
