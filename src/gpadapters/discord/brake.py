"""Stopping before Discord's edge bans the address that all requests come from."""

from collections import deque
from dataclasses import dataclass
from typing import Final

from gpadapters.discord.answers import Answer, Importance, seconds
from gpadapters.discord.errors import counts_as_invalid, is_edge_block
from gpcore.domain.egress import EgressNews, EgressView
from gpcore.errors import PortThrottledError
from gpcore.ports.clock import Clock

WINDOW: Final = 600.0
"""Seconds in which Discord counts invalid requests."""

_FIRST_PAUSE: Final = 60.0
_LONGEST_PAUSE: Final = 3_600.0
_ASK_AGAIN: Final = 10.0
_US: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stops:
    """After how many invalid requests who stops; Discord bans an address after 10,000.

    Acting as the bot never uses more than half of what may be used: the margin below 5,000 is for
    requests under way, and for the second that one process may be behind the others.
    """

    background: int = 4_500
    followups: int = 8_000
    callbacks: int = 9_500

    def of(self, importance: Importance) -> int:
        """Return after how many it stops."""
        return (self.background, self.followups, self.callbacks)[importance]


class Brake:
    """Counts invalid requests and obeys blocks of the edge.

    It knows what this process did at once, and what others behind the same address did as soon as it
    is told; see ``EgressWatch``.
    """

    def __init__(self, clock: Clock, stops: Stops | None = None) -> None:
        self._clock = clock
        self._stops = stops or Stops()
        self._invalid: deque[float] = deque()
        self._untold = 0
        self._others = 0
        self._others_as_of = 0.0
        self._paused_until = 0.0
        self._told_paused_until = 0.0
        self._next_pause = _FIRST_PAUSE

    def refusal(self, importance: Importance = Importance.CALLBACK) -> PortThrottledError | None:
        """Return why no request that is so important may be sent now, ``None`` if one may."""
        now = self._clock.monotonic()
        if now < self._paused_until:
            return PortThrottledError(
                "Discord's edge blocks this address; no request is sent", retry_after=self._paused_until - now
            )
        self._forget(now)
        counted = len(self._invalid) + self._others
        if counted >= self._stops.of(importance):
            return PortThrottledError(
                f"{counted} invalid requests in {WINDOW:g} s, a ban is near; no {importance.name.lower()} is sent",
                retry_after=_ASK_AGAIN if self._others else self._invalid[0] + WINDOW - now,
            )
        return None

    def note(self, answer: Answer) -> None:
        """Learn from an answer."""
        if counts_as_invalid(answer):
            self._invalid.append(self._clock.monotonic())
            self._untold += 1
        if is_edge_block(answer):
            asked = seconds(answer.headers.get("retry-after"))
            self._paused_until = self._clock.monotonic() + (self._next_pause if asked is None else asked)
            self._next_pause = min(self._next_pause * 2, _LONGEST_PAUSE)
        elif answer.status:
            self._next_pause = _FIRST_PAUSE

    @property
    def urgent(self) -> bool:
        """Whether there is something that the others should know at once."""
        return self._paused_until > self._told_paused_until

    @property
    def has_news(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self._untold) or self.urgent

    def news(self) -> EgressNews:
        """Return what the others were not told yet."""
        left = self._paused_until - self._clock.monotonic()
        return EgressNews(invalid=self._untold, paused_us=max(0, int(left * _US)))

    def learn(self, view: EgressView, *, told: EgressNews) -> None:
        """Take over what everybody told, this process's ``told`` included."""
        now = self._clock.monotonic()
        self._forget(now)
        self._untold -= told.invalid
        self._others = max(0, view.invalid - (len(self._invalid) - self._untold))
        self._others_as_of = now
        if view.paused_us:
            self._told_paused_until = now + view.paused_us / _US
            self._paused_until = max(self._paused_until, self._told_paused_until)

    def _forget(self, now: float) -> None:
        while self._invalid and self._invalid[0] + WINDOW <= now:
            self._invalid.popleft()
        if self._others_as_of + WINDOW <= now:
            self._others = 0
