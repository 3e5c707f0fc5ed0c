"""The limiters that are measured side by side, each deciding the same limit as its documents show it."""

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from limits import parse
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter, SlidingWindowCounterRateLimiter
from throttled.asyncio import RateLimiterType, Throttled, rate_limiter
from throttled.asyncio import RedisStore as ThrottledStore

from gpcore import Gcra, SlidingWindow, WindowCounter
from gpcore.domain.limits import Limit
from gpcore.ports.admission_store import AdmissionStore

LIMIT: Final = 100
PER: Final = 60
BASELINE: Final = "limits, moving window"


@dataclass(slots=True)
class Contender:
    """One way to decide, and what was measured of it.

    Attributes:
        name: For the table.
        promise: The most uses that any window may hold.
        decide: Decides one use of a key and tells whether it was admitted.
        rates: Decisions a second, one figure a round.
        cpu_us: This process's CPU time per decision in microseconds, one figure a round.
    """

    name: str
    promise: int
    decide: Callable[[str], Awaitable[bool]]
    rates: list[float] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)


def ours(store: AdmissionStore, where: str) -> list[Contender]:
    """Return gp's kinds of limit over one store."""
    uses = itertools.count()

    def contender(name: str, promise: int, limit: Limit) -> Contender:
        async def decide(key: str) -> bool:
            rule = limit.rule(f"rl:{name}:{key}")
            return (await store.admit([rule], nonce=f"{next(uses):x}")).allowed

        return Contender(f"gp {where}, {name}", promise, decide)

    return [
        contender("SlidingWindow", LIMIT, SlidingWindow(LIMIT, per=PER)),
        contender("WindowCounter", 2 * LIMIT - 1, WindowCounter(LIMIT, per=PER)),
        contender("Gcra", 2 * LIMIT - 1, Gcra(LIMIT, per=PER, burst=LIMIT)),
    ]


def others(url: str) -> list[Contender]:
    """Return the other libraries' limiters; all of them decide by this process's clock."""
    storage = RedisStorage(f"async+{url}", implementation="redispy")
    item = parse(f"{LIMIT}/{PER} seconds")
    moving, counter = MovingWindowRateLimiter(storage), SlidingWindowCounterRateLimiter(storage)
    even = _throttled(url, RateLimiterType.GCRA)
    sliding = _throttled(url, RateLimiterType.SLIDING_WINDOW)

    async def even_rate(key: str) -> bool:
        return not (await even.limit(key)).limited

    async def sliding_window(key: str) -> bool:
        return not (await sliding.limit(key)).limited

    return [
        Contender(BASELINE, LIMIT, lambda key: moving.hit(item, "moving", key)),
        Contender("limits, sliding counter", 2 * LIMIT, lambda key: counter.hit(item, "counter", key)),
        Contender("throttled-py, GCRA", 2 * LIMIT - 1, even_rate),
        Contender("throttled-py, sliding window", 2 * LIMIT, sliding_window),
    ]


def _throttled(url: str, kind: RateLimiterType) -> Throttled:
    quota = rate_limiter.per_duration(timedelta(seconds=PER), limit=LIMIT, burst=LIMIT)
    return Throttled(using=kind.value, quota=quota, store=ThrottledStore(server=url))
