"""Keeps one broker session alive: connect, hold, notice its end, pause, connect again.

The client library can reconnect by itself, but it loses consumers in ways that it does not tell,
waits a fixed time (so a fleet comes back as one storm) and re-declares what it remembers. A
session here is one connection from birth to death; nothing survives from one to the next.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from gpadapters.rabbitmq.settings import RabbitSettings
from gpcore.domain.backoff import Backoff
from gpcore.domain.metrics import RECONNECTS
from gpcore.errors import ConfigurationError, PortError, PortUnavailableError
from gpcore.ports.telemetry import Telemetry

log = logging.getLogger("gp.rabbitmq")


class SessionLostError(PortUnavailableError):
    """A session ended that had been up.

    Attributes:
        reason: One of a few words, for the metric.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class MissingTopologyError(PortUnavailableError):
    """The broker works but lacks what is needed; somebody has to declare it."""


class Supervisor:
    """Runs sessions one after the other until it is told to stop."""

    def __init__(
        self,
        session: Callable[[int], Awaitable[None]],
        *,
        name: str,
        settings: RabbitSettings,
        telemetry: Telemetry,
        unit: Callable[[], float],
    ) -> None:
        """Prepare; nothing runs before ``start``.

        Args:
            session: Runs the session with the given number, from 1; it always ends by raising.
            name: What the log calls it.
            settings: Pauses.
            telemetry: Counts reconnects.
            unit: Returns random numbers in [0, 1).
        """
        self._session = session
        self._name = name
        self._settings = settings
        self._telemetry = telemetry
        self._unit = unit
        self._backoff = Backoff(initial=settings.reconnect_initial, maximum=settings.reconnect_max, unit=unit)
        self._enough = asyncio.Event()
        self._over = asyncio.Event()
        self._missing_told = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin in the background."""
        self._task = asyncio.create_task(self._run(), name=f"gp {self._name}")
        self._task.add_done_callback(self._on_end)

    async def over(self) -> None:
        """Wait for ``close``, or until trying again cannot help.

        Raises:
            ConfigurationError: Trying again cannot help.
        """
        await self._over.wait()
        if self._task is not None and not self._task.cancelled():
            self._task.result()

    def no_more(self) -> None:
        """Start no further session; the running one goes on."""
        self._enough.set()

    async def close(self) -> None:
        """End the running session, too, and wait for it."""
        self.no_more()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,))
        self._over.set()

    def _on_end(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and task.exception() is not None:
            self._over.set()

    async def _run(self) -> None:
        number = 0
        while not self._enough.is_set():
            number += 1
            started = asyncio.get_running_loop().time()
            try:
                await self._session(number)
            except MissingTopologyError as error:
                await self._pause(self._after_missing_topology(error))
            except PortError as error:
                if asyncio.get_running_loop().time() - started >= self._settings.healthy_after:
                    self._backoff.reset()
                await self._pause(self._after_lost_connection(error))
            except ConfigurationError as error:
                log.error("%s: %s", self._name, error)  # noqa: TRY400 - the text says it all, no code is at fault
                raise

    def _after_missing_topology(self, error: PortError) -> float:
        if not self._missing_told:
            log.error("%s: %s. Run `gp topology apply`; trying again until it is there.", self._name, error)
        self._missing_told = True
        return self._settings.missing_topology_interval * (0.8 + 0.2 * self._unit())

    def _after_lost_connection(self, error: PortError) -> float:
        self._missing_told = False
        if self._enough.is_set():
            return 0.0
        self._telemetry.count(RECONNECTS, error.reason if isinstance(error, SessionLostError) else "unreachable")
        pause = self._backoff.next_pause()
        log.warning("%s: %s; next attempt in %.1f s", self._name, error, pause)
        return pause

    async def _pause(self, seconds: float) -> None:
        waiter = asyncio.ensure_future(self._enough.wait())
        try:
            await asyncio.wait((waiter,), timeout=seconds)
        finally:
            waiter.cancel()
