"""Running a worker inside another program."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Final, Self

from gpcore.application.routing import Router
from gpcore.domain.wire_message import Lane
from gprunner.app_loading import compile_router
from gprunner.lifecycle import Running, running
from gprunner.replacing import Overrides
from gprunner.settings import Settings
from gprunner.system import BOTH_LANES, System

_LOG: Final = logging.getLogger("gp.runner")
DRAIN_SECONDS: Final = 25.0


class Worker:
    """A worker as an async context manager.

    ::

        async with Worker(router, Settings.load()) as worker:
            await worker.serve()

    Entering connects and begins to consume; leaving drains: handlers that run may finish, what
    has not started goes back to the broker.

    Args:
        router: The bot's handlers.
        settings: Addresses and limits.
        lanes: Which queues to consume.
        embedded: Broker, state and Discord as parts of this process.
        overrides: Implementations of your own, by port, such as ``{AdmissionStore: mine}``.
        drain_seconds: How long leaving may take.

    Raises:
        ConfigurationError: A handler is declared wrongly; every mistake with file and line.
    """

    def __init__(
        self,
        router: Router,
        settings: Settings,
        *,
        lanes: Sequence[Lane] = BOTH_LANES,
        embedded: bool = False,
        overrides: Overrides | None = None,
        drain_seconds: float = DRAIN_SECONDS,
    ) -> None:
        self._settings: Final = settings
        self._drain_seconds: Final = drain_seconds
        self._stop: Final = asyncio.Event()
        self._opened: AbstractAsyncContextManager[Running] | None = None
        self._running: Running | None = None
        self.system: Final = System(
            settings, compile_router(router), lanes=lanes, embedded=embedded, overrides=overrides
        )

    @property
    def health_port(self) -> int:
        """Where the health endpoint listens; 0 before the worker was entered."""
        return self._running.health_port if self._running is not None else 0

    async def __aenter__(self) -> Self:
        self._opened = running(self.system, self._settings, drain_seconds=self._drain_seconds, stopped=self._stop)
        self._running = await self._opened.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._opened is not None:
            await self._opened.__aexit__(kind, error, traceback)

    def stop(self) -> None:
        """Make ``serve`` return; safe in a signal handler of the event loop."""
        self._stop.set()

    async def serve(self) -> None:
        """Work until ``stop`` is called.

        Raises:
            ConfigurationError: The broker refuses what the worker needs, and waiting cannot help.
            RuntimeError: The worker was not entered.
        """
        if self._running is None:
            raise RuntimeError("enter the worker first: async with Worker(...) as worker")
        _LOG.info("worker consumes", extra={"lanes": [lane.lane.value for lane in self._running.worker.lanes]})
        stopped = asyncio.create_task(self._stop.wait())
        failed = asyncio.create_task(self._running.worker.failed())
        try:
            done, _ = await asyncio.wait({stopped, failed}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in (stopped, failed):
                task.cancel()
            await asyncio.gather(stopped, failed, return_exceptions=True)
