"""Starting everything in order, and ending it in the opposite one."""

import logging
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from gpcore.application.worker import Worker
from gprunner.health_server import serve_health
from gprunner.settings import Settings
from gprunner.system import CONNECTIONS, System

_LOG: Final = logging.getLogger("gp.runner")


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
        stack.push_async_callback(_close_all, system, connections)
        yield system


@asynccontextmanager
async def running(system: System, settings: Settings, *, drain_seconds: float) -> AsyncIterator[Running]:
    """Run the worker for the body, then drain it.

    Raises:
        ConfigurationError: It cannot run as it is configured.
    """
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(opened(system))
        if settings.gp_topology == "apply":
            await system.topology.apply()
        metrics = system.metrics
        render = metrics.render if metrics is not None else None
        port = await stack.enter_async_context(
            serve_health(system.health, render, host=settings.gp_host, port=settings.port)
        )
        _LOG.info("health endpoint listens", extra={"address": f"http://{settings.gp_host}:{port}", "port": port})
        worker = system.worker
        stack.push_async_callback(worker.drain, drain_seconds)
        await worker.start()
        yield Running(worker=worker, health_port=port)


async def _close_all(system: System, connections: Collection[str]) -> None:
    for part in system.to_close(connections):
        await part.close()
