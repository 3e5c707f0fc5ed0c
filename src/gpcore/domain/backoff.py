"""Pauses between attempts to connect."""

from collections.abc import Callable


class Backoff:
    """Full jitter: each pause is random below a bound that doubles.

    A fleet that lost its broker at the same moment comes back spread over time.
    """

    def __init__(self, *, initial: float, maximum: float, unit: Callable[[], float]) -> None:
        """Start with the smallest bound.

        Args:
            initial: First bound in seconds.
            maximum: Largest bound in seconds.
            unit: Returns random numbers in [0, 1).
        """
        self._initial = initial
        self._maximum = maximum
        self._unit = unit
        self._bound = initial

    def next_pause(self) -> float:
        """Return seconds to wait before the next attempt."""
        pause = self._unit() * self._bound
        self._bound = min(self._bound * 2, self._maximum)
        return pause

    def reset(self) -> None:
        """Begin again with the smallest bound, after a connection that was healthy."""
        self._bound = self._initial
