"""The series of one metric, and how many there can be."""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import Final, Generic, TypeVar

from gpcore.domain.metrics import Metric

MOST_SERIES: Final = 1000
"""Of one metric. Labels come from bounded sets; this is for a bot that makes its names up as it runs."""

OTHER: Final = "other"
Labels = tuple[str, ...]


class Number:
    """The value of a counter or a gauge."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0.0


class Distribution:
    """The measurements of a histogram, counted between its bounds.

    Attributes:
        total: Their sum.
    """

    __slots__ = ("_bounds", "_counts", "total")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds: Final = bounds
        self._counts: Final = [0] * (len(bounds) + 1)
        self.total = 0.0

    def add(self, value: float) -> None:
        """Take one more; it must be finite."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self.total += value

    def up_to(self) -> Iterator[tuple[float, int]]:
        """Yield each bound, infinity last, and how many measurements are not above it."""
        return zip((*self._bounds, float("inf")), accumulate(self._counts), strict=True)


Kind = TypeVar("Kind", Number, Distribution)


class Series(dict[Labels, Kind], Generic[Kind]):
    """One metric's series by their label values, each made when it is first asked for.

    Asking with a wrong number of labels raises ``KeyError``. What would be one series too many is written under
    ``other``, and told to ``on_fold`` each time.
    """

    __slots__ = ("_make", "_on_fold", "exposed", "metric")

    def __init__(self, metric: Metric, make: Callable[[], Kind], on_fold: Callable[[Metric], None]) -> None:
        super().__init__()
        self.metric: Final = metric
        self.exposed: Final[dict[Labels, Kind]] = {}
        """By label values that can be encoded; several of those asked for may share one."""
        self._make: Final[Callable[[], Kind]] = make
        self._on_fold: Final = on_fold
        if not metric.labels:
            self[()] = self._of(())

    def __missing__(self, labels: Labels) -> Kind:
        if len(labels) != len(self.metric.labels):
            raise KeyError(labels)
        if len(self) >= MOST_SERIES:
            self._on_fold(self.metric)
            return self._of((OTHER,) * len(labels))
        self[labels] = found = self._of(labels)
        return found

    def _of(self, labels: Labels) -> Kind:
        encoded = tuple(map(encodable, labels))
        if encoded not in self.exposed:
            self.exposed[encoded] = self._make()
        return self.exposed[encoded]


def encodable(label: str) -> str:
    """Replace lone surrogates: one of them in a label would make every later exposition fail."""
    return label.encode("utf-8", "replace").decode()
