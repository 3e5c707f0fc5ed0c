"""``gp top``."""

import asyncio
import os
import sys
from typing import Annotated, Final

import typer
from dotenv import dotenv_values

from gprunner.cli.running import AsJson, print_json, run_async

_EVERY: Final = 2.0
_WIDE: Final = 200


def top(
    addresses: Annotated[
        list[str] | None,
        typer.Argument(metavar="[URL]...", help="Of workers' health endpoints; GP_HOST and PORT if none is given."),
    ] = None,
    *,
    once: Annotated[bool, typer.Option("--once", help="Show one picture and end.")] = False,
    every: Annotated[float, typer.Option(min=0.2, max=3600, help="Seconds between two looks.")] = _EVERY,
    as_json: Annotated[bool, AsJson] = False,
) -> None:
    """Show what workers do, from their metrics: how long interactions wait, what is missed, who lags."""
    asked = addresses or [_own_address()]
    # What is no terminal gets one picture: nobody would read the second.
    seen = run_async(_show(asked, every, once=once or as_json or not sys.stdout.isatty(), as_json=as_json))
    if not seen:
        raise typer.Exit(1)


async def _show(addresses: list[str], every: float, *, once: bool, as_json: bool) -> bool:
    """Show until interrupted, or once; returns whether anybody answered the last time."""
    from rich.console import Console
    from rich.live import Live

    from gprunner.container import Tools
    from gprunner.top.looking import Looker
    from gprunner.top.picture import Picture

    looker = Looker(addresses, Tools.read_exposition)
    look = await looker.look()
    if as_json:
        print_json({"workers": [one.as_json() for one in look.workers], "all": look.everybody.as_json()})
    elif once:
        # Into a file or a pipe, lines are as long as they are.
        Console(width=None if sys.stdout.isatty() else _WIDE).print(Picture(look))
    else:
        # The whole screen: it is drawn anew at every look, and so fits itself to a window that changes.
        with Live(Picture(look), console=Console(), screen=True, auto_refresh=False) as live:
            while True:
                await asyncio.sleep(every)
                look = await looker.look()
                live.update(Picture(look), refresh=True)
    return look.seen


def _own_address() -> str:
    given = {**dotenv_values(".env"), **os.environ}
    host = given.get("GP_HOST") or "127.0.0.1"
    reachable = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - the worker's bind address
    return f"http://{reachable}:{given.get('PORT') or '8080'}"
