"""``gp worker run`` and ``gp worker health``."""

import asyncio
import os
import sys
from typing import Annotated, Final

import typer
from dotenv import dotenv_values

from gpcore.domain.wire_message import Lane
from gpcore.errors import ConfigurationError
from gprunner.cli.ending import EXIT_INTERRUPTED, Ending, end_with_parent
from gprunner.cli.running import AppDir, run_async, set_up_logging
from gprunner.settings import ADDRESSES, Settings

app = typer.Typer(help="Run a worker, or ask one how it is.", no_args_is_help=True)

_CLOSING_SECONDS: Final = 3.0
"""Of the time to end: for closing connections after the drain."""

_LANES: Final = {lane.value: lane for lane in Lane}


@app.command("run")
def run(
    bot: Annotated[str, typer.Argument(metavar="MODULE:ATTR", help="The bot's router, such as bot:router.")],
    *,
    embedded: Annotated[
        bool, typer.Option("--embedded", help="Broker, state and a stand-in Discord inside this process.")
    ] = False,
    queues: Annotated[str, typer.Option(help="Which lanes to consume, separated by commas.")] = "interactions,events",
    concurrency: Annotated[
        int | None, typer.Option(min=1, max=1000, help="Handlers running at a time, in each lane.")
    ] = None,
    shutdown_timeout: Annotated[
        float,
        typer.Option(
            min=10, max=600, help="Seconds in which the worker ends after SIGTERM; the last five are for giving back."
        ),
    ] = 25.0,
    app_dir: Annotated[str, AppDir] = ".",
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="Processes; a parent keeps them alive and answers for all.")
    ] = 1,
    reload: Annotated[
        bool, typer.Option("--reload", help="Start again when a .py file below --app-dir changes.")
    ] = False,
    child: Annotated[bool, typer.Option("--child", hidden=True)] = False,
) -> None:
    """Consume interactions and events until SIGTERM or SIGINT; a second signal ends at once."""
    if embedded and (workers > 1 or reload):
        raise ConfigurationError(
            "--embedded: its broker is inside the process, so there can be only one, without --reload"
        )
    settings = Settings.load(
        need=() if embedded else ADDRESSES, interaction_concurrency=concurrency, event_concurrency=concurrency
    )
    set_up_logging(settings)
    lanes = _lanes(queues)
    if workers > 1 or reload:
        from gprunner.cli.fleet import FleetOrder, serve_fleet

        order = FleetOrder(
            bot=bot,
            app_dir=app_dir,
            lanes=lanes,
            concurrency=concurrency,
            workers=workers,
            reload=reload,
            shutdown_timeout=shutdown_timeout,
        )
        interrupted = run_async(serve_fleet(order, settings))
    else:
        interrupted = run_async(_serve(bot, app_dir, settings, lanes, shutdown_timeout, embedded=embedded, child=child))
    if interrupted:
        raise typer.Exit(EXIT_INTERRUPTED)


@app.command("health")
def health(
    *,
    live: Annotated[
        bool, typer.Option("--live", help="Only whether it is alive, whatever RabbitMQ and Redis do: for restarts.")
    ] = False,
) -> None:
    """Ask the worker on GP_HOST and PORT; exit 0 if it is healthy, else 1."""
    from gprunner.health_client import ask

    given = {**dotenv_values(".env"), **os.environ}
    page = "/livez" if live else "/health"
    healthy, answer = ask(given.get("GP_HOST") or "127.0.0.1", given.get("PORT") or "8080", page)
    typer.echo(answer)
    if not healthy:
        raise typer.Exit(1)


async def _serve(
    bot: str,
    app_dir: str,
    settings: Settings,
    lanes: tuple[Lane, ...],
    shutdown_timeout: float,
    *,
    embedded: bool,
    child: bool,
) -> bool:
    """Run the worker; returns whether Ctrl-C ended it."""
    from gprunner.app_loading import load_router
    from gprunner.worker import Worker

    router = load_router(bot, app_dir=app_dir)
    drain_seconds = shutdown_timeout - _CLOSING_SECONDS
    worker = Worker(router, settings, lanes=lanes, embedded=embedded, drain_seconds=drain_seconds)
    loop = asyncio.get_running_loop()
    ending = Ending(lambda: loop.call_soon_threadsafe(worker.stop), seconds=shutdown_timeout)
    if child:
        end_with_parent(ending)
    with ending.on_signals():
        async with worker:
            if settings.port == 0:
                typer.echo(f"http://{settings.gp_host}:{worker.health_port}/health")
                sys.stdout.flush()
            await worker.serve()
    return ending.interrupted


def _lanes(queues: str) -> tuple[Lane, ...]:
    names = [name.strip() for name in queues.split(",") if name.strip()]
    unknown = sorted(set(names) - set(_LANES))
    if unknown or not names:
        raise ConfigurationError(f"--queues {queues!r}: choose from {', '.join(_LANES)}")
    return tuple(_LANES[name] for name in dict.fromkeys(names))
