"""Figures as a table that fits itself to the terminal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from gprunner.top.figures import Figures
from gprunner.top.looking import Look

_SLOW: Final = 1.5
_TOO_SLOW: Final = 2.5
_LAGS: Final = 0.1
_GAP: Final = 2
_ALARM: Final = "bold red"
_WORKER: Final = "worker"


@dataclass(frozen=True, slots=True)
class _Column:
    """One figure: its heading, its text, and the colour that it is worth."""

    heading: str
    text: Callable[[Figures], str]
    color: Callable[[Figures], str] = lambda _: ""

    def width(self, lines: Sequence[Figures]) -> int:
        """Return how wide it is, with the gap before it."""
        return _GAP + max(len(self.heading), *(len(self.text(one)) for one in lines))


class Picture:
    """A line for each worker and one for all of them, as wide as there is room when it is drawn."""

    def __init__(self, look: Look) -> None:
        self._look: Final = look

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw for the width that the terminal has now."""
        yield Text(_title(self._look), style="bold", overflow="fold")
        answered = [one for one in self._look.workers if not one.fault]
        if answered:
            yield _table(answered if len(answered) == 1 else [*answered, self._look.everybody], options.max_width)
        for one in self._look.workers:
            if one.fault:
                yield Text(f"{one.name}: {one.fault}", style=_ALARM, overflow="fold")


def _table(lines: Sequence[Figures], width: int) -> Table:
    drawn = Table(box=None, pad_edge=False, padding=(0, 0, 0, 0), header_style="bold")
    drawn.add_column(_WORKER, overflow="fold", min_width=len(_WORKER))
    columns = _fitting(lines, width)
    for column in columns:
        drawn.add_column(column.heading.rjust(column.width(lines)), justify="right", no_wrap=True)
    for one in lines:
        drawn.add_row(Text(one.name), *(Text(column.text(one), style=column.color(one)) for column in columns))
    return drawn


def _fitting(lines: Sequence[Figures], width: int) -> list[_Column]:
    left = width - max(len(_WORKER), *(len(one.name) for one in lines))
    fitting: list[_Column] = []
    for column in _COLUMNS:
        left -= column.width(lines)
        if left < 0:
            break
        fitting.append(column)
    return fitting


def _title(look: Look) -> str:
    seconds, count = look.everybody.seconds, len(look.workers)
    span = f"counts of the last {seconds:.1f} s" if seconds else "counts since the start"
    return f"gp: {count} worker{'s' if count > 1 else ''}, {span}; Discord waits 3 s"


def _lanes(one: Figures) -> str:
    return "+".join(lane.removesuffix("eractions").removesuffix("ents") for lane in one.consuming) or "nothing"


def _rate(one: Figures, count: float) -> str:
    return f"{count / one.seconds:.0f}/s" if one.seconds else f"{count:.0f}"


def _seconds(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.1f} s" if value >= 1 else f"{value * 1000:.0f} ms"


def _late(value: float | None) -> str:
    return _ALARM if _above(value, _TOO_SLOW) else "yellow" if _above(value, _SLOW) else ""


def _alarm(wrong: bool) -> str:  # noqa: FBT001 - reads as a sentence where it is called
    return _ALARM if wrong else ""


def _above(value: float | None, bound: float) -> bool:
    return value is not None and value > bound


_COLUMNS: Final = (
    _Column("oldest", lambda one: _seconds(one.oldest_s), lambda one: _late(one.oldest_s)),
    _Column("p99", lambda one: _seconds(one.p99_s), lambda one: _late(one.p99_s)),
    _Column("missed", lambda one: f"{one.missed:.0f}", lambda one: _alarm(one.missed > 0)),
    _Column("answers", lambda one: _rate(one, one.answers)),
    _Column("waiting", lambda one: f"{one.waiting:.0f}"),
    _Column("in hand", lambda one: f"{one.in_flight:.0f}"),
    _Column("dead", lambda one: f"{one.dead:.0f}", lambda one: _alarm(one.dead > 0)),
    _Column("consumes", _lanes, lambda one: _alarm(not one.consuming)),
    _Column("lag", lambda one: _seconds(one.lag_p99_s), lambda one: _alarm(_above(one.lag_p99_s, _LAGS))),
    _Column("settled", lambda one: _rate(one, one.settled)),
    _Column("again", lambda one: f"{one.retries:.0f}"),
    _Column("p50", lambda one: _seconds(one.p50_s)),
    _Column("memory", lambda one: f"{one.memory_mb:.0f} MB"),
    _Column("version", lambda one: one.version),
)
"""The most important ones first: the last ones are left out where there is no room."""
