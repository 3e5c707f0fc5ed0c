"""How long it takes at present until a first answer can begin, and whether there is that much time left.

Under more load than a worker can bear, what it gets is always almost too old, because the broker hands out the
oldest first. To take it all the same costs as much as an answer and ends in none: every interaction that is
refused at the door is one more that can be answered. How long it takes is estimated as TCP estimates a
round trip (RFC 6298, after Jacobson and Karels, 1988): a smoothed mean and four smoothed deviations.
"""

from dataclasses import dataclass
from typing import Final

MOST_HEADROOM_MS: Final = 1000.0
"""What is asked for at most, so that whoever comes fresh is let in and shows how long it takes."""

_NEW_MEAN: Final = 1 / 8
_NEW_DEVIATION: Final = 1 / 4
_DEVIATIONS: Final = 4


@dataclass(frozen=True, slots=True)
class Headroom:
    """An estimate, in milliseconds.

    Attributes:
        mean: Smoothed time from receipt until a first answer can begin.
        deviation: Smoothed distance from it.
    """

    mean: float = 0.0
    deviation: float = 0.0

    @property
    def needed_ms(self) -> float:
        """How much time must be left for an answer to be likely: 0 to ``MOST_HEADROOM_MS``."""
        return min(self.mean + _DEVIATIONS * self.deviation, MOST_HEADROOM_MS)

    def after(self, took_ms: float) -> "Headroom":
        """Return the estimate after one more was seen; a time below 0 counts as 0."""
        took = max(0.0, took_ms)
        deviation = self.deviation + _NEW_DEVIATION * (abs(took - self.mean) - self.deviation)
        return Headroom(self.mean + _NEW_MEAN * (took - self.mean), deviation)
