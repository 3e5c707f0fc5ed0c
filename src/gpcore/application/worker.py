"""The worker: both lanes, the claims they hold, and the order of starting and stopping."""

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from typing import Final

from gpcore.application.claiming import Claims
from gpcore.application.lanes import LaneRunner
from gpcore.ports.clock import Clock

_LOG: Final = logging.getLogger("gp.worker")
_STOP_SECONDS: Final = 2.0


class Worker:
    """Runs lanes until told to stop.

    ``start`` begins to consume, ``failed`` waits for what cannot be mended by waiting, ``drain``
    ends in order: take nothing new, return what has not started, let handlers finish, cancel the
    rest, and give their claims up before their deliveries go back.
    """

    def __init__(self, lanes: Sequence[LaneRunner], claims: Claims, clock: Clock) -> None:
        self.lanes: Final = tuple(lanes)
        self._claims: Final = claims
        self._clock: Final = clock
        self._keeper: asyncio.Task[None] | None = None
        self._draining = False

    @property
    def draining(self) -> bool:
        """Whether the worker is ending."""
        return self._draining

    async def start(self) -> None:
        """Begin to consume.

        Raises:
            ConfigurationError: A lane can never consume as things are configured.
        """
        self._keeper = asyncio.create_task(self._claims.keep())
        for lane in self.lanes:
            await lane.start()

    async def failed(self) -> None:
        """Wait until a lane cannot go on, or leases are no longer kept.

        Raises:
            ConfigurationError: The reason.
        """
        sources = [asyncio.create_task(lane.source.failed()) for lane in self.lanes]
        keeper = [self._keeper] if self._keeper is not None else []
        try:
            done, _ = await asyncio.wait([*sources, *keeper], return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in sources:
                task.cancel()
            await asyncio.gather(*sources, return_exceptions=True)

    async def drain(self, seconds: float) -> None:
        """End within about ``seconds``; every delivery is settled or will be redelivered.

        Handlers may finish for all of it but the last two seconds, which are for giving back what
        they leave.
        """
        self._draining = True
        last_call = self._clock.monotonic() + seconds - _STOP_SECONDS
        await self._within(_STOP_SECONDS, *(lane.stop_consuming() for lane in self.lanes))
        left = max(last_call - self._clock.monotonic(), 0.0)
        await asyncio.gather(*(lane.finish(left) for lane in self.lanes))
        await self._within(_STOP_SECONDS, *(lane.cancel() for lane in self.lanes))
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        await asyncio.gather(*(lane.source.close() for lane in self.lanes))

    async def _within(self, seconds: float, *work: Awaitable[None]) -> None:
        try:
            async with self._clock.deadline(seconds):
                await asyncio.gather(*work)
        except TimeoutError:
            _LOG.warning("a step of the drain took longer than %g s and was left behind", seconds)
