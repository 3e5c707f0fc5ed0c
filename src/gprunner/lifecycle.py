"""Starting everything in order, and ending it in the opposite one."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Collection, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Final

from gpcore.application.lag import watch_lag
from gpcore.application.lifespans import started
from gpcore.application.vitals import watch_vitals
from gpcore.application.worker import Worker
from gpcore.domain.metrics import MEMORY_THRESHOLD
from gpcore.errors import PortUnavailableError
from gpcore.ports.probe import Probe
from gpcore.ports.topology import Topology
from gprunner.health_server import Render, serve_health
from gprunner.pulse import pulse
from gprunner.settings import Settings
from gprunner.system import CONNECTIONS, System

_LOG: Final = logging.getLogger("gp.runner")
_SHORTEST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 15.0
_BYTES: Final = 1_048_576
_NEW_OBJECTS: Final = 10_000
"""After so many more containers were made than given back the collector looks at the new ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A started system.

    Attributes:
        worker: Consuming.
        health_port: Where the health endpoint listens.
    """

    worker: Worker
    health_port: int


@asynccontextmanager
async def opened(system: System, connections: Collection[str] = CONNECTIONS) -> AsyncIterator[System]:
    """Start what the system needs before anything else; these groups of connections are closed at the end."""
    async with AsyncExitStack() as stack:
        for part in system.to_start:
            stack.push_async_callback(part.close)
            await part.start()
        for holder in system.to_close(connections):
            stack.push_async_callback(holder.close)
        yield system


@asynccontextmanager
async def running(
    system: System, settings: Settings, *, drain_seconds: float, stopped: asyncio.Event
) -> AsyncIterator[Running]:
    """Run the worker for the body, then drain it.

    Args:
        system: Its parts.
        settings: What to do at start, and where the health endpoint listens.
        drain_seconds: How long the drain may take.
        stopped: Ends the waiting for a broker that is not there yet.

    The bot's lifespans start after everything else and before anything is consumed; they end after the drain.

    Raises:
        ConfigurationError: It cannot run as it is configured.
        LifespanError: Something that the bot opens at start did not open.
    """
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(opened(system))
        port = await stack.enter_async_context(
            serve_health(system.health, _renderer(system), host=settings.gp_host, port=settings.port)
        )
        _LOG.info("health endpoint listens", extra={"address": f"http://{settings.gp_host}:{port}", "port": port})
        await stack.enter_async_context(pulse(_renderer(system)))
        await stack.enter_async_context(_first_look(system.health_probes))
        worker = system.worker
        if settings.gp_topology == "apply":
            await _apply(system.topology, stopped)
        await stack.enter_async_context(started(system.parts.routes.lifespans, system.parts.edge.resources))
        stack.push_async_callback(worker.drain, drain_seconds)
        stack.enter_context(_collecting_seldom())
        await worker.start()
        for watch in _watches(system, settings):
            stack.push_async_callback(_cancelled, asyncio.create_task(watch))
        yield Running(worker=worker, health_port=port)


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Let the garbage collector look seldom and at little, for the body.

    What was built so far lives as long as the process. What a message makes is given back as it ends, without the
    collector, which with its usual threshold would look again and again at whatever is in flight.
    """
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _watches(system: System, settings: Settings) -> tuple[Coroutine[None, None, None], ...]:
    """Return what the worker measures about itself for as long as it runs."""
    edge = system.parts.edge
    edge.telemetry.gauge(MEMORY_THRESHOLD, settings.memory_threshold_mb * _BYTES)
    return (
        watch_lag(edge.clock, edge.telemetry),
        watch_vitals(system.worker.lanes, edge.waiting, edge.clock, edge.telemetry),
    )


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait((task,))


def _renderer(system: System) -> Render | None:
    metrics = system.metrics
    if metrics is None:
        return None

    async def render() -> tuple[bytes, str]:
        return metrics.render()

    return render


@asynccontextmanager
async def _first_look(probes: Collection[Probe]) -> AsyncIterator[None]:
    """Log once what the peers are, without waiting for one that does not answer."""
    looking = asyncio.create_task(_look_at(probes))
    try:
        yield
    finally:
        looking.cancel()
        await asyncio.wait([looking])


async def _look_at(probes: Collection[Probe]) -> None:
    for probe in probes:
        found = await probe.check()
        _LOG.log(logging.INFO if found.ok else logging.WARNING, "%s: %s", found.name, found.detail)


async def _apply(topology: Topology, stopped: asyncio.Event) -> None:
    """Apply the topology, waiting for a broker that cannot be reached as a worker that only verifies would."""
    pause = _SHORTEST_PAUSE
    while not stopped.is_set():
        try:
            findings = await topology.apply()
        except PortUnavailableError as error:
            _LOG.warning("the topology cannot be applied yet: %s", error)
        else:
            for one in findings:
                if one.state != "ok":
                    _LOG.warning("%s %s is %s: %s", one.kind, one.name, one.state, one.detail)
            return
        try:
            await asyncio.wait_for(stopped.wait(), pause)
        except TimeoutError:
            pause = min(pause * 2, _LONGEST_PAUSE)
