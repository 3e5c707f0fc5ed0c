from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from gpcore.domain.claims import DONE_KEPT_US, ClaimResult, Completion, Progress, Verdict
from gpcore.errors import PortUnavailableError
from gpcore.ports.claim_store import ClaimStore
from tests.settable_clock import SECOND, SettableClock

ID = "1442123456789012345"
LEASE = 30 * SECOND

Unplug = Callable[[], Awaitable[None]]


async def claimed(
    store: ClaimStore,
    owner: str,
    *,
    claim_id: str = ID,
    lease_us: int = LEASE,
    max_attempts: int = 6,
    intent: Progress = Progress.NONE,
    ephemeral: bool = False,
) -> ClaimResult:
    """Claim with the usual bounds."""
    return await store.claim(
        claim_id, owner=owner, lease_us=lease_us, max_attempts=max_attempts, intent=intent, ephemeral=ephemeral
    )


class ClaimStoreContract:
    """Subclasses give the fixtures ``store``, ``clock`` (that the store reads) and ``unplug``."""

    async def test_at_most_one_owner_holds_a_live_lease(self, store: ClaimStore, clock: SettableClock) -> None:
        first = await claimed(store, "a")
        clock.advance(LEASE - 1)
        second = await claimed(store, "b")

        assert first.verdict is Verdict.CLAIMED
        assert (second.verdict, second.retry_after_us, second.ticket.fence) == (Verdict.BUSY, 1, 0)

    async def test_a_lapsed_lease_can_be_taken_over(self, store: ClaimStore, clock: SettableClock) -> None:
        await claimed(store, "a")
        clock.advance(LEASE)

        assert (await claimed(store, "b")).verdict is Verdict.CLAIMED

    async def test_the_fence_grows_by_one_with_every_claim(self, store: ClaimStore, clock: SettableClock) -> None:
        fences = []
        for owner in ("a", "b", "c"):
            fences.append((await claimed(store, owner)).ticket.fence)
            clock.advance(LEASE)

        assert fences == [1, 2, 3]

    async def test_done_stays_done_until_it_is_forgotten(self, store: ClaimStore, clock: SettableClock) -> None:
        ticket = (await claimed(store, "a")).ticket
        assert await store.complete(ticket) is Completion.OK

        clock.advance(DONE_KEPT_US - 1)
        assert (await claimed(store, "b")).verdict is Verdict.DONE
        clock.advance(1)
        forgotten = await claimed(store, "b")

        assert (forgotten.verdict, forgotten.ticket.fence, forgotten.attempts) == (Verdict.CLAIMED, 1, 1)

    async def test_a_stale_ticket_never_changes_anything(self, store: ClaimStore, clock: SettableClock) -> None:
        stale = (await claimed(store, "a")).ticket
        clock.advance(LEASE)
        live = (await claimed(store, "b")).ticket

        assert not await store.note(stale, Progress.ANSWERED)
        assert not await store.release(stale)
        assert await store.extend([stale], lease_us=LEASE) == [False]
        assert await store.complete(stale) is Completion.STALE
        # The owner is right but the fence is not: a ticket of an earlier claim.
        assert not await store.note(replace(live, fence=1), Progress.ANSWERED)

        clock.advance(LEASE)
        assert (await claimed(store, "c")).progress is Progress.NONE

    async def test_repeating_a_claim_returns_owned_with_the_same_answer(
        self, store: ClaimStore, clock: SettableClock
    ) -> None:
        first = await claimed(store, "a", intent=Progress.DEFERRING, ephemeral=True)
        clock.advance(SECOND)

        again = await claimed(store, "a", intent=Progress.DEFERRING, ephemeral=True)

        assert again == replace(first, verdict=Verdict.OWNED)
        assert first.progress is Progress.NONE

    async def test_repeating_a_claim_renews_the_lease(self, store: ClaimStore, clock: SettableClock) -> None:
        await claimed(store, "a")
        clock.advance(LEASE - 1)
        await claimed(store, "a")
        clock.advance(LEASE - 1)

        assert (await claimed(store, "b")).verdict is Verdict.BUSY

    async def test_the_intent_is_written_with_the_claim(self, store: ClaimStore, clock: SettableClock) -> None:
        await claimed(store, "a", intent=Progress.DEFERRING, ephemeral=True)
        clock.advance(LEASE)

        taken_over = await claimed(store, "b", intent=Progress.ANSWERING)

        assert (taken_over.progress, taken_over.ephemeral) == (Progress.DEFERRING, True)

    async def test_the_intent_does_not_replace_progress(self, store: ClaimStore, clock: SettableClock) -> None:
        ticket = (await claimed(store, "a")).ticket
        await store.note(ticket, Progress.DEFERRED, ephemeral=True)
        await store.release(ticket)
        await claimed(store, "b", intent=Progress.DEFERRING)
        clock.advance(LEASE)

        result = await claimed(store, "c")

        assert (result.progress, result.ephemeral) == (Progress.DEFERRED, True)

    @pytest.mark.parametrize("progress", list(Progress))
    async def test_progress_reaches_the_next_owner(
        self, store: ClaimStore, clock: SettableClock, progress: Progress
    ) -> None:
        ticket = (await claimed(store, "a")).ticket
        assert await store.note(ticket, progress)
        clock.advance(LEASE)

        assert (await claimed(store, "b")).progress is progress

    async def test_noting_progress_may_prolong_the_lease_and_never_shortens_it(
        self, store: ClaimStore, clock: SettableClock
    ) -> None:
        ticket = (await claimed(store, "a", lease_us=2 * SECOND)).ticket

        await store.note(ticket, Progress.DEFERRED, lease_us=LEASE)
        await store.note(ticket, Progress.DEFERRED, lease_us=1)
        await store.note(ticket, Progress.DEFERRED)
        clock.advance(LEASE - 1)

        assert (await claimed(store, "b")).retry_after_us == 1

    async def test_claiming_again_after_the_clock_stepped_back_forgets_nothing_earlier(
        self, store: ClaimStore, clock: SettableClock
    ) -> None:
        await claimed(store, "a")
        clock.advance(-60 * SECOND)
        ticket = (await claimed(store, "a")).ticket
        clock.advance(DONE_KEPT_US + 60 * SECOND - 1)

        # A microsecond before the first claim would be forgotten, the second is there.
        assert await store.complete(ticket) is Completion.OK

    async def test_answering_keeps_the_mark_of_an_ephemeral_defer(self, store: ClaimStore) -> None:
        ticket = (await claimed(store, "a")).ticket
        await store.note(ticket, Progress.DEFERRED, ephemeral=True)
        await store.note(ticket, Progress.ANSWERED)
        await store.release(ticket)

        assert (await claimed(store, "b")).ephemeral

    async def test_a_released_id_can_be_claimed_at_once(self, store: ClaimStore) -> None:
        ticket = (await claimed(store, "a")).ticket
        assert await store.release(ticket)

        result = await claimed(store, "b")

        assert (result.verdict, result.ticket.fence, result.attempts) == (Verdict.CLAIMED, 2, 2)

    async def test_an_attempt_given_back_does_not_count(self, store: ClaimStore) -> None:
        for owner in ("a", "b", "c"):
            result = await claimed(store, owner, max_attempts=1)
            assert (result.verdict, result.attempts) == (Verdict.CLAIMED, 1)
            await store.release(result.ticket, give_back_attempt=True)
            # A repetition after a lost reply gives it back only once.
            assert await store.release(result.ticket, give_back_attempt=True)

    async def test_used_up_attempts_are_told(self, store: ClaimStore, clock: SettableClock) -> None:
        for owner in ("a", "b"):
            await claimed(store, owner, max_attempts=2)
            clock.advance(LEASE)

        exhausted = await claimed(store, "c", max_attempts=2)

        assert (exhausted.verdict, exhausted.attempts) == (Verdict.EXHAUSTED, 2)

    async def test_completing_a_vanished_claim_recreates_it(self, store: ClaimStore, clock: SettableClock) -> None:
        ticket = (await claimed(store, "a")).ticket
        clock.advance(DONE_KEPT_US)

        assert await store.complete(ticket) is Completion.RECREATED
        assert (await claimed(store, "b")).verdict is Verdict.DONE

    async def test_completing_again_is_ok_and_completing_after_another_is_told(
        self, store: ClaimStore, clock: SettableClock
    ) -> None:
        slow = (await claimed(store, "a")).ticket
        clock.advance(LEASE)
        quick = (await claimed(store, "b")).ticket

        assert await store.complete(quick) is Completion.OK
        assert await store.complete(quick) is Completion.OK
        assert await store.complete(slow) is Completion.ALREADY

    async def test_only_the_last_ticket_completes_a_released_id(self, store: ClaimStore) -> None:
        first = (await claimed(store, "a")).ticket
        await store.release(first)
        last = (await claimed(store, "b")).ticket
        await store.release(last)

        assert await store.complete(first) is Completion.STALE
        assert await store.complete(last) is Completion.OK

    async def test_extending_prolongs_each_live_lease(self, store: ClaimStore, clock: SettableClock) -> None:
        mine = (await claimed(store, "a", claim_id="1")).ticket
        lost = (await claimed(store, "a", claim_id="2")).ticket
        await store.release(lost)
        clock.advance(LEASE - 1)

        assert await store.extend([mine, lost], lease_us=LEASE) == [True, False]
        clock.advance(LEASE - 1)

        assert (await claimed(store, "b", claim_id="1")).verdict is Verdict.BUSY
        assert await store.extend([], lease_us=LEASE) == []

    async def test_a_claim_is_not_forgotten_while_its_lease_runs(self, store: ClaimStore, clock: SettableClock) -> None:
        extended = (await claimed(store, "a", claim_id="1")).ticket
        await store.extend([extended], lease_us=DONE_KEPT_US + LEASE)
        await claimed(store, "a", claim_id="2", lease_us=DONE_KEPT_US + LEASE)
        clock.advance(DONE_KEPT_US + LEASE - 1)

        assert (await claimed(store, "b", claim_id="1")).verdict is Verdict.BUSY
        assert (await claimed(store, "b", claim_id="2")).verdict is Verdict.BUSY

    async def test_extending_never_shortens_a_lease(self, store: ClaimStore, clock: SettableClock) -> None:
        ticket = (await claimed(store, "a")).ticket
        await store.extend([ticket], lease_us=1)
        clock.advance(LEASE - 1)

        assert (await claimed(store, "b")).verdict is Verdict.BUSY

    @pytest.mark.parametrize(("owner", "lease_us", "max_attempts"), [("", 1, 1), ("a", 0, 1), ("a", 1, 0)])
    async def test_a_claim_that_means_nothing_is_refused(
        self, store: ClaimStore, owner: str, lease_us: int, max_attempts: int
    ) -> None:
        with pytest.raises(ValueError, match="a claim needs"):
            await claimed(store, owner, lease_us=lease_us, max_attempts=max_attempts)

    async def test_a_store_that_is_down_says_so(self, store: ClaimStore, unplug: Unplug) -> None:
        ticket = (await claimed(store, "a")).ticket
        await unplug()

        with pytest.raises(PortUnavailableError):
            await claimed(store, "b")
        with pytest.raises(PortUnavailableError):
            await store.note(ticket, Progress.ANSWERED)
        with pytest.raises(PortUnavailableError):
            await store.complete(ticket)
        with pytest.raises(PortUnavailableError):
            await store.release(ticket)
        with pytest.raises(PortUnavailableError):
            await store.extend([ticket], lease_us=LEASE)
