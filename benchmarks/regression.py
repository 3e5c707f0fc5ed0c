"""Whether something became slower than what was committed.

Only ratios are compared, since both sides of one were measured in one run on one machine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.results import Result, Row, read

TOLERATED: Final = 0.2
"""A ratio that fell by less than this is noise, whatever the spread was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A ratio that fell by more than noise explains.

    Attributes:
        before, now: Times the baseline.
        tolerated: What part may be lost.
    """

    scenario: str
    name: str
    before: float
    now: float
    tolerated: float


def losses(before: Result, now: Result) -> list[Loss]:
    """Return what became slower; rows that one of the two lacks are passed over."""
    known = {row.name: row for row in before.rows}
    found = [_loss(now.scenario, known[row.name], row) for row in now.rows if row.name in known]
    return [loss for loss in found if loss is not None]


def report(results: Sequence[Result], folder: Path) -> int:
    """Print what became slower than the results in a folder; returns the exit code."""
    found: list[Loss] = []
    for result in results:
        path = folder / f"{result.scenario}.json"
        if path.exists():
            found += losses(read(path), result)
        else:
            print(f"{result.scenario}: nothing was committed to compare with")
    for loss in found:
        print(
            f"{loss.scenario}, {loss.name}: ×{loss.now:g} of the baseline, was ×{loss.before:g};"
            f" {loss.tolerated:.0%} less would be noise"
        )
    print("slower" if found else "nothing became slower than noise explains")
    return 1 if found else 0


def _loss(scenario: str, before: Row, now: Row) -> Loss | None:
    if before.times is None or now.times is None or not before.name.startswith("gp"):
        return None
    tolerated = max(TOLERATED, before.times_spread + now.times_spread)
    if now.times >= before.times * (1 - tolerated):
        return None
    return Loss(scenario=scenario, name=now.name, before=before.times, now=now.times, tolerated=tolerated)
