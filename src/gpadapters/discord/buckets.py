"""Discord's rate limits as its headers tell them, for one process."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from gpadapters.discord.answers import Answer, seconds
from gpadapters.discord.routes import Route

_MOST_BUCKETS: Final = 4_096


@dataclass(slots=True)
class _Bucket:
    limit: int
    remaining: int
    window: float
    reset_at: float


class Buckets:
    """Tells how long to wait before a request; times are seconds on one monotonic clock.

    A bucket is what Discord names in ``X-RateLimit-Bucket``, for one major parameter. A bucket that
    nothing is known of lets requests through: the first answer teaches.
    """

    def __init__(self, *, most: int = _MOST_BUCKETS) -> None:
        self._most = most
        self._names: dict[tuple[str, str], str] = {}
        self._buckets: OrderedDict[tuple[str, str], _Bucket] = OrderedDict()

    def take(self, route: Route, *, now: float) -> float:
        """Take one request out of the route's bucket, or return how long to wait before asking again."""
        bucket = self._buckets.get(self._key(route))
        if bucket is None:
            return 0.0
        if now >= bucket.reset_at:
            bucket.remaining, bucket.reset_at = bucket.limit, now + bucket.window
        if bucket.remaining <= 0:
            return bucket.reset_at - now
        bucket.remaining -= 1
        return 0.0

    def learn(self, route: Route, answer: Answer, *, now: float) -> None:
        """Take over what an answer's headers say about the route's bucket."""
        name = answer.headers.get("x-ratelimit-bucket")
        limit = seconds(answer.headers.get("x-ratelimit-limit"))
        remaining = seconds(answer.headers.get("x-ratelimit-remaining"))
        reset_after = seconds(answer.headers.get("x-ratelimit-reset-after"))
        if name is None or limit is None or remaining is None or reset_after is None:
            return
        self._names[route.method, route.template] = name
        known = self._buckets.get(self._key(route))
        same_window = known is not None and now < known.reset_at
        left = min(known.remaining, int(remaining)) if known is not None and same_window else int(remaining)
        window = max(known.window, reset_after) if known is not None else reset_after
        self._keep(route, _Bucket(max(int(limit), 1), left, window, now + reset_after))

    def block(self, route: Route, *, until: float) -> None:
        """Let nothing through the route's bucket before ``until``."""
        known = self._buckets.get(self._key(route))
        limit, window = (known.limit, known.window) if known is not None else (1, 0.0)
        self._keep(route, _Bucket(limit, 0, window, until))

    def _key(self, route: Route) -> tuple[str, str]:
        return self._names.get((route.method, route.template), route.template), route.major

    def _keep(self, route: Route, bucket: _Bucket) -> None:
        key = self._key(route)
        self._buckets[key] = bucket
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
