"""What the demo shows: a live table on a terminal, plain lines elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table

from gprunner.demo.tally import Tally


class Picture:
    """The demo's figures at one moment."""

    def __init__(self, tally: Tally) -> None:
        self._tally: Final = tally

    def rows(self, published: int, seconds: float) -> list[tuple[str, str]]:
        """Return names and figures."""
        outcomes, answers = self._tally.outcomes, self._tally.answers
        deferred = answers["deferred_message"] + answers["deferred_update"]
        return [
            ("published", str(published)),
            ("settled", str(self._tally.settled)),
            ("handled", str(outcomes["handled"])),
            ("told what is wrong", str(outcomes["user_error"] + outcomes["bad_option"])),
            ("refused by a limit", str(outcomes["refused"])),
            ("sent round again", str(self._tally.again)),
            ("failed", str(self._tally.failed)),
            ("other", str(self._other())),
            ("first answers deferred", f"{deferred} of {sum(answers.values())}"),
            ("first answer p50", f"{self._tally.percentile_ms(0.5):.0f} ms"),
            ("first answer p99", f"{self._tally.percentile_ms(0.99):.0f} ms"),
            ("rate", f"{self._tally.settled / max(seconds, 0.001):.0f}/s"),
        ]

    def table(self, published: int, seconds: float) -> Table:
        """Return the figures as a table."""
        table = Table(title=f"gp demo, {seconds:.0f} s", show_header=False, min_width=44)
        table.add_column()
        table.add_column(justify="right")
        for name, figure in self.rows(published, seconds):
            table.add_row(name, figure)
        return table

    def line(self, published: int, seconds: float) -> str:
        """Return the figures as a line."""
        return f"{seconds:5.0f} s  " + "  ".join(f"{name} {figure}" for name, figure in self.rows(published, seconds))

    def _other(self) -> int:
        shown = ("handled", "user_error", "bad_option", "refused")
        return self._tally.settled - self._tally.failed - sum(self._tally.outcomes[name] for name in shown)


@contextmanager
def display(picture: Picture, *, terminal: bool) -> Iterator["Screen"]:
    """Show the picture while the body runs."""
    if not terminal:
        yield Screen(picture, None)
        return
    with Live(picture.table(0, 0.0), console=Console(), refresh_per_second=4, transient=True) as live:
        yield Screen(picture, live)


class Screen:
    """Where the picture is shown."""

    def __init__(self, picture: Picture, live: Live | None) -> None:
        self._picture: Final = picture
        self._live: Final = live
        self._second = 0

    def show(self, published: int, seconds: float) -> None:
        """Bring the picture up to date; without a terminal every fifth second."""
        if self._live is not None:
            self._live.update(self._picture.table(published, seconds))
        elif int(seconds) // 5 > self._second:
            self._second = int(seconds) // 5
            typer.echo(self._picture.line(published, seconds))

    def summary(self, published: int, seconds: float) -> None:
        """Print the final figures."""
        for name, figure in self._picture.rows(published, seconds):
            typer.echo(f"{name:>24}  {figure}")
