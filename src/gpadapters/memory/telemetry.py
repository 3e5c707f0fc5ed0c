"""Counts and measurements kept in dictionaries, for assertions."""

from collections import defaultdict

from typing_extensions import override

from gpcore.domain.metrics import Metric
from gpcore.ports.telemetry import Telemetry

Series = tuple[str, ...]
"""A metric's name and its label values."""


class InMemoryTelemetry(Telemetry):
    """Keeps everything that was counted and measured.

    Attributes:
        counts: Counters by series.
        observations: Every measurement by series, in order.
        gauges: Last value by series.
    """

    def __init__(self) -> None:
        self.counts: defaultdict[Series, int] = defaultdict(int)
        self.observations: defaultdict[Series, list[float]] = defaultdict(list)
        self.gauges: dict[Series, float] = {}

    @override
    def count(self, metric: Metric, *labels: str) -> None:
        self.counts[(metric.name, *labels)] += 1

    @override
    def observe(self, metric: Metric, value: float, *labels: str) -> None:
        self.observations[(metric.name, *labels)].append(value)

    @override
    def gauge(self, metric: Metric, value: float, *labels: str) -> None:
        self.gauges[(metric.name, *labels)] = value

    def counted(self, metric: Metric, *labels: str) -> int:
        """Return a counter summed over every series whose labels begin with ``labels``."""
        start = (metric.name, *labels)
        return sum(count for series, count in self.counts.items() if series[: len(start)] == start)
