"""``gp demo``."""

import secrets
import sys
from typing import Annotated, Final

import typer

from gprunner.cli.running import AppDir, run_async, set_up_logging
from gprunner.settings import Settings

DEMO_BOT: Final = "gprunner.demo.bot:router"
_WITHOUT_TERMINAL: Final = 20.0


def demo(
    *,
    seconds: Annotated[
        float | None, typer.Option(min=1, max=86400, help="End by itself after this long (without a terminal: 20).")
    ] = None,
    app: Annotated[str, typer.Option("--app", metavar="MODULE:ATTR", help="Use this bot.")] = DEMO_BOT,
    seed: Annotated[int | None, typer.Option(help="Repeat the same people's choices.")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Of its health endpoint; 0 picks a free one.")] = 0,
    app_dir: Annotated[str, AppDir] = ".",
) -> None:
    """Run a worker on embedded parts, with simulated users: no broker, no Redis, no Discord account."""
    from gprunner.app_loading import load_router
    from gprunner.demo.show import run_demo

    terminal = sys.stdout.isatty()
    settings = Settings.load(need=(), port=port, log_level="warning")
    set_up_logging(settings)
    lasts = seconds if seconds is not None or terminal else _WITHOUT_TERMINAL
    chosen = secrets.randbelow(1 << 30) if seed is None else seed
    typer.echo("A worker with broker, state and a stand-in Discord in this process; people use its bot.", err=True)
    work = run_demo(load_router(app, app_dir=app_dir), settings, seconds=lasts, terminal=terminal, seed=chosen)
    if not run_async(work):
        typer.echo(f"gp: something was not settled or failed; repeat with --seed {chosen}", err=True)
        raise typer.Exit(1)
