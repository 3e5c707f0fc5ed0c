"""Putting the use cases together; typed, so that a wrong part is found before it runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from gpcore.application.admission import Admission
from gpcore.application.answering import Answering
from gpcore.application.calling import Calls
from gpcore.application.claiming import Claims
from gpcore.application.edge import Edge
from gpcore.application.endings import Endings
from gpcore.application.events import EventUseCase
from gpcore.application.handler_slots import HandlerSlots
from gpcore.application.health import HealthCheck
from gpcore.application.intake import Intake
from gpcore.application.interactions import InteractionUseCase
from gpcore.application.lanes import ClosableSlots, LaneRunner, UseCase
from gpcore.application.routes import Routes
from gpcore.application.settlement import Settler
from gpcore.application.slots import Slots
from gpcore.application.worker import Worker
from gpcore.domain.wire_message import Lane
from gpcore.ports.admission_store import AdmissionStore
from gpcore.ports.clock import Clock
from gpcore.ports.codec import Codec
from gpcore.ports.delivery import DeliverySource
from gpcore.ports.probe import Probe
from gpcore.ports.publisher import Publisher
from gprunner.memory_use import resident_mb
from gprunner.settings import Settings


class SourceFactory(Protocol):
    """Makes the source of one lane."""

    def __call__(self, *, lane: Lane, prefetch: int) -> DeliverySource:
        """Return a source that has not started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a worker is made of, beside the edge through which it answers."""

    settings: Settings
    routes: Routes
    edge: Edge
    codec: Codec
    claims: Claims
    admissions: AdmissionStore
    publisher: Publisher
    source: SourceFactory


def assemble_worker(parts: Parts, lanes: Sequence[Lane]) -> Worker:
    """Return a worker for these lanes that has not started."""
    runners = {Lane.INTERACTIONS: _interactions, Lane.EVENTS: _events}
    return Worker([runners[lane](parts) for lane in lanes], parts.claims, parts.edge.clock)


def assemble_health(worker: Worker, probes: Sequence[Probe], clock: Clock, settings: Settings) -> HealthCheck:
    """Return the health check of a worker."""
    return HealthCheck(worker, probes, clock, memory_mb=resident_mb, threshold_mb=settings.memory_threshold_mb)


def _interactions(parts: Parts) -> LaneRunner:
    edge, settings = parts.edge, parts.settings
    slots = Slots(settings.interaction_concurrency)
    quick_slots = Slots(settings.interaction_concurrency, newest_first=True)
    own_slots = HandlerSlots(parts.routes)
    answering = Answering(
        edge,
        Admission(parts.admissions, edge.clock, edge.telemetry),
        Endings(edge.texts, edge.timing.ladders.interactions),
        _calls(edge),
        slots=slots,
        quick_slots=quick_slots,
        own_slots=own_slots,
    )
    use_case = InteractionUseCase(Intake(parts.codec, edge.clock), parts.routes, parts.claims, answering, edge)
    source = parts.source(lane=Lane.INTERACTIONS, prefetch=settings.interaction_prefetch)
    return _runner(parts, Lane.INTERACTIONS, source, use_case.handle, (own_slots, slots, quick_slots))


def _events(parts: Parts) -> LaneRunner:
    edge, settings = parts.edge, parts.settings
    slots, own_slots = Slots(settings.event_concurrency), HandlerSlots(parts.routes)
    use_case = EventUseCase(
        intake=Intake(parts.codec, edge.clock),
        routes=parts.routes,
        claims=parts.claims,
        bot=edge.bot,
        sessions=edge.sessions,
        calls=_calls(edge),
        slots=slots,
        own_slots=own_slots,
        clock=edge.clock,
        telemetry=edge.telemetry,
        tracer=edge.tracer,
        delays=edge.timing.ladders.events,
    )
    source = parts.source(lane=Lane.EVENTS, prefetch=settings.event_prefetch)
    return _runner(parts, Lane.EVENTS, source, use_case.handle, (own_slots, slots))


def _calls(edge: Edge) -> Calls:
    return Calls(
        edge.resources,
        default_timeout=edge.timing.handler_timeout,
        clock=edge.clock,
        telemetry=edge.telemetry,
        tracer=edge.tracer,
    )


def _runner(
    parts: Parts, lane: Lane, source: DeliverySource, use_case: UseCase, slots: tuple[ClosableSlots, ...]
) -> LaneRunner:
    edge = parts.edge
    return LaneRunner(
        lane,
        source=source,
        use_case=use_case,
        slots=slots,
        settler=Settler(parts.publisher, parts.codec, edge.clock, edge.telemetry),
        clock=edge.clock,
        telemetry=edge.telemetry,
    )
