"""The interactions lane: from a delivery to its disposition.

Look at the age and at how long an answer takes at present, claim the id, find out how far an earlier
attempt got, answer, and mark the id as done, in this order.
"""

import contextlib
from typing import Final

from gpcore.application.answering import Answering, Run
from gpcore.application.claiming import Claims, settled_elsewhere
from gpcore.application.conversation import Conversation
from gpcore.application.edge import Edge
from gpcore.application.endings import unanswered
from gpcore.application.following import following
from gpcore.application.holding import Hold
from gpcore.application.intake import Intake, is_first_delivery
from gpcore.application.jitter import unit
from gpcore.application.joining import InFlight
from gpcore.application.recovery import Past, pick_up, waits
from gpcore.application.routes import Found, Routes
from gpcore.application.waiting import NoticingResponder
from gpcore.domain import metrics
from gpcore.domain.claims import ClaimResult, Progress, Verdict
from gpcore.domain.deadlines import Age, Deadlines, first_answer_left_ms, judge_age
from gpcore.domain.defer import DeferMode
from gpcore.domain.envelope import Envelope
from gpcore.domain.headers import attempts_failed
from gpcore.domain.headroom import Headroom
from gpcore.domain.interaction_reading import interaction_from
from gpcore.domain.interactions import Interaction
from gpcore.domain.retrying import delay_of_at_least
from gpcore.domain.settling import Ack, DeadLetter, Disposition, GiveBack, Retry
from gpcore.domain.suspicion import MOST_VANISHED, vanished_attempts
from gpcore.domain.wire_message import Lane
from gpcore.errors import PortError, PortRejectedError
from gpcore.ports.delivery import Delivery

_KNOWN_TYPES: Final = frozenset({"interaction.button", "interaction.modal", "interaction.autocomplete"})
_COMMAND_TYPE: Final = "interaction.command."
_MISSES: Final = {
    "late": "late",
    "shed": "shed",
    "expired": "expired",
    "token_expired": "expired",
    "unanswered": "unanswered",
}
"""Outcomes of interactions that nobody answered, with the words for the metric."""

_MICROSECONDS: Final = 1_000_000
_MS: Final = 1000


class InteractionUseCase:
    """Decides what happens to a delivery of the interactions lane."""

    def __init__(self, intake: Intake, routes: Routes, claims: Claims, answering: Answering, edge: Edge) -> None:
        self._intake: Final = intake
        self._routes: Final = routes
        self._claims: Final = claims
        self._answering: Final = answering
        self._edge: Final = edge
        self._responder: Final = NoticingResponder(edge.responder, edge.waiting, edge.clock)
        self._in_flight: Final = InFlight()
        self._headroom = Headroom()

    async def handle(self, delivery: Delivery) -> Disposition:
        """Process one delivery; a cancellation gives the claim up before it goes on."""
        disposition = await self._decide(delivery)
        if isinstance(disposition, Ack) and disposition.outcome in _MISSES:
            self._edge.telemetry.count(metrics.MISSES, _MISSES[disposition.outcome])
        return disposition

    async def _decide(self, delivery: Delivery) -> Disposition:
        opened = self._intake.open(delivery)
        if not isinstance(opened, Envelope):
            return opened
        with following(self._edge.tracer, Lane.INTERACTIONS, opened):
            return await self._open(delivery, opened)

    async def _open(self, delivery: Delivery, opened: Envelope) -> Disposition:
        interaction = interaction_from(opened)
        if interaction is None:
            return Ack("unsupported_kind")
        if opened.event_type not in _KNOWN_TYPES and not opened.event_type.startswith(_COMMAND_TYPE):
            return Ack("unknown_event_type")
        age = judge_age(interaction.id, self._now_ms())
        if age is Age.FRESH or (age is Age.LATE and is_first_delivery(delivery)):
            self._edge.waiting.arrived(interaction.id)
        try:
            hopeless = self._hopeless(age, delivery, interaction)
            if hopeless is not None:
                return hopeless
            return await self._in_flight.run(interaction.id, lambda: self._claim_and_answer(delivery, interaction))
        finally:
            self._edge.waiting.gone(interaction.id, self._now_ms())

    def _hopeless(self, age: Age, delivery: Delivery, interaction: Interaction) -> Disposition | None:
        if age is Age.FUTURE:
            return DeadLetter("future_interaction")
        if age is Age.EXPIRED:
            return Ack("token_expired")
        if age is Age.LATE and is_first_delivery(delivery):
            self._edge.telemetry.count(metrics.CLOCK_SKEW)
            return Ack("late")
        if age is Age.FRESH and is_first_delivery(delivery):
            left = first_answer_left_ms(interaction.id, self._now_ms())
            return Ack("shed") if left < self._headroom.needed_ms else None
        return None

    async def _claim_and_answer(self, delivery: Delivery, interaction: Interaction) -> Disposition:
        found = self._routes.find(interaction)
        result = await self._claim(interaction, found)
        if result is not None:
            settled = settled_elsewhere(result, delays=self._edge.timing.ladders.interactions)
            if settled is None and _has_killed(delivery, result):
                self._edge.telemetry.count(metrics.SUSPECTS)
                return await self._condemn(delivery, interaction, result)
            if isinstance(settled, DeadLetter):
                await self._give_up(delivery, interaction, result)
            if settled is not None:
                return settled
        hold = self._claims.hold(result, Lane.INTERACTIONS)
        try:
            disposition = await self._answer(delivery, interaction, found, result, hold)
        except BaseException:
            # Cancelled by the drain: free the id first, so that the next worker need not wait.
            await hold.release(give_back_attempt=True)
            raise
        await _close(hold, disposition)
        return disposition

    async def _claim(self, interaction: Interaction, found: Found | None) -> ClaimResult | None:
        """Claim the id, waiting for another owner as long as a first answer could still be made.

        The other one may be dead; its lease is short, whereas the retry ladder would take too long.
        """
        began = self._edge.clock.monotonic()
        result = await self._ask_for(interaction, found)
        self._headroom = self._headroom.after((self._edge.clock.monotonic() - began) * _MS)
        while result is not None and result.verdict is Verdict.BUSY:
            wait = result.retry_after_us / _MICROSECONDS
            if judge_age(interaction.id, self._now_ms() + int(wait * _MS)) is not Age.FRESH:
                break
            await self._edge.clock.sleep(wait)
            result = await self._ask_for(interaction, found)
        return result

    async def _ask_for(self, interaction: Interaction, found: Found | None) -> ClaimResult | None:
        """Claim the id; without state the interaction runs unguarded, since Discord refuses a second answer."""
        defer = found[0].policy.defer if found is not None else None
        always = defer is not None and defer.mode is DeferMode.ALWAYS
        try:
            return await self._claims.claim(
                Lane.INTERACTIONS,
                interaction.id,
                intent=Progress.DEFERRING if always else Progress.NONE,
                ephemeral=defer.ephemeral if defer is not None and always else False,
            )
        except PortError:
            self._edge.telemetry.count(metrics.STATE_FAILURES, "claim")
            return None

    async def _answer(
        self, delivery: Delivery, interaction: Interaction, found: Found | None, result: ClaimResult | None, hold: Hold
    ) -> Disposition:
        run = self._begin(delivery, interaction, found, result, hold)
        try:
            late = judge_age(interaction.id, self._now_ms()) is not Age.FRESH
            ended = await pick_up(run.conversation, found, result, late=late, past=_past(delivery, run.failures))
        except PortRejectedError as error:
            return unanswered(error)
        except PortError as error:
            return self._later("discord_unavailable", 0, error=type(error).__name__)
        return ended if ended is not None else await self._answering.answer(run, found)

    async def _condemn(self, delivery: Delivery, interaction: Interaction, result: ClaimResult) -> Disposition:
        """Make no further attempt at what has killed its workers; whoever waits is told."""
        await self._give_up(delivery, interaction, result)
        await self._claims.hold(result, Lane.INTERACTIONS).complete()
        return DeadLetter("killed_workers")

    async def _give_up(self, delivery: Delivery, interaction: Interaction, result: ClaimResult) -> None:
        run = self._begin(delivery, interaction, None, result, self._claims.hold(None))
        with contextlib.suppress(PortError):
            if await waits(run.conversation, result):
                await self._answering.give_up(run)

    def _begin(
        self, delivery: Delivery, interaction: Interaction, found: Found | None, result: ClaimResult | None, hold: Hold
    ) -> Run:
        deadlines = Deadlines.of(interaction.id, self._now_ms())
        conversation = Conversation(
            interaction,
            deadlines,
            responder=self._responder,
            followups=self._edge.followups,
            clock=self._edge.clock,
            telemetry=self._edge.telemetry,
            hold=hold,
            noted=_noted(found, result),
        )
        return Run(
            interaction=interaction,
            conversation=conversation,
            deadlines=deadlines,
            failures=attempts_failed(delivery.message.headers),
            admitted=result is not None and result.progress is Progress.DEFERRED,
        )

    def _later(self, outcome: str, seconds: float, *, error: str) -> Retry:
        delay = delay_of_at_least(seconds, delays=self._edge.timing.ladders.interactions, unit=unit())
        return Retry(outcome, delay, error=error)

    def _now_ms(self) -> int:
        return self._edge.clock.now_us() // _MS


def _has_killed(delivery: Delivery, result: ClaimResult) -> bool:
    failures = attempts_failed(delivery.message.headers)
    return vanished_attempts(result.attempts, failures) >= MOST_VANISHED


def _past(delivery: Delivery, failures: int) -> Past:
    if failures > 0:
        return Past.RETRIED
    return Past.NONE if is_first_delivery(delivery) else Past.REDELIVERED


def _noted(found: Found | None, result: ClaimResult | None) -> Progress:
    """Return what the claim says now: the progress that it found, or else the intent that it brought."""
    if result is None or result.progress is not Progress.NONE:
        return Progress.NONE if result is None else result.progress
    always = found is not None and found[0].policy.defer.mode is DeferMode.ALWAYS
    return Progress.DEFERRING if always else Progress.NONE


async def _close(hold: Hold, disposition: Disposition) -> None:
    """Write the outcome into the claim before the broker hears of it."""
    if isinstance(disposition, (Ack, DeadLetter)):
        await hold.complete()
    else:
        await hold.release(give_back_attempt=isinstance(disposition, GiveBack))
