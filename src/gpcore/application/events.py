"""The events lane: from a delivery to its disposition.

Claim the event id, run the handler, mark the id as done. A state store that is down never loses
an event: as the handler says, it runs unguarded or waits.
"""

import logging
from collections.abc import Sequence
from typing import Final

from gpcore.application.boundary import Returned
from gpcore.application.calling import Calls
from gpcore.application.claiming import Claims, settled_elsewhere
from gpcore.application.company import Company
from gpcore.application.context import Bot
from gpcore.application.event_context import EventContext
from gpcore.application.following import following
from gpcore.application.handler_slots import HandlerSlots
from gpcore.application.handlers import CompiledHandler
from gpcore.application.intake import Intake
from gpcore.application.jitter import unit
from gpcore.application.joining import InFlight
from gpcore.application.routes import Routes
from gpcore.application.sessions import Sessions
from gpcore.application.slots import Slots, SlotsClosedError
from gpcore.domain import metrics
from gpcore.domain.claims import ClaimResult
from gpcore.domain.envelope import Envelope
from gpcore.domain.events import EVENT_CLASSES, dispatch_from, event_from
from gpcore.domain.headers import attempts_failed
from gpcore.domain.retrying import EVENT_DELAYS, delay_of_at_least, next_delay
from gpcore.domain.settling import Ack, DeadLetter, Disposition, GiveBack, Retry
from gpcore.domain.suspicion import is_suspect, vanished_attempts
from gpcore.domain.wire_message import Lane
from gpcore.errors import (
    ConfigurationError,
    PortError,
    PortRejectedError,
    PortThrottledError,
    Reject,
    RetryLater,
)
from gpcore.ports.clock import Clock
from gpcore.ports.delivery import Delivery
from gpcore.ports.session_store import SessionStore
from gpcore.ports.telemetry import Telemetry
from gpcore.ports.tracer import NO_TRACER, Tracer

_LOG: Final = logging.getLogger("gp.events")
_SHORTEST_WAIT: Final = 0.5
_LONGEST_WAIT: Final = 10.0
_WAIT_AT_MOST: Final = 20 * 60.0
"""Below the broker's half hour after which it takes a delivery away."""


class EventUseCase:
    """Decides what happens to a delivery of the events lane."""

    def __init__(
        self,
        *,
        intake: Intake,
        routes: Routes,
        claims: Claims,
        bot: Bot,
        sessions: SessionStore,
        calls: Calls,
        slots: Slots,
        own_slots: HandlerSlots,
        clock: Clock,
        telemetry: Telemetry,
        tracer: Tracer = NO_TRACER,
        delays: Sequence[int] = EVENT_DELAYS,
    ) -> None:
        self._intake: Final = intake
        self._routes: Final = routes
        self._claims: Final = claims
        self._bot: Final = bot
        self._sessions: Final = sessions
        self._calls: Final = calls
        self._slots: Final = slots
        self._own_slots: Final = own_slots
        self._clock: Final = clock
        self._telemetry: Final = telemetry
        self._tracer: Final = tracer
        self._delays: Final = delays
        self._in_flight: Final = InFlight()
        self._company: Final = Company()

    async def handle(self, delivery: Delivery) -> Disposition:
        """Process one delivery; a cancellation gives the claim up before it goes on."""
        opened = self._intake.open(delivery)
        if not isinstance(opened, Envelope):
            return opened
        handler = self._routes.find_event(opened.event_type, opened.dispatch)
        if handler is None:
            known = opened.event_type in EVENT_CLASSES or opened.dispatch is not None
            return Ack("unhandled" if known else "unknown_event_type")
        with following(self._tracer, Lane.EVENTS, opened):
            return await self._in_flight.run(opened.event_id, lambda: self._process(delivery, opened, handler))

    async def _process(self, delivery: Delivery, envelope: Envelope, handler: CompiledHandler) -> Disposition:
        try:
            async with self._own_slots.slot(handler), self._slots.slot():
                return await self._among_others(delivery, envelope, handler)
        except SlotsClosedError:
            return GiveBack("drained")

    async def _among_others(self, delivery: Delivery, envelope: Envelope, handler: CompiledHandler) -> Disposition:
        """Run beside others, unless it may kill the worker: then alone.

        Nothing is claimed while it waits: a worker that dies meanwhile must cost it no attempt.
        """
        if not is_suspect(returns=delivery.broker_deliveries):
            async with self._company.together():
                claim = await self._claim(envelope, handler, patient=True)
                if not isinstance(claim, ClaimResult) or not _may_have_killed(delivery, claim):
                    return await self._run(delivery, envelope, handler, claim)
                await self._claims.hold(claim).release(give_back_attempt=True)
        async with self._company.alone():
            self._telemetry.count(metrics.SUSPECTS)
            claim = await self._claim(envelope, handler, patient=False)
            return await self._run(delivery, envelope, handler, claim)

    async def _claim(
        self, envelope: Envelope, handler: CompiledHandler, *, patient: bool
    ) -> ClaimResult | Disposition | None:
        """Return the claim, ``None`` to run unguarded, or what becomes of an event that is not ours to run.

        Who is not patient waits for the state elsewhere: nobody else runs meanwhile.
        """
        if self._slots.closed:
            return GiveBack("drained")
        try:
            result = await self._claims.claim(Lane.EVENTS, envelope.event_id)
        except PortError:
            self._telemetry.count(metrics.STATE_FAILURES, "claim")
            if handler.policy.if_state_down == "run":
                return None
            if not patient:
                return Retry("state_down", delay_of_at_least(0, delays=self._delays, unit=unit()), counts=False)
            waited = await self._wait_for_state(envelope)
            if waited is None:
                return GiveBack("state_down")
            result = waited
        return result if (settled := settled_elsewhere(result, delays=self._delays)) is None else settled

    async def _wait_for_state(self, envelope: Envelope) -> ClaimResult | None:
        """Try again, holding the delivery and its slot, so that the lane comes to rest by itself.

        A drain ends the waiting: nothing has started.
        """
        started, pause = self._clock.monotonic(), _SHORTEST_WAIT
        while not self._slots.closed and self._clock.monotonic() - started < _WAIT_AT_MOST:
            await self._clock.sleep(pause * (0.5 + unit() / 2))
            pause = min(pause * 2, _LONGEST_WAIT)
            try:
                return await self._claims.claim(Lane.EVENTS, envelope.event_id)
            except PortError:
                self._telemetry.count(metrics.STATE_FAILURES, "claim")
        return None

    async def _run(
        self,
        delivery: Delivery,
        envelope: Envelope,
        handler: CompiledHandler,
        claim: ClaimResult | Disposition | None,
    ) -> Disposition:
        if not isinstance(claim, ClaimResult) and claim is not None:
            return claim
        hold = self._claims.hold(claim)
        try:
            outcome = await self._call(envelope, handler, fence=claim.ticket.fence if claim is not None else 0)
        except BaseException:
            # Cancelled by the drain: free the id first, so that the next worker need not wait.
            await hold.release(give_back_attempt=True)
            raise
        if isinstance(outcome, Ack):
            await hold.complete()
            return outcome
        failures = attempts_failed(delivery.message.headers) + 1
        if claim is not None:
            # A worker that was killed could not write the header, but its claim was counted.
            failures = max(failures, claim.attempts)
        await hold.release()
        return self._failure(handler, outcome, failures)

    async def _call(self, envelope: Envelope, handler: CompiledHandler, *, fence: int) -> Ack | Exception:
        """Run the handler and, if it fails, the bot's error handler; return what stays unhandled."""
        event = event_from(envelope) if handler.registration.name in EVENT_CLASSES else dispatch_from(envelope)
        context = EventContext(
            event,
            event_id=envelope.event_id,
            fence=fence,
            bot=self._bot,
            sessions=self._sessions_of(envelope.user_id),
            handler=handler.label,
        )
        ended = await self._calls.handler(handler, context)
        if isinstance(ended, Returned):
            return Ack("handled")
        rescued = await self._calls.error_handler(handler, context, ended.error)
        if isinstance(rescued, Returned):
            return Ack("error_handled")
        return ended.error if rescued is None else rescued.error

    def _sessions_of(self, user_id: str | None) -> Sessions | None:
        return None if user_id is None else Sessions(self._sessions, user_id, self._clock, self._telemetry)

    def _failure(self, handler: CompiledHandler, error: Exception, failures: int) -> Disposition:
        name = type(error).__name__
        if isinstance(error, Reject):
            return DeadLetter(error.reason, error=name)
        if not isinstance(error, (RetryLater, PortThrottledError)):
            _LOG.error("%s failed", handler.label, exc_info=error, extra={"handler": handler.label})
        if isinstance(error, (PortRejectedError, ConfigurationError)):
            return DeadLetter("permanent", error=name)
        delay = next_delay(failures, delays=self._delays, unit=unit(), asked_after=_asked_after(error))
        return DeadLetter("attempts", error=name) if delay is None else Retry("retried", delay, error=name)


def _may_have_killed(delivery: Delivery, claim: ClaimResult) -> bool:
    if claim.attempts == 1:
        return False
    vanished = vanished_attempts(claim.attempts, attempts_failed(delivery.message.headers))
    return is_suspect(returns=0, vanished=vanished)


def _asked_after(error: Exception) -> float | None:
    if isinstance(error, RetryLater):
        return error.after
    return error.retry_after if isinstance(error, PortThrottledError) else None
