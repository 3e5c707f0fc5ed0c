"""The workers of one client."""

from typing import Final

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
        self._worker: Final[Worker] = stage.worker(self._end)
        self.alive = False

    async def start(self) -> None:
        """Begin to consume."""
        with self._stage.time.current():
            await self._worker.start()
        self.alive = True

    async def crash(self) -> None:
        """Die as by SIGKILL: whatever it does from now on reaches nobody.

        What it held is handed out again at once; its claims stay until their leases lapse. Its handlers
        are cancelled, because a task cannot vanish: what they do in ``finally`` outside gp does happen.
        """
        self.alive = False
        self._end.cut = True
        for lane in self._worker.lanes:
            await lane.source.close()
        await self._worker.drain(0.0)

    async def stop(self) -> None:
        """End as on SIGTERM with no time left: what runs is cancelled and goes back to the broker."""
        self.alive = False
        await self._worker.drain(0.0)
