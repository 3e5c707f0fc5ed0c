from collections.abc import Awaitable, Callable
from itertools import count

import pytest

from gpcore.domain.hearing import BARRED_US, RESET_MARGIN_US, TOKEN_REFUSED_US
from gpcore.domain.request_pacing import MOST_PER_SECOND, Ask, Heard, Permit, Scope, Target, Verdict, Window
from gpcore.domain.reserving import LEASE_US
from gpcore.errors import PortUnavailableError
from gpcore.ports.request_limiter import RequestLimiter
from tests.settable_clock import SECOND, SettableClock

CHANNEL = Target(route="POST /channels/{channel_id}/messages", major="1", resource="r1", token="t1")
OTHER = Target(route=CHANNEL.route, major="2", resource="r2", token="t1")

Unplug = Callable[[], Awaitable[None]]
_nonces = count(1)


def an_ask(target: Target = CHANNEL, *, nonce: str | None = None, patience: int = 60 * SECOND) -> Ask:
    return Ask(target=target, nonce=nonce or f"n{next(_nonces)}", patience_us=patience)


def a_window(remaining: int, *, ends_ms: int = 5_000, limit: int = 3, after: int = 2 * SECOND) -> Window:
    return Window(bucket="b", limit=limit, remaining=remaining, reset_after_us=after, ends_ms=ends_ms)


def heard(
    ask: Ask, status: int = 200, window: Window | None = None, *, scope: Scope = Scope.NONE, wait: int = 0
) -> Heard:
    return Heard(
        target=ask.target, nonce=ask.nonce, status=status, window=window, scope=scope, retry_after_us=wait, code=7
    )


def unlike(place: int) -> Target:
    return Target(route=CHANNEL.route, major=f"m{place}", resource=f"r{place}", token="t1")


class RequestLimiterContract:
    """Subclasses give the fixtures ``limiter``, ``clock`` (that the limiter reads) and ``unplug``."""

    async def went(self, limiter: RequestLimiter, target: Target = CHANNEL) -> Ask:
        ask = an_ask(target)
        assert (await limiter.reserve(ask)).verdict is Verdict.GO
        return ask

    async def learned(self, limiter: RequestLimiter, window: Window, target: Target = CHANNEL) -> None:
        await limiter.report(heard(await self.went(limiter, target), window=window))

    async def verdicts(self, limiter: RequestLimiter, *targets: Target) -> list[Verdict]:
        return [(await limiter.reserve(an_ask(target))).verdict for target in targets]

    async def test_no_more_than_the_global_limit_goes_in_any_second(
        self, limiter: RequestLimiter, clock: SettableClock
    ) -> None:
        first = await self.verdicts(limiter, *(unlike(place) for place in range(MOST_PER_SECOND)))
        refused = await limiter.reserve(an_ask())
        clock.advance(SECOND)

        assert set(first) == {Verdict.GO}
        assert (refused.verdict, refused.wait_us) == (Verdict.WAIT, SECOND)
        assert (await limiter.reserve(an_ask())).verdict is Verdict.GO

    async def test_of_an_unknown_bucket_one_request_is_in_flight_at_a_time(self, limiter: RequestLimiter) -> None:
        probe = await self.went(limiter)
        second, elsewhere = await self.verdicts(limiter, CHANNEL, OTHER)
        await limiter.report(heard(probe))

        assert (second, elsewhere) == (Verdict.WAIT, Verdict.GO)
        assert await self.verdicts(limiter, CHANNEL) == [Verdict.GO]

    async def test_of_a_known_bucket_no_more_leave_than_are_left(
        self, limiter: RequestLimiter, clock: SettableClock
    ) -> None:
        await self.learned(limiter, a_window(2))

        permits = [await limiter.reserve(an_ask()) for _ in range(3)]
        clock.advance(2 * SECOND + 4_999)
        early = await limiter.reserve(an_ask())
        clock.advance(1)

        assert [permit.verdict for permit in permits] == [Verdict.GO, Verdict.GO, Verdict.WAIT]
        assert early.verdict is Verdict.WAIT
        assert await self.verdicts(limiter, CHANNEL, CHANNEL) == [Verdict.GO, Verdict.WAIT]

    async def test_answers_that_overtake_each_other_never_give_more(
        self, limiter: RequestLimiter, clock: SettableClock
    ) -> None:
        await self.learned(limiter, a_window(2))
        late, later = await self.went(limiter), await self.went(limiter)
        clock.advance(SECOND)

        await limiter.report(heard(later, window=a_window(0, after=SECOND)))
        await limiter.report(heard(late, window=a_window(1, after=SECOND)))

        assert await self.verdicts(limiter, CHANNEL) == [Verdict.WAIT]

    async def test_an_answer_about_an_older_window_says_nothing(
        self, limiter: RequestLimiter, clock: SettableClock
    ) -> None:
        await self.learned(limiter, a_window(2))
        late = await self.went(limiter)
        clock.advance(3 * SECOND)
        await self.learned(limiter, a_window(1, ends_ms=8_000))

        await limiter.report(heard(late, window=a_window(2)))
        await limiter.report(heard(an_ask(), window=a_window(3)))

        assert await self.verdicts(limiter, CHANNEL, CHANNEL) == [Verdict.GO, Verdict.WAIT]

    async def test_a_request_without_an_answer_counts(self, limiter: RequestLimiter) -> None:
        await self.learned(limiter, a_window(1))

        await limiter.report(heard(await self.went(limiter), 0))

        assert await self.verdicts(limiter, CHANNEL) == [Verdict.WAIT]

    async def test_a_request_without_an_answer_frees_nobody_elses_place(self, limiter: RequestLimiter) -> None:
        await self.learned(limiter, a_window(2))
        lost = await self.went(limiter)
        await self.went(limiter)

        await limiter.report(heard(lost, 0))

        assert await self.verdicts(limiter, CHANNEL) == [Verdict.WAIT]

    async def test_a_request_without_an_answer_counts_for_the_longest_window_that_was_told(
        self, limiter: RequestLimiter, clock: SettableClock
    ) -> None:
        await self.learned(limiter, a_window(0, limit=1))
        clock.advance(2 * SECOND + RESET_MARGIN_US)
        await self.learned(limiter, a_window(0, limit=1, ends_ms=8_000, after=SECOND))
        clock.advance(SECOND + RESET_MARGIN_US)

        await limiter.report(heard(await self.went(limiter), 0))
        clock.advance(3 * SECOND // 2)
        early = await self.verdicts(limiter, CHANNEL)
        clock.advance(SECOND // 2 + RESET_MARGIN_US)

        assert (early, await self.verdicts(limiter, CHANNEL)) == ([Verdict.WAIT], [Verdict.GO])

    async def test_a_429_of_a_bucket_without_a_name_holds_when_it_has_got_one(self, limiter: RequestLimiter) -> None:
        await limiter.report(heard(await self.went(limiter), 429, scope=Scope.USER, wait=9 * SECOND))

        await self.learned(limiter, a_window(2), OTHER)

        assert await self.verdicts(limiter, CHANNEL, OTHER) == [Verdict.WAIT, Verdict.GO]

    @pytest.mark.parametrize("scope", [Scope.USER, Scope.SHARED])
    async def test_a_429_holds_its_bucket_and_major_parameter_alone(
        self, limiter: RequestLimiter, clock: SettableClock, scope: Scope
    ) -> None:
        await self.learned(limiter, a_window(2))
        await limiter.report(heard(await self.went(limiter), 429, scope=scope, wait=9 * SECOND))

        held, free = await limiter.reserve(an_ask()), await limiter.reserve(an_ask(OTHER))
        clock.advance(9 * SECOND)

        assert (held.verdict, held.wait_us) == (Verdict.WAIT, 9 * SECOND)
        assert free.verdict is Verdict.GO
        assert await self.verdicts(limiter, CHANNEL) == [Verdict.GO]

    async def test_a_global_429_holds_every_request(self, limiter: RequestLimiter, clock: SettableClock) -> None:
        await limiter.report(heard(await self.went(limiter), 429, scope=Scope.GLOBAL, wait=9 * SECOND))

        held = await limiter.reserve(an_ask(OTHER))
        clock.advance(9 * SECOND)

        assert (held.verdict, held.wait_us) == (Verdict.WAIT, 9 * SECOND)
        assert await self.verdicts(limiter, OTHER) == [Verdict.GO]

    async def test_a_refused_token_stops_that_token_for_an_hour(
        self, limiter: RequestLimiter, clock: SettableClock
    ) -> None:
        await limiter.report(heard(await self.went(limiter), 401))

        refused = await limiter.reserve(an_ask(OTHER))
        renewed = await limiter.reserve(an_ask(Target(route="GET /", major="", resource="r", token="t2")))
        clock.advance(TOKEN_REFUSED_US)

        assert (refused.verdict, refused.wait_us) == (Verdict.TOKEN_REFUSED, TOKEN_REFUSED_US)
        assert renewed.verdict is Verdict.GO
        assert await self.verdicts(limiter, OTHER) == [Verdict.GO]

    async def test_what_was_forbidden_is_not_asked_for_a_minute(
        self, limiter: RequestLimiter, clock: SettableClock
    ) -> None:
        await limiter.report(heard(await self.went(limiter), 403))
        another = Target(route=CHANNEL.route, major=CHANNEL.major, resource="another", token="t1")

        refused, free = await limiter.reserve(an_ask()), await limiter.reserve(an_ask(another))
        clock.advance(BARRED_US)

        assert (refused.verdict, refused.wait_us, refused.code) == (Verdict.FORBIDDEN, BARRED_US, 7)
        assert free.verdict is Verdict.GO

    async def test_a_wait_is_never_longer_than_the_callers_patience(self, limiter: RequestLimiter) -> None:
        await self.learned(limiter, a_window(0))
        wait = (await limiter.reserve(an_ask())).wait_us

        just, short = an_ask(patience=wait), an_ask(patience=wait - 1)

        assert (await limiter.reserve(just)).verdict is Verdict.WAIT
        assert (await limiter.reserve(short)).verdict is Verdict.BUSY

    async def test_asking_and_reporting_again_changes_nothing(
        self, limiter: RequestLimiter, clock: SettableClock
    ) -> None:
        await self.learned(limiter, a_window(2))
        ask = await self.went(limiter)
        again = [await limiter.reserve(ask) for _ in range(3)]
        lost, throttled = heard(ask, 0), heard(ask, 429, scope=Scope.GLOBAL, wait=60 * SECOND)
        for report in (lost, lost, throttled):
            await limiter.report(report)

        assert {permit.verdict for permit in again} == {Verdict.GO}
        assert await self.verdicts(limiter, CHANNEL, CHANNEL) == [Verdict.GO, Verdict.WAIT]

    async def test_a_request_that_is_never_reported_is_forgotten(
        self, limiter: RequestLimiter, clock: SettableClock
    ) -> None:
        await self.went(limiter)

        clock.advance(LEASE_US - 1)
        early = await self.verdicts(limiter, CHANNEL)
        clock.advance(1)

        assert early == [Verdict.WAIT]
        assert await self.verdicts(limiter, CHANNEL) == [Verdict.GO]

    async def test_time_is_the_stores_own(self, limiter: RequestLimiter, clock: SettableClock) -> None:
        permit: Permit = await limiter.reserve(an_ask())

        assert permit.now_us == clock.now_us()

    async def test_a_limiter_that_is_down_says_so(self, limiter: RequestLimiter, unplug: Unplug) -> None:
        await unplug()

        with pytest.raises(PortUnavailableError):
            await limiter.reserve(an_ask())
        with pytest.raises(PortUnavailableError):
            await limiter.report(heard(an_ask()))
