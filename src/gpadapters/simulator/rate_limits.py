"""Windows of requests, counted and told as Discord tells them."""

import hashlib
from dataclasses import dataclass
from typing import Final

_MOST_KEPT: Final = 50_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many requests per window.

    Attributes:
        limit: Requests.
        seconds: The window, which begins with its first request.
    """

    limit: int
    seconds: float


@dataclass(slots=True)
class _Window:
    ends: float
    used: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking one request from a bucket gave.

    Attributes:
        allowed: Whether it was within the limit.
        retry_after: Seconds to the window's end.
        headers: As Discord sends them.
    """

    allowed: bool
    retry_after: float
    headers: dict[str, str]


class RateLimits:
    """Every bucket's present window."""

    def __init__(self) -> None:
        self._windows: dict[tuple[str, str], _Window] = {}

    def take(self, route: str, major: str, allowance: Allowance, now: float) -> Taken:
        """Count one request.

        Args:
            route: What the bucket is named after.
            major: Guild, channel or token.
            allowance: The bucket's limit.
            now: Seconds of the simulator's clock.
        """
        window = self._window(route, major, allowance, now)
        allowed = window.used < allowance.limit
        window.used += allowed
        left = window.ends - now
        headers = {
            "X-RateLimit-Limit": str(allowance.limit),
            "X-RateLimit-Remaining": str(allowance.limit - window.used),
            "X-RateLimit-Reset": f"{window.ends:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": hashlib.sha256(route.encode()).hexdigest()[:16],
        }
        return Taken(allowed, left, headers)

    def use_up(self, route: str, major: str, allowance: Allowance, now: float, *, seconds: float) -> dict[str, str]:
        """Leave nothing in a bucket for so many seconds and return the headers that tell it."""
        self._windows[route, major] = _Window(now + seconds, allowance.limit)
        return self.take(route, major, allowance, now).headers

    def clear(self) -> None:
        """Begin every window anew."""
        self._windows.clear()

    def _window(self, route: str, major: str, allowance: Allowance, now: float) -> _Window:
        window = self._windows.get((route, major))
        if window is None or now >= window.ends:
            if len(self._windows) >= _MOST_KEPT:
                self._windows = {key: kept for key, kept in self._windows.items() if now < kept.ends}
            window = self._windows[route, major] = _Window(now + allowance.seconds, 0)
        return window
