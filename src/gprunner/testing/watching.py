"""Looking on while the production code works: at deliveries, measurements and handlers."""

import asyncio
import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, Protocol

from typing_extensions import override

from gpcore.application.event_context import EventContext
from gpcore.application.handlers import CompiledHandler
from gpcore.application.routes import Found, Routes
from gpcore.domain import metrics
from gpcore.domain.interactions import Interaction
from gpcore.domain.metrics import Metric
from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.ports.delivery import Delivery, DeliverySource, Receive
from gpcore.ports.telemetry import Telemetry
from gprunner.testing.stories import Journal


class SourceFactory(Protocol):
    """Makes the source of one lane."""

    def __call__(self, *, lane: Lane, prefetch: int) -> DeliverySource:
        """Return a source that has not started."""


class Outcomes:
    """The outcome that a delivery's own task has counted, until the same task settles the delivery."""

    def __init__(self) -> None:
        self._by_task: Final[dict[asyncio.Task[Any] | None, str]] = {}

    def put(self, outcome: str) -> None:
        """Keep the outcome of what this task works on."""
        self._by_task[asyncio.current_task()] = outcome

    def take(self) -> str:
        """Return it; a delivery that is settled without one was cancelled."""
        return self._by_task.pop(asyncio.current_task(), "given_back")


class WatchedTelemetry(Telemetry):
    """Passes everything on and keeps the outcomes of deliveries."""

    def __init__(self, inner: Telemetry, outcomes: Outcomes) -> None:
        self._inner: Final = inner
        self._outcomes: Final = outcomes

    @override
    def count(self, metric: Metric, *labels: str) -> None:
        if metric is metrics.DELIVERIES:
            self._outcomes.put(labels[1])
        self._inner.count(metric, *labels)

    @override
    def observe(self, metric: Metric, value: float, *labels: str) -> None:
        self._inner.observe(metric, value, *labels)

    @override
    def gauge(self, metric: Metric, value: float, *labels: str) -> None:
        self._inner.gauge(metric, value, *labels)


class WatchedDelivery(Delivery):
    """A delivery that tells the journal how it was settled."""

    def __init__(self, inner: Delivery, journal: Journal, outcomes: Outcomes) -> None:
        self._inner: Final = inner
        self._journal: Final = journal
        self._outcomes: Final = outcomes

    @property
    @override
    def lane(self) -> Lane:
        return self._inner.lane

    @property
    @override
    def message(self) -> WireMessage:
        return self._inner.message

    @property
    @override
    def redelivered(self) -> bool:
        return self._inner.redelivered

    @property
    @override
    def broker_deliveries(self) -> int:
        return self._inner.broker_deliveries

    @override
    async def ack(self) -> bool:
        return self._note(told=await self._inner.ack())

    @override
    async def give_back(self) -> bool:
        return self._note(told=await self._inner.give_back())

    def _note(self, *, told: bool) -> bool:
        outcome = self._outcomes.take()
        if told:
            self._journal.settle(self.message.message_id, outcome)
        return told


class WatchedSource(DeliverySource):
    """A source whose deliveries are watched."""

    def __init__(self, inner: DeliverySource, watch: Callable[[Delivery], Delivery]) -> None:
        self._inner: Final = inner
        self._watch: Final = watch

    @override
    async def start(self, receive: Receive) -> None:
        await self._inner.start(lambda delivery: receive(self._watch(delivery)))

    @override
    def state(self) -> str:
        return self._inner.state()

    @override
    def ready(self) -> int | None:
        return self._inner.ready()

    @override
    async def failed(self) -> None:
        await self._inner.failed()

    @override
    async def stop(self) -> None:
        await self._inner.stop()

    @override
    async def close(self) -> None:
        await self._inner.close()


def watched_source(
    make: SourceFactory, journal: Journal, outcomes: Outcomes, *, lane: Lane, prefetch: int
) -> DeliverySource:
    """Return the source of a lane, watched."""
    watch = functools.partial(WatchedDelivery, journal=journal, outcomes=outcomes)
    return WatchedSource(make(lane=lane, prefetch=prefetch), watch)


class WatchedRoutes(Routes):
    """Compiled routes whose handlers are watched while they run."""

    def __init__(self, routes: Routes, journal: Journal) -> None:
        super().__init__(routes.texts)
        # Whatever else compiled routes know belongs to them, not to this class.
        self.__dict__.update(vars(routes))
        self._journal = journal

    @override
    def find(self, interaction: Interaction) -> Found | None:
        found = super().find(interaction)
        return None if found is None else (_watched(found[0], self._journal), *found[1:])

    @override
    def find_event(self, event_type: str, dispatch: str | None) -> CompiledHandler | None:
        found = super().find_event(event_type, dispatch)
        return None if found is None else _watched(found, self._journal)


def _watched(handler: CompiledHandler, journal: Journal) -> CompiledHandler:
    function = handler.registration.function

    @functools.wraps(function)
    async def run(context: Any, *args: Any, **named: Any) -> Any:  # noqa: ANN401 - passes the handler's own through
        key = context.event_id if isinstance(context, EventContext) else context.interaction.id
        with journal.handler(handler.label, key):
            return await function(context, *args, **named)

    return replace(handler, registration=replace(handler.registration, function=run))
