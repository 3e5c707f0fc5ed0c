"""The interactions lane: from a delivery to its disposition.

Look at the age, claim the id, find out how far an earlier attempt got, answer, and mark the id as
done, in this order.
"""

from typing import Final

from gpcore.application.answering import Answering, Run
from gpcore.application.claiming import Claims, Hold, settled_elsewhere
from gpcore.application.conversation import Conversation
from gpcore.application.edge import Edge
from gpcore.application.endings import unanswered
from gpcore.application.intake import Intake, is_first_delivery
from gpcore.application.jitter import unit
from gpcore.application.joining import InFlight
from gpcore.application.routes import Found, Routes
from gpcore.domain import metrics
from gpcore.domain.claims import ClaimResult, Progress
from gpcore.domain.deadlines import Age, Deadlines, judge_age
from gpcore.domain.defer import DeferMode
from gpcore.domain.envelope import Envelope
from gpcore.domain.headers import attempts_failed
from gpcore.domain.interaction_reading import interaction_from
from gpcore.domain.interactions import Interaction, InteractionKind
from gpcore.domain.retrying import delay_of_at_least
from gpcore.domain.settling import Ack, DeadLetter, Disposition, GiveBack, Retry
from gpcore.domain.wire_message import Lane
from gpcore.errors import PortError, PortRejectedError
from gpcore.ports.delivery import Delivery

_KNOWN_TYPES: Final = frozenset({"interaction.button", "interaction.modal", "interaction.autocomplete"})
_COMMAND_TYPE: Final = "interaction.command."


class InteractionUseCase:
    """Decides what happens to a delivery of the interactions lane."""

    def __init__(self, intake: Intake, routes: Routes, claims: Claims, answering: Answering, edge: Edge) -> None:
        self._intake: Final = intake
        self._routes: Final = routes
        self._claims: Final = claims
        self._answering: Final = answering
        self._edge: Final = edge
        self._in_flight: Final = InFlight()

    async def handle(self, delivery: Delivery) -> Disposition:
        """Process one delivery; a cancellation gives the claim up before it goes on."""
        opened = self._intake.open(delivery)
        if not isinstance(opened, Envelope):
            return opened
        interaction = interaction_from(opened)
        if interaction is None:
            return Ack("unsupported_kind")
        if opened.event_type not in _KNOWN_TYPES and not opened.event_type.startswith(_COMMAND_TYPE):
            return Ack("unknown_event_type")
        age = judge_age(interaction.id, self._now_ms())
        hopeless = self._hopeless(age, delivery)
        if hopeless is not None:
            return hopeless
        return await self._in_flight.run(interaction.id, lambda: self._claim_and_answer(delivery, interaction))

    def _hopeless(self, age: Age, delivery: Delivery) -> Disposition | None:
        if age is Age.FUTURE:
            return DeadLetter("future_interaction")
        if age is Age.EXPIRED:
            return Ack("token_expired")
        if age is Age.LATE and is_first_delivery(delivery):
            self._edge.telemetry.count(metrics.CLOCK_SKEW)
            return Ack("late")
        return None

    async def _claim_and_answer(self, delivery: Delivery, interaction: Interaction) -> Disposition:
        found = self._routes.find(interaction)
        result = await self._claim(interaction, found)
        if result is not None:
            settled = settled_elsewhere(result, delays=self._edge.timing.ladders.interactions)
            if isinstance(settled, DeadLetter) and result.progress is Progress.DEFERRED:
                await self._give_up(delivery, interaction, result)
            if settled is not None:
                return settled
        hold = self._claims.hold(result)
        try:
            disposition = await self._answer(delivery, interaction, found, result, hold)
        except BaseException:
            # Cancelled by the drain: free the id first, so that the next worker need not wait.
            await hold.release(give_back_attempt=True)
            raise
        await _close(hold, disposition)
        return disposition

    async def _claim(self, interaction: Interaction, found: Found | None) -> ClaimResult | None:
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
            ended = await self._pick_up(run, found, result)
        except PortRejectedError as error:
            return unanswered(error)
        except PortError as error:
            return self._later("discord_unavailable", 0, error=type(error).__name__)
        return ended if ended is not None else await self._answering.answer(run, found)

    async def _give_up(self, delivery: Delivery, interaction: Interaction, result: ClaimResult) -> None:
        run = self._begin(delivery, interaction, None, result, self._claims.hold(None))
        run.conversation.resume_deferred(ephemeral=result.ephemeral)
        await self._answering.give_up(run)

    def _begin(
        self, delivery: Delivery, interaction: Interaction, found: Found | None, result: ClaimResult | None, hold: Hold
    ) -> Run:
        deadlines = Deadlines.of(interaction.id, self._now_ms())
        always = found is not None and found[0].policy.defer.mode is DeferMode.ALWAYS
        conversation = Conversation(
            interaction,
            deadlines,
            responder=self._edge.responder,
            followups=self._edge.followups,
            clock=self._edge.clock,
            telemetry=self._edge.telemetry,
            hold=hold,
            noted=Progress.DEFERRING if always and result is not None else Progress.NONE,
        )
        return Run(
            interaction=interaction,
            conversation=conversation,
            deadlines=deadlines,
            failures=attempts_failed(delivery.message.headers),
            admitted=result is not None and result.progress is Progress.DEFERRED,
        )

    async def _pick_up(self, run: Run, found: Found | None, result: ClaimResult | None) -> Disposition | None:
        """Go on from where an earlier attempt stopped; ``None`` means: answer now."""
        progress = result.progress if result is not None else Progress.NONE
        ephemeral = result.ephemeral if result is not None else False
        late = judge_age(run.interaction.id, self._now_ms()) is not Age.FRESH
        if progress is Progress.NONE:
            return Ack("late") if late else None
        if progress is Progress.ANSWERED:
            return Ack("interrupted")
        if progress is Progress.DEFERRED:
            run.conversation.resume_deferred(ephemeral=ephemeral)
            return None
        if progress is Progress.DEFERRING:
            await run.conversation.recover(ephemeral=ephemeral)
            return None
        if late or not _may_defer(run.interaction, found):
            return Ack("interrupted")
        return Ack("interrupted") if await run.conversation.recover(ephemeral=ephemeral) else None

    def _later(self, outcome: str, seconds: float, *, error: str) -> Retry:
        delay = delay_of_at_least(seconds, delays=self._edge.timing.ladders.interactions, unit=unit())
        return Retry(outcome, delay, error=error)

    def _now_ms(self) -> int:
        return self._edge.clock.now_us() // 1000


async def _close(hold: Hold, disposition: Disposition) -> None:
    """Write the outcome into the claim before the broker hears of it."""
    if isinstance(disposition, (Ack, DeadLetter)):
        await hold.complete()
    else:
        await hold.release(give_back_attempt=isinstance(disposition, GiveBack))


def _may_defer(interaction: Interaction, found: Found | None) -> bool:
    if interaction.kind is InteractionKind.AUTOCOMPLETE or found is None:
        return False
    return found[0].policy.defer.mode is not DeferMode.NEVER
