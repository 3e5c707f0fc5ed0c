"""What commands share: the event loop, logging, and printing data."""

import asyncio
import json
import logging
import sys
from collections.abc import Coroutine, Iterable
from importlib.util import find_spec
from types import TracebackType
from typing import Any, Final, TypeVar

import typer

from gpcore.application.routes import Routes
from gprunner.app_loading import compile_router, load_router
from gprunner.settings import Settings

Result = TypeVar("Result")
AppDir: Final = typer.Option("--app-dir", help="Where to look for the bot's module.")
AsJson: Final = typer.Option("--json", help="Print JSON.")


def run_async(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine to its end, on uvloop where the ``uvloop`` extra is installed."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(work)


def set_up_logging(settings: Settings) -> None:
    """Log to standard error as the settings say, with every secret masked, uncaught errors and warnings too."""
    from gprunner.container import Tools

    log_format = settings.log_format or ("text" if sys.stderr.isatty() else "json")
    Tools.configure_logging(level=settings.log_level, format=log_format, secrets=settings.secrets(), stream=sys.stderr)
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_uncaught


def _log_uncaught(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, traceback)
    else:
        logging.getLogger("gp").critical("gp ends by an error of its own", exc_info=(kind, error, traceback))


def routes_of(app: str | None, app_dir: str) -> Routes:
    """Return the compiled handlers of a bot, or none."""
    return Routes() if app is None else compile_router(load_router(app, app_dir=app_dir))


def print_json(value: object) -> None:
    """Print a value as JSON on standard output."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def print_rows(rows: Iterable[tuple[str, ...]]) -> None:
    """Print rows in aligned columns on standard output."""
    table = [tuple(row) for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)]
    for row in table:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _loop_factory() -> Any:  # noqa: ANN401 - uvloop may not be installed, so its type is not known here
    if find_spec("uvloop") is None:
        return None
    import uvloop

    return uvloop.new_event_loop
