"""What was measured, as it is kept: one JSON file a scenario."""

import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.machine import machine

HERE: Final = Path(__file__).parent / "results"


@dataclass(slots=True)
class Samples:
    """The figures of one contender, one a round.

    Attributes:
        name: For the table.
        per_second: How much it got done.
        cpu_us: Its processor time for each, in microseconds; empty where it means nothing.
    """

    name: str
    per_second: list[float] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A contender in a table.

    Attributes:
        value: The median, in the result's unit.
        low, high: The extremes of the rounds.
        cpu_us: Median processor time for each, or ``None``.
        times: The median over the rounds of the ratio to the baseline in the same round, or ``None``.
        times_spread: Half of the distance between the extreme ratios, as a part of ``times``.
        more: Further figures, by name.
    """

    name: str
    value: float
    low: float
    high: float
    cpu_us: float | None = None
    times: float | None = None
    times_spread: float = 0.0
    more: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A scenario's outcome.

    Attributes:
        scenario: Its name; also that of its files.
        title: What was measured, in a line.
        unit: Of the rows' values.
        baseline: The row that ratios refer to, or ``None``.
        machine: Where it was measured.
    """

    scenario: str
    title: str
    unit: str
    rows: Sequence[Row]
    baseline: str | None = None
    machine: Mapping[str, Any] = field(default_factory=machine)

    def write(self, folder: Path) -> None:
        """Write the JSON file."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(asdict(self), indent=2, ensure_ascii=False)
        (folder / f"{self.scenario}.json").write_text(text + "\n", encoding="utf-8")


def read(path: Path) -> Result:
    """Read what ``write`` wrote."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    return Result(**{**stored, "rows": [Row(**row) for row in stored["rows"]]})


def compared(samples: Sequence[Samples], baseline: str | None) -> list[Row]:
    """Return a row for each contender; ratios are taken inside each round."""
    base = next((one.per_second for one in samples if one.name == baseline), None)
    return [_row(one, base) for one in samples]


def plain(name: str, value: float, **more: float) -> Row:
    """Return a row of one figure."""
    return Row(name=name, value=_short(value), low=_short(value), high=_short(value), more=more)


def _row(one: Samples, base: Sequence[float] | None) -> Row:
    ratios = [own / other for own, other in zip(one.per_second, base, strict=True)] if base else []
    times = statistics.median(ratios) if ratios else None
    return Row(
        name=one.name,
        value=_short(statistics.median(one.per_second)),
        low=_short(min(one.per_second)),
        high=_short(max(one.per_second)),
        cpu_us=_short(statistics.median(one.cpu_us)) if one.cpu_us else None,
        times=None if times is None else round(times, 2),
        times_spread=round((max(ratios) - min(ratios)) / 2 / times, 2) if times else 0.0,
    )


def _short(value: float) -> float:
    """Three digits are more than any of this is worth."""
    return float(f"{value:.3g}")
