"""The series of one worker, and how they changed between two looks."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

_WORKER: Final = "worker"


class Sample(Protocol):
    """One series at one moment."""

    @property
    def name(self) -> str:
        """With its suffix."""

    @property
    def labels(self) -> Mapping[str, str]:
        """By name."""

    @property
    def value(self) -> float:
        """What it is."""


Read = Callable[[str], Sequence[Sample]]
"""Reads an exposition; raises ``ValueError`` for anything else."""

Key = tuple[str, frozenset[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Series:
    """All series of a process by name and labels."""

    values: Mapping[Key, float] = field(default_factory=dict)

    def total(self, name: str, **labels: str) -> float:
        """Return the sum over the series of this name that have these labels."""
        wanted = labels.items()
        return sum(value for (known, has), value in self.values.items() if known == name and wanted <= has)

    def greatest(self, name: str, **labels: str) -> float | None:
        """Return the greatest value, ``None`` if there is no such series."""
        wanted = labels.items()
        return max(
            (value for (known, has), value in self.values.items() if known == name and wanted <= has), default=None
        )

    def label(self, name: str, label: str) -> str:
        """Return a label's value of the first series of this name, or nothing."""
        return next((dict(has).get(label, "") for known, has in self.values if known == name), "")

    def quantile(self, name: str, share: float) -> float | None:
        """Return the value that ``share`` of a histogram's measurements stay under, ``None`` if there are none.

        Between two bounds it is guessed evenly; above the last one it is the last one.
        """
        buckets: dict[float, float] = {}
        for (known, has), value in self.values.items():
            if known == f"{name}_bucket":
                bound = float(dict(has)["le"])
                buckets[bound] = buckets.get(bound, 0.0) + value
        return _quantile(sorted(buckets.items()), share)

    def since(self, before: "Series") -> "Series":
        """Return what was added; a series that went down began anew, so all of it is new."""
        return Series(
            {key: value - before.values.get(key, 0.0) if value >= before.values.get(key, 0.0) else value
             for key, value in self.values.items()}
        )  # fmt: skip


def by_worker(samples: Iterable[Sample]) -> Mapping[str, Series]:
    """Return the series of each process of a parent, by its name; of a single worker, under an empty one."""
    found: dict[str, dict[Key, float]] = {}
    for sample in samples:
        labels = dict(sample.labels)
        worker = labels.pop(_WORKER, "")
        found.setdefault(worker, {})[sample.name, frozenset(labels.items())] = sample.value
    return {worker: Series(values) for worker, values in sorted(found.items())}


def _quantile(buckets: Sequence[tuple[float, float]], share: float) -> float | None:
    if not buckets or buckets[-1][1] <= 0:
        return None
    wanted = buckets[-1][1] * share
    low, below = 0.0, 0.0
    for bound, count in buckets:
        if count >= wanted:
            if math.isinf(bound):
                return low
            return low + (bound - low) * (wanted - below) / (count - below) if count > below else bound
        low, below = bound, count
    return low
