"""What the bot of the fault tests wrote down."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line.

    Attributes:
        what: ``began``, ``done`` or ``died``.
        who: The member's or the interaction's id.
        process: The writer's process id.
        at: When, in Unix seconds.
    """

    what: str
    who: str
    process: int
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One handler's run.

    Attributes:
        process: The process that it ran in.
        began: When, in Unix seconds.
        done: When it had its effect; ``None`` if it never had one.
    """

    process: int
    began: float
    done: float | None = None


def entries(text: str) -> Sequence[Entry]:
    """Read a diary; a last line that is still being written is left out."""
    lines = text.splitlines() if text.endswith("\n") else text.splitlines()[:-1]
    found = []
    for line in lines:
        what, who, process, at = line.split()
        found.append(Entry(what=what, who=who, process=int(process), at=float(at)))
    return found


def runs(diary: Iterable[Entry]) -> Mapping[str, Sequence[Run]]:
    """Return everybody's runs in the order of their starts."""
    found: dict[str, list[Run]] = {}
    for entry in diary:
        mine = found.setdefault(entry.who, [])
        if entry.what == "began":
            mine.append(Run(process=entry.process, began=entry.at))
        elif entry.what == "done":
            # One process runs one id at a time: the effect is that of its last start.
            index = max(number for number, run in enumerate(mine) if run.process == entry.process)
            mine[index] = replace(mine[index], done=entry.at)
    return found
