"""``gp worker run --workers N`` and ``--reload``: the parent."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer

from gpcore.domain.wire_message import Lane
from gprunner.cli.ending import Ending
from gprunner.fleet.answers import FleetAnswers
from gprunner.fleet.child import Child
from gprunner.fleet.fleet import Fleet
from gprunner.fleet.watching import source_changed
from gprunner.health_server import serve_health
from gprunner.settings import Settings

_MARGIN: Final = 1.0
"""Seconds of the time to end that the parent keeps for itself."""

_PRIVATE: Final = {"GP_HOST": "127.0.0.1", "PORT": "0"}
"""A child's endpoint is for its parent alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetOrder:
    """What to run: the arguments of ``gp worker run``."""

    bot: str
    app_dir: str
    lanes: Sequence[Lane]
    concurrency: int | None
    workers: int
    reload: bool
    shutdown_timeout: float

    def command(self) -> list[str]:
        """Return the command line of one child."""
        command = [sys.executable, "-m", "gprunner", "worker", "run", self.bot, "--child"]
        command += ["--app-dir", self.app_dir, "--queues", ",".join(self.lanes)]
        command += ["--shutdown-timeout", str(max(self.shutdown_timeout - _MARGIN, 10.0))]
        return command if self.concurrency is None else [*command, "--concurrency", str(self.concurrency)]


async def serve_fleet(order: FleetOrder, settings: Settings) -> bool:
    """Run the children until a signal; returns whether Ctrl-C ended it.

    Raises:
        ConfigurationError: A child cannot run as it is configured, or the endpoint's address is taken.
    """
    from gprunner.container import Tools

    children = [Child(str(number), order.command(), _PRIVATE) for number in range(order.workers)]
    fleet = Fleet(children, forgiving=order.reload)
    answers = FleetAnswers(fleet, Tools.merge_expositions)
    loop = asyncio.get_running_loop()
    ending = Ending(lambda: loop.call_soon_threadsafe(fleet.stop), seconds=order.shutdown_timeout, at_once=fleet.kill)
    with ending.on_signals():
        async with serve_health(answers, answers.render, host=settings.gp_host, port=settings.port) as port:
            if settings.port == 0:
                typer.echo(f"http://{settings.gp_host}:{port}/health")
            watcher = asyncio.create_task(_renew_on_change(fleet, Path(order.app_dir))) if order.reload else None
            try:
                await fleet.run()
            finally:
                if watcher is not None:
                    watcher.cancel()
    return ending.interrupted


async def _renew_on_change(fleet: Fleet, folder: Path) -> None:
    while True:
        await source_changed(folder)
        fleet.renew()
