"""Running the demo from start to summary."""

import asyncio
import signal
import time
from dataclasses import dataclass
from typing import Final

import typer

from gpcore.application.routing import Router
from gpcore.domain.dispatches import INTERACTION_CREATE
from gpcore.ports.telemetry import Telemetry
from gprunner.app_loading import compile_router
from gprunner.container import Tools
from gprunner.demo.display import Picture, Screen, display
from gprunner.demo.people import People
from gprunner.demo.tally import Tally
from gprunner.encoding import encode
from gprunner.settings import EMBEDDED_APPLICATION_ID, Settings
from gprunner.synthetic import Raw
from gprunner.worker import Worker

_PER_SECOND: Final = 40
_SETTLE_SECONDS: Final = 20.0
_TICK: Final = 0.1


@dataclass(slots=True, kw_only=True)
class Demo:
    """One run: people publish at a steady rate, the worker answers, the screen shows it."""

    worker: Worker
    people: People
    tally: Tally
    screen: Screen
    stop: asyncio.Event
    started: float
    published: int = 0

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    async def publish(self, seconds: float | None) -> None:
        """Publish until the time is over or somebody stops the demo."""
        while not self.stop.is_set() and (seconds is None or self.elapsed < seconds):
            while self.published < self.elapsed * _PER_SECOND:
                done = self.people.next()
                if done is None:
                    break
                dispatch, raw = done
                if dispatch == INTERACTION_CREATE:
                    self._announce(raw)
                publication = encode("frame", dispatch, raw, now_ms=time.time_ns() // 1_000_000)
                await self.worker.system.publisher.publish(publication.message, routing_key=publication.routing_key)
                self.published += 1
            await self._tick()

    def _announce(self, raw: Raw) -> None:
        """Tell the stand-in Discord, so that it refuses whatever the real one would refuse."""
        from_message = "message" in raw
        self.worker.system.simulator.register_interaction(
            raw["id"], raw["token"], kind=raw["type"], from_message=from_message
        )

    async def settle(self) -> None:
        """Wait until everything that was published is settled, or patience ends."""
        deadline = time.monotonic() + _SETTLE_SECONDS
        while self.tally.settled < self.published and time.monotonic() < deadline:
            await self._tick()

    async def _tick(self) -> None:
        self.screen.show(self.published, self.elapsed)
        await asyncio.sleep(_TICK)


def _tell_where(worker: Worker, settings: Settings) -> None:
    address = f"http://{settings.gp_host}:{worker.health_port}"
    typer.echo(f"health and metrics: {address}/health {address}/metrics", err=True)


async def run_demo(router: Router, settings: Settings, *, seconds: float | None, terminal: bool, seed: int) -> bool:
    """Let people use the bot for ``seconds`` (``None``: until interrupted), then print a summary.

    Returns:
        Whether every message was settled and none failed.
    """
    telemetry = Tools.telemetry()
    tally = Tally(telemetry, telemetry.render)
    worker = Worker(router, settings, embedded=True, overrides={Telemetry: tally}, drain_seconds=5.0)
    discord = worker.system.simulator
    people = People(compile_router(router), discord, application_id=EMBEDDED_APPLICATION_ID, seed=seed)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with display(Picture(tally), terminal=terminal) as screen:
        async with worker:
            _tell_where(worker, settings)
            demo = Demo(worker=worker, people=people, tally=tally, screen=screen, stop=stop, started=time.monotonic())
            await demo.publish(seconds)
            await demo.settle()
            elapsed = demo.elapsed
    screen.summary(demo.published, elapsed)
    return tally.settled == demo.published and tally.failed == 0
