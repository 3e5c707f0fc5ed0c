"""A lane at work: every delivery gets a task of its own, and every task settles its delivery.

The broker's prefetch bounds the tasks. How many handlers run at a time is decided inside the use
case, so a first answer never waits behind somebody else's handler.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from typing import Final, Protocol

from gpcore.application.boundary import Raised, contain
from gpcore.application.settlement import Settler
from gpcore.domain import metrics
from gpcore.domain.settling import DeadLetter, Disposition
from gpcore.domain.wire_message import Lane
from gpcore.ports.clock import Clock
from gpcore.ports.delivery import Delivery, DeliverySource
from gpcore.ports.telemetry import Telemetry

_LOG: Final = logging.getLogger("gp.lanes")
UseCase = Callable[[Delivery], Awaitable[Disposition]]


class ClosableSlots(Protocol):
    """Slots that a drain closes, so that nothing starts any more."""

    def close(self) -> None:
        """Refuse everyone who waits now or comes later."""
        ...


class LaneRunner:
    """Feeds one lane's deliveries to its use case and settles them."""

    def __init__(
        self,
        lane: Lane,
        *,
        source: DeliverySource,
        use_case: UseCase,
        slots: tuple[ClosableSlots, ...],
        settler: Settler,
        clock: Clock,
        telemetry: Telemetry,
    ) -> None:
        self.lane: Final = lane
        self.source: Final = source
        self._use_case: Final = use_case
        self._slots: Final = slots
        self._settler: Final = settler
        self._clock: Final = clock
        self._telemetry: Final = telemetry
        self._name: Final = lane.value
        self._tasks: Final[set[asyncio.Task[None]]] = set()
        self._counting = False
        self._context = copy_context()

    @property
    def in_flight(self) -> int:
        """How many deliveries are being worked on."""
        return len(self._tasks)

    async def start(self) -> None:
        """Begin to consume; every delivery begins in the context of this call, whoever has published it."""
        self._context = copy_context()
        await self.source.start(self._receive)

    async def stop_consuming(self) -> None:
        """Take no more deliveries and start no more handlers; what waits for a slot goes back at once."""
        # The slots first: a broker that does not answer must not keep handlers starting.
        for slots in self._slots:
            slots.close()
        await self.source.stop()

    async def finish(self, seconds: float) -> None:
        """Let running handlers finish for ``seconds``, then cancel them; each settles its delivery."""
        if not self._tasks:
            return
        try:
            async with self._clock.deadline(seconds):
                await asyncio.wait(set(self._tasks))
        except TimeoutError:
            _LOG.warning("%s: %d handlers did not finish in time and go back", self._name, len(self._tasks))

    async def cancel(self) -> None:
        """Cancel what still runs and wait until it has given its claims and deliveries back."""
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _receive(self, delivery: Delivery) -> None:
        task = asyncio.create_task(self._work(delivery), context=self._context.copy())
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        self._count()

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._count()

    def _count(self) -> None:
        """Write the gauge once for all deliveries that come and go in one turn of the event loop."""
        if not self._counting:
            self._counting = True
            asyncio.get_running_loop().call_soon(self._write_count)

    def _write_count(self) -> None:
        self._counting = False
        self._telemetry.gauge(metrics.IN_FLIGHT, len(self._tasks), self._name)

    async def _work(self, delivery: Delivery) -> None:
        began = self._clock.monotonic()
        try:
            settled = await contain(self._settler.settle(delivery, await self._disposition(delivery)))
        except asyncio.CancelledError:
            await delivery.give_back()
            raise
        if isinstance(settled, Raised):
            _LOG.error("%s: a delivery could not be settled", self._name, exc_info=settled.error)
            await delivery.give_back()
        self._telemetry.observe(metrics.PROCESS_DURATION, self._clock.monotonic() - began, self._name)

    async def _disposition(self, delivery: Delivery) -> Disposition:
        ended = await contain(self._use_case(delivery))
        if isinstance(ended, Raised):
            _LOG.error("%s: a delivery could not be processed", self._name, exc_info=ended.error)
            return DeadLetter("internal_error", error=type(ended.error).__name__)
        return ended.value
