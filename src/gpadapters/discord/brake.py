"""Stopping before Discord's edge bans the address that all requests come from."""

from collections import deque
from typing import Final

from gpadapters.discord.answers import Answer, seconds
from gpadapters.discord.errors import counts_as_invalid, is_edge_block
from gpcore.errors import PortThrottledError
from gpcore.ports.clock import Clock

WINDOW: Final = 600.0
"""Seconds in which Discord counts invalid requests."""

MOST_INVALID: Final = 9_500
"""95 % of the 10,000 after which Discord bans an address."""

_FIRST_PAUSE: Final = 60.0
_LONGEST_PAUSE: Final = 3_600.0


class Brake:
    """Counts invalid requests and obeys blocks of the edge, for this process alone."""

    def __init__(self, clock: Clock, *, most_invalid: int = MOST_INVALID) -> None:
        self._clock = clock
        self._most_invalid = most_invalid
        self._invalid: deque[float] = deque()
        self._paused_until = 0.0
        self._next_pause = _FIRST_PAUSE

    def refusal(self) -> PortThrottledError | None:
        """Return why no request may be sent now, ``None`` if one may."""
        now = self._clock.monotonic()
        if now < self._paused_until:
            return PortThrottledError(
                "Discord's edge blocks this address; no request is sent", retry_after=self._paused_until - now
            )
        self._forget(now)
        if len(self._invalid) >= self._most_invalid:
            return PortThrottledError(
                f"{len(self._invalid)} invalid requests in {WINDOW:g} s, a ban is near; no request is sent",
                retry_after=self._invalid[0] + WINDOW - now,
            )
        return None

    def note(self, answer: Answer) -> None:
        """Learn from an answer."""
        if counts_as_invalid(answer):
            self._invalid.append(self._clock.monotonic())
        if is_edge_block(answer):
            asked = seconds(answer.headers.get("retry-after"))
            self._paused_until = self._clock.monotonic() + (self._next_pause if asked is None else asked)
            self._next_pause = min(self._next_pause * 2, _LONGEST_PAUSE)
        elif answer.status:
            self._next_pause = _FIRST_PAUSE

    def _forget(self, now: float) -> None:
        while self._invalid and self._invalid[0] + WINDOW <= now:
            self._invalid.popleft()
