"""The workers of one client."""

from contextlib import AsyncExitStack
from typing import Final

from gpcore.application.lifespans import started
from gpcore.application.supplying import Resources
from gpcore.application.worker import Worker
from gprunner.testing.lines import WorkerEnd
from gprunner.testing.stage import Stage


class KitWorker:
    """One worker, as a process of a fleet would be.

    Attributes:
        alive: Whether it works.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage: Final = stage
        self._end: Final = WorkerEnd()
        worker, resources = stage.worker(self._end)
        self._worker: Final[Worker] = worker
        self._resources: Final[Resources] = resources
        self._lifespans: Final = AsyncExitStack()
        self.alive = False

    async def start(self) -> None:
        """Open what the bot's lifespans open, and begin to consume.

        Raises:
            LifespanError: A lifespan did not start.
        """
        with self._stage.time.current():
            await self._lifespans.enter_async_context(started(self._stage.routes.lifespans, self._resources))
            await self._worker.start()
        self.alive = True

    async def crash(self) -> None:
        """Die as by SIGKILL: whatever it does from now on reaches nobody.

        What it held is handed out again at once; its claims stay until their leases lapse. Its handlers
        are cancelled, because a task cannot vanish: what they do in ``finally`` outside gp does happen,
        and so does what a lifespan does when it ends.
        """
        self.alive = False
        self._end.cut = True
        for lane in self._worker.lanes:
            await lane.source.close()
        await self._end_all()

    async def stop(self) -> None:
        """End as on SIGTERM with no time left: what runs is cancelled and goes back to the broker."""
        self.alive = False
        await self._end_all()

    async def _end_all(self) -> None:
        await self._worker.drain(0.0)
        with self._stage.time.current():
            await self._lifespans.aclose()
