"""The server forgets its scripts between any two calls (a restart, a failover, ``SCRIPT FLUSH``): P23."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpadapters.redis.admission_store import RedisAdmissionStore
from gpadapters.redis.claim_store import RedisClaimStore
from gpadapters.redis.session_store import RedisSessionStore
from gpcore.domain.claims import Progress, Ticket
from gpcore.domain.limit_rules import CooldownRule, Rule, WindowRule
from tests.property.live_redis import LiveRedis
from tests.settable_clock import SECOND, SettableClock

pytestmark = [pytest.mark.property, pytest.mark.integration]

RULES: list[Rule] = [
    WindowRule(key="rl:x", limit=2, window_us=10 * SECOND),
    CooldownRule(key="cd:x", duration_us=SECOND),
]
TICKET = Ticket(claim_id="1", owner="a", fence=1)

calls = st.lists(st.tuples(st.integers(0, 10), st.booleans()), min_size=1, max_size=25)


class Everything:
    """One of each store under one prefix, and a clock that moves with every call."""

    def __init__(self, live: LiveRedis) -> None:
        prefix, self._clock = live.fresh_prefix(), SettableClock()
        self._admissions = RedisAdmissionStore(live.client, prefix, self._clock)
        self._claims = RedisClaimStore(live.client, prefix, self._clock)
        self._sessions = RedisSessionStore(live.client, prefix, self._clock)
        self._version = 0

    async def call(self, number: int) -> object:
        self._clock.advance(SECOND // 4)
        nonce = str(self._clock.now)
        work: tuple[Callable[[], Awaitable[object]], ...] = (
            lambda: self._admissions.admit(RULES, nonce=nonce),
            lambda: self._admissions.peek(RULES),
            lambda: self._admissions.refund(RULES, nonce=nonce),
            lambda: self._claims.claim("1", owner="a", lease_us=SECOND, max_attempts=6),
            lambda: self._claims.note(TICKET, Progress.DEFERRED),
            lambda: self._claims.extend([TICKET], lease_us=SECOND),
            lambda: self._claims.release(TICKET),
            lambda: self._claims.complete(TICKET),
            self._create,
            self._replace,
            lambda: self._sessions.delete("form", "1"),
        )
        return await work[number]()

    async def _create(self) -> None:
        # Each store draws its own first version.
        self._version = (await self._sessions.create("form", "1", b"", ttl_us=60 * SECOND)).version

    async def _replace(self) -> bool:
        after = await self._sessions.replace("form", "1", b"x", expected_version=self._version)
        self._version += after is not None
        return after is not None


@given(calls=calls)
def test_p23_scripts_that_are_forgotten_between_any_two_calls_go_unnoticed(
    live_redis: LiveRedis, calls: Sequence[tuple[int, bool]]
) -> None:
    async def compare() -> None:
        calm, flushed = Everything(live_redis), Everything(live_redis)
        for number, flush in calls:
            expected = await calm.call(number)
            if flush:
                await live_redis.client.execute("SCRIPT", "FLUSH")
            assert await flushed.call(number) == expected

    live_redis.run(compare())


@given(times=st.lists(st.integers(0, 3), min_size=1, max_size=10))
def test_p23_scripts_that_are_forgotten_while_many_calls_are_under_way_go_unnoticed(
    live_redis: LiveRedis, times: list[int]
) -> None:
    async def flush_among_calls() -> None:
        store = RedisAdmissionStore(live_redis.client, live_redis.fresh_prefix(), SettableClock())
        rule = WindowRule(key="rl:x", limit=1000, window_us=SECOND)

        async def flush() -> None:
            await live_redis.client.execute("SCRIPT", "FLUSH")

        work = [
            flush() if number == 0 else store.admit([rule], nonce=f"{index} {number}")
            for index, number in enumerate(times)
        ]
        await asyncio.gather(*work)
        used = sum(number > 0 for number in times)
        assert (await store.peek([rule])).remaining == 1000 - used

    live_redis.run(flush_among_calls())
