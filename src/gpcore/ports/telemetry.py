"""Counting and measuring."""

from abc import ABC, abstractmethod

from gpcore.domain.metrics import Metric


class Telemetry(ABC):
    """Takes counts and measurements.

    Guarantees:
        - Never raises and never waits.
        - Label values come from a bounded set; the callers never pass ids of guilds or users.
    """

    __slots__ = ()

    @abstractmethod
    def count(self, metric: Metric, *labels: str) -> None:
        """Add one to a counter; ``labels`` in the order that the metric declares."""

    @abstractmethod
    def observe(self, metric: Metric, value: float, *labels: str) -> None:
        """Add a measurement to a histogram."""

    @abstractmethod
    def gauge(self, metric: Metric, value: float, *labels: str) -> None:
        """Set a gauge."""
