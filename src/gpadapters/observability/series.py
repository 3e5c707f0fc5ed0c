"""The series of one metric, and how many there can be."""

from typing import Final, Generic, TypeVar

from prometheus_client import Counter, Gauge, Histogram

from gpcore.domain.metrics import Metric

MOST_SERIES: Final = 1000
"""Of one metric. Labels come from bounded sets; this is for a bot that makes its names up as it runs."""

OTHER: Final = "other"
Kind = TypeVar("Kind", Counter, Gauge, Histogram)


class Series(Generic[Kind]):
    """One metric's series, each made when it is first written and found by its labels from then on."""

    __slots__ = ("_known", "_labels", "_parent")

    def __init__(self, metric: Metric, parent: Kind) -> None:
        self._labels: Final = len(metric.labels)
        self._parent: Final[Kind] = parent
        self._known: Final[dict[tuple[str, ...], Kind]] = {}

    def find(self, labels: tuple[str, ...]) -> Kind | None:
        """Return the series with these label values, or ``None`` if their number is wrong."""
        series = self._known.get(labels)
        if series is None and len(labels) == self._labels:
            kept = labels if len(self._known) < MOST_SERIES else (OTHER,) * self._labels
            series = self._parent.labels(*map(encodable, kept)) if labels else self._parent
            if kept is labels:
                self._known[labels] = series
        return series

    def folds(self, labels: tuple[str, ...]) -> bool:
        """Tell whether these label values have no series of their own."""
        return labels not in self._known


def encodable(label: str) -> str:
    """Replace lone surrogates: one of them in a label would make every later exposition fail."""
    return label.encode("utf-8", "replace").decode()
