"""One interaction's exchange with Discord, from the first answer to the last edit.

Every action goes through the state machine of ``gpcore.domain.replies`` under one lock, so a
handler and the automatic defer can never both send a first answer. Before a first answer, and
before the first word after a defer, the intent is noted in the claim, after Discord's reply the
fact: a worker that takes over knows what may have happened.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from gpcore.application.claiming import Hold
from gpcore.application.first_answers import FirstAnswers
from gpcore.domain.claims import Progress
from gpcore.domain.deadlines import Deadlines
from gpcore.domain.interactions import Interaction
from gpcore.domain.message_limits import check_choices, check_message
from gpcore.domain.messages import Callback, CallbackType, Choice, OutgoingMessage, SentMessage
from gpcore.domain.modal_limits import check_modal
from gpcore.domain.modals import Modal
from gpcore.domain.replies import Action, Move, ReplyState, Step, advance, decide, defer_type
from gpcore.errors import DeadlineMissedError, PortUnavailableError, ReplyStateError
from gpcore.ports.clock import Clock
from gpcore.ports.first_responder import FirstResponder
from gpcore.ports.followups import ORIGINAL, Followups
from gpcore.ports.telemetry import Telemetry

_MS: Final = 1000
_DEFERS: Final = (CallbackType.DEFERRED_MESSAGE, CallbackType.DEFERRED_UPDATE)


class Conversation:
    """Answers one interaction, legally and at most once first."""

    def __init__(
        self,
        interaction: Interaction,
        deadlines: Deadlines,
        *,
        responder: FirstResponder,
        followups: Followups,
        clock: Clock,
        telemetry: Telemetry,
        hold: Hold,
        noted: Progress = Progress.NONE,
    ) -> None:
        self._interaction: Final = interaction
        self._deadlines: Final = deadlines
        self._first_answers: Final = FirstAnswers(
            interaction, deadlines, responder=responder, clock=clock, telemetry=telemetry
        )
        self._followups: Final = followups
        self._clock: Final = clock
        self._hold: Final = hold
        self._noted = noted
        self._lock: Final = asyncio.Lock()
        self._state = ReplyState(kind=interaction.kind, from_message=interaction.opened_from_message)
        self._spoken = False
        self._lost_defer: Callback | None = None

    @property
    def state(self) -> ReplyState:
        """What Discord has been told."""
        return self._state

    @property
    def locale(self) -> str | None:
        """The language of the user, as Discord's locale."""
        return self._interaction.locale

    @property
    def can_run_again(self) -> bool:
        """Whether the handler can start over: deferred, and nothing else was even tried yet."""
        return self._state.first in _DEFERS and not self._spoken

    @property
    def can_come_again(self) -> bool:
        """Whether a later attempt can start over: the state knows of the defer, too."""
        return self.can_run_again and self._noted is not Progress.NONE

    def remaining(self) -> float:
        """Return the seconds left to act: for a first answer, or for an edit once it was made."""
        limit = self._deadlines.token_ms if self._state.answered else self._deadlines.first_answer_ms
        return (limit - self._clock.now_us() // _MS) / _MS

    async def resume_deferred(self, *, ephemeral: bool) -> None:
        """Go on after a defer that another worker made."""
        step = Step(Move.CALLBACK, defer_type(self._state))
        self._state = advance(self._state, step, ephemeral=ephemeral)
        await self._note(Progress.DEFERRED, ephemeral=ephemeral)

    async def resume_if_thinking(self, *, ephemeral: bool) -> bool:
        """Go on if the user still looks at a defer that another worker made; ``False`` if not.

        Raises:
            InteractionExpiredError: Nothing was ever answered, or the token is over.
            PortError: Discord does not tell.
        """
        if defer_type(self._state) is not CallbackType.DEFERRED_MESSAGE:
            # A component's defer shows nothing.
            return False
        if not await self._followups.thinking(self._interaction.token):
            return False
        await self.resume_deferred(ephemeral=ephemeral)
        return True

    async def recover(self, *, ephemeral: bool) -> None:
        """Go on after a defer that may have arrived, by making it again.

        Raises:
            InteractionExpiredError: It had not, and it is too late.
            PortError: Discord does not tell.
        """
        async with self._lock:
            await self._make_sure(Callback(type=defer_type(self._state), ephemeral=ephemeral))

    async def defer_unless_answered(self, *, ephemeral: bool) -> bool:
        """Defer, and go on if that is the first answer; ``False`` if there was one.

        Raises:
            InteractionExpiredError: There was none, and it is too late.
            PortError: Discord does not tell.
        """
        async with self._lock:
            callback = Callback(type=defer_type(self._state), ephemeral=ephemeral)
            if await self._first_answers.had_one(callback):
                return False
            await self.resume_deferred(ephemeral=ephemeral)
            return True

    async def say(self, action: Action, message: OutgoingMessage, *, ephemeral: bool | None = None) -> SentMessage:
        """Reply, update, follow up or edit.

        Args:
            action: ``REPLY``, ``UPDATE``, ``FOLLOWUP`` or ``EDIT``.
            message: What to say; its own ``ephemeral`` holds for what is sent anew.
            ephemeral: The visibility that the handler insists on, or ``None``.

        Raises:
            ReplyStateError: Discord would refuse it now.
            ReplyTooLargeError: It breaks a limit of Discord's.
            DeadlineMissedError: It is too late.
            PortError: Discord did not take it.
        """
        check_message(message)
        async with self._lock:
            if self._lost_defer is not None:
                await self._make_sure(self._lost_defer)
            step = decide(self._state, action, ephemeral=ephemeral)
            if step.callback is not None:
                await self._first_answer(Callback(type=step.callback, message=message), ephemeral=message.ephemeral)
                return SentMessage(id=ORIGINAL)
            async with self._later(step):
                if step.move is Move.CREATE_FOLLOWUP:
                    return await self._followups.create(self._interaction.token, message)
                return await self._followups.edit(self._interaction.token, message)

    async def defer(self, *, ephemeral: bool = False) -> None:
        """Defer as a first answer; errors are those of ``say``.

        Nothing is left to do if gp itself or an earlier attempt of the handler has deferred, unless
        that shows to everybody what should be ephemeral.
        """
        async with self._lock:
            if self.can_run_again:
                self._check_visibility(ephemeral=ephemeral)
            else:
                await self._defer(ephemeral=ephemeral)

    async def defer_if_silent(self, *, ephemeral: bool) -> None:
        """Defer unless something was answered; errors are those of ``say``."""
        async with self._lock:
            if not self._state.answered:
                await self._defer(ephemeral=ephemeral)

    async def show_modal(self, modal: Modal) -> None:
        """Open a form as a first answer; errors are those of ``say``."""
        check_modal(modal)
        async with self._lock:
            decide(self._state, Action.SHOW_MODAL)
            await self._first_answer(Callback(type=CallbackType.MODAL, modal=modal))

    async def suggest(self, choices: tuple[Choice, ...]) -> None:
        """Answer an autocomplete; errors are those of ``say``."""
        check_choices(choices)
        async with self._lock:
            decide(self._state, Action.SUGGEST)
            await self._first_answer(Callback(type=CallbackType.SUGGESTIONS, choices=choices))

    async def delete(self) -> None:
        """Delete the original answer; errors are those of ``say``."""
        async with self._lock, self._later(decide(self._state, Action.DELETE)):
            await self._followups.delete(self._interaction.token)

    async def edit_followup(self, message_id: str, message: OutgoingMessage) -> SentMessage:
        """Change a follow-up that was sent before."""
        check_message(message)
        self._check_token()
        return await self._followups.edit(self._interaction.token, message, message_id=message_id)

    async def delete_followup(self, message_id: str) -> None:
        """Delete a follow-up that was sent before."""
        self._check_token()
        await self._followups.delete(self._interaction.token, message_id=message_id)

    async def settle_down(self) -> None:
        """Wait until nothing is being sent."""
        async with self._lock:
            return

    async def _defer(self, *, ephemeral: bool) -> None:
        if self._lost_defer is not None:
            await self._make_sure(self._lost_defer)
            return
        decide(self._state, Action.DEFER)
        callback = Callback(type=defer_type(self._state), ephemeral=ephemeral)
        try:
            await self._first_answer(callback, ephemeral=ephemeral)
        except PortUnavailableError:
            self._lost_defer = callback
            raise

    async def _make_sure(self, defer: Callback) -> None:
        """Make a defer that may have arrived, and go on as deferred."""
        await self._first_answers.had_one(defer)
        self._lost_defer = None
        await self.resume_deferred(ephemeral=defer.ephemeral)

    @asynccontextmanager
    async def _later(self, step: Step) -> AsyncIterator[None]:
        """Surround what follows a first answer; the first word after a defer makes it an answer."""
        self._check_token()
        first_word = self.can_run_again
        if first_word:
            self._spoken = True
            await self._note(Progress.SPEAKING)
        yield
        self._state = advance(self._state, step)
        if first_word:
            await self._note(Progress.ANSWERED)

    async def _first_answer(self, callback: Callback, *, ephemeral: bool = False) -> None:
        defers = callback.type in _DEFERS
        intent = Progress.DEFERRING if defers else Progress.ANSWERING
        if self._noted is not intent:
            await self._note(intent, ephemeral=ephemeral)
        await self._first_answers.send(callback)
        self._state = advance(self._state, Step(Move.CALLBACK, callback.type), ephemeral=ephemeral)
        await self._note(Progress.DEFERRED if defers else Progress.ANSWERED, ephemeral=ephemeral)

    async def _note(self, progress: Progress, *, ephemeral: bool = False) -> None:
        if await self._hold.note(progress, ephemeral=ephemeral):
            self._noted = progress

    def _check_visibility(self, *, ephemeral: bool) -> None:
        if ephemeral and self._state.loading and not self._state.ephemeral:
            raise ReplyStateError("it was deferred for everybody to see: set ephemeral in the handler's defer=")

    def _check_token(self) -> None:
        if self.remaining() <= 0:
            raise DeadlineMissedError("the interaction's token is valid for 15 minutes only, and they are over")
