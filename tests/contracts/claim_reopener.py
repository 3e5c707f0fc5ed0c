"""What every claim reopener promises; its claims are those of a claim store over the same state."""

import pytest

from gpcore.domain.claims import Completion, Progress, Reopening, Verdict
from gpcore.errors import PortUnavailableError
from gpcore.ports.claim_reopener import ClaimReopener
from gpcore.ports.claim_store import ClaimStore
from tests.contracts.claim_store import ID, LEASE, Unplug, claimed
from tests.settable_clock import SettableClock


class ClaimReopenerContract:
    """Subclasses give the fixtures ``store``, ``reopener``, ``clock`` (that both read) and ``unplug``."""

    async def test_used_up_attempts_are_forgotten_and_the_fence_is_kept(
        self, store: ClaimStore, reopener: ClaimReopener
    ) -> None:
        for owner in ("a", "b"):
            await store.release((await claimed(store, owner, max_attempts=2)).ticket)
        assert (await claimed(store, "c", max_attempts=2)).verdict is Verdict.EXHAUSTED

        assert await reopener.reopen(ID) is Reopening.REOPENED
        again = await claimed(store, "c", max_attempts=2)
        assert (again.verdict, again.attempts, again.ticket.fence) == (Verdict.CLAIMED, 1, 3)

    async def test_a_lapsed_lease_is_reopened(
        self, store: ClaimStore, reopener: ClaimReopener, clock: SettableClock
    ) -> None:
        await claimed(store, "a", max_attempts=1)
        clock.advance(LEASE)
        assert await reopener.reopen(ID) is Reopening.REOPENED
        assert (await claimed(store, "b", max_attempts=1)).verdict is Verdict.CLAIMED

    async def test_a_live_lease_stays_its_owners(
        self, store: ClaimStore, reopener: ClaimReopener, clock: SettableClock
    ) -> None:
        ticket = (await claimed(store, "a")).ticket
        clock.advance(LEASE - 1)
        assert await reopener.reopen(ID) is Reopening.BUSY
        assert (await claimed(store, "b")).verdict is Verdict.BUSY
        assert await store.complete(ticket) is Completion.OK

    async def test_done_stays_done(self, store: ClaimStore, reopener: ClaimReopener) -> None:
        await store.complete((await claimed(store, "a")).ticket)
        assert await reopener.reopen(ID) is Reopening.DONE
        assert (await claimed(store, "b")).verdict is Verdict.DONE

    async def test_what_is_not_known_stays_unknown(self, store: ClaimStore, reopener: ClaimReopener) -> None:
        assert await reopener.reopen(ID) is Reopening.ABSENT
        assert (await claimed(store, "a")).ticket.fence == 1

    async def test_again_changes_nothing_more(self, store: ClaimStore, reopener: ClaimReopener) -> None:
        ticket = (await claimed(store, "a")).ticket
        await store.note(ticket, Progress.DEFERRED, ephemeral=True)
        await store.release(ticket)
        assert [await reopener.reopen(ID) for _ in range(2)] == [Reopening.REOPENED] * 2
        again = await claimed(store, "b")
        assert (again.ticket.fence, again.progress, again.ephemeral) == (2, Progress.DEFERRED, True)

    async def test_reopening_without_the_store_says_so(self, reopener: ClaimReopener, unplug: Unplug) -> None:
        await unplug()
        with pytest.raises(PortUnavailableError):
            await reopener.reopen(ID)
