"""How long it takes at present until a first answer can begin, and whether there is that much time left.

Under more load than a worker can bear, what it gets is always almost too old, because the broker hands out the
oldest first. To take it all the same costs as much as an answer and ends in none: every interaction that is
refused at the door is one more that can be answered. How long it takes is estimated as TCP estimates a
round trip (RFC 6298, after Jacobson and Karels, 1988): a smoothed mean and smoothed deviations. It learns more
slowly than TCP from what is unusual, so that one slow moment refuses few.
"""

import math
from dataclasses import dataclass
from typing import Final

MOST_HEADROOM_MS: Final = 1000.0
"""What is asked for at most, so that whoever comes fresh is let in and shows how long it takes."""

_NEW: Final = 1 / 8
"""How much of the estimate is new with each one that is seen."""

_DEVIATIONS: Final = 3
_HALF_LIFE: Final = 1.0
"""Seconds in which an estimate that nothing confirms loses half of its weight."""


@dataclass(frozen=True, slots=True)
class Headroom:
    """An estimate, in milliseconds.

    Attributes:
        mean: Smoothed time from receipt until a first answer can begin.
        deviation: Smoothed distance from it.
        seen_at: When the last one was seen, in seconds on a monotonic clock.
    """

    mean: float = 0.0
    deviation: float = 0.0
    seen_at: float = 0.0

    def needed_ms(self, now: float) -> float:
        """Return how much time must be left for an answer to be likely: 0 to ``MOST_HEADROOM_MS``."""
        known = min(self.mean + _DEVIATIONS * self.deviation, MOST_HEADROOM_MS)
        return known * math.exp2(-max(0.0, now - self.seen_at) / _HALF_LIFE)

    def after(self, took_ms: float, now: float) -> "Headroom":
        """Return the estimate after one more was seen; more than can ever be needed counts as that much."""
        took = min(max(0.0, took_ms), MOST_HEADROOM_MS)
        deviation = self.deviation + _NEW * (abs(took - self.mean) - self.deviation)
        return Headroom(self.mean + _NEW * (took - self.mean), deviation, now)
