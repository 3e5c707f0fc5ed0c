"""``gp simulate discord``."""

import asyncio
import signal
from collections.abc import Sequence
from typing import Annotated

import typer

from gpcore.errors import ConfigurationError
from gprunner.cli.running import run_async

app = typer.Typer(help="Stand-ins for the outside.", no_args_is_help=True)


@app.callback()
def root() -> None:
    """Stand-ins for the outside."""


@app.command("discord")
def discord(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 picks a free one.")] = 8100,
    fault: Annotated[
        list[str] | None,
        typer.Option(help="KIND or KIND=SHARE of all requests, such as 429_user=0.1 or slow; may be given often."),
    ] = None,
) -> None:
    """Serve a stand-in Discord REST API until interrupted; point DISCORD_API_URL at the address it prints."""
    run_async(_serve(host, port, fault or []))


async def _serve(host: str, port: int, faults: Sequence[str]) -> None:
    from gprunner.container import Tools

    simulator = Tools.simulator()
    for text in faults:
        try:
            simulator.inject(Tools.chosen_fault(text))
        except ValueError as error:
            raise ConfigurationError(f"--fault {text}: {error}") from error
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        await simulator.start(host=host, port=port)
    except OSError as error:
        await simulator.close()
        raise ConfigurationError(f"--port: cannot listen on {host}:{port}: {error.strerror}; 0 picks one") from error
    try:
        typer.echo(simulator.url)
        await stop.wait()
    finally:
        await simulator.close()
