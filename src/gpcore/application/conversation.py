"""One interaction's exchange with Discord, from the first answer to the last edit.

Every action goes through the state machine of ``gpcore.domain.replies`` under one lock, so a
handler and the automatic defer can never both send a first answer.
"""

from gpcore.application.exchange import Exchange
from gpcore.domain.message_limits import check_anything, check_choices, check_message
from gpcore.domain.messages import Callback, CallbackType, Choice, OutgoingMessage, SentMessage
from gpcore.domain.modal_limits import check_modal
from gpcore.domain.modals import Modal
from gpcore.domain.replies import Action, Move, decide, defer_type
from gpcore.errors import PortUnavailableError, ReplyStateError
from gpcore.ports.followups import ORIGINAL


class Conversation(Exchange):
    """Answers one interaction, legally and at most once first."""

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
        check_message(message, anew=action in (Action.REPLY, Action.FOLLOWUP))
        async with self._lock:
            if self._lost_defer is not None:
                await self._make_sure(self._lost_defer)
            step = decide(self._state, action, ephemeral=ephemeral)
            if action is Action.EDIT and self._state.loading:
                # What shows "thinking" has nothing that could stay.
                check_anything(message)
            if step.callback is not None:
                return await self._say_first(step.callback, message)
            if step.move is Move.CREATE_FOLLOWUP:
                async with self._later(step):
                    sent = await self._followups.create(self._interaction.token, message)
                self._layouts.sent(sent.id, message)
                return sent
            self._layouts.check(ORIGINAL, message)
            async with self._later(step):
                sent = await self._followups.edit(self._interaction.token, message)
            self._layouts.changed(ORIGINAL, message)
            return sent

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
        check_choices(choices, option_type=self._interaction.typed_into)
        async with self._lock:
            decide(self._state, Action.SUGGEST)
            await self._first_answer(Callback(type=CallbackType.SUGGESTIONS, choices=choices))

    async def delete(self) -> None:
        """Delete the original answer; errors are those of ``say``."""
        async with self._lock, self._later(decide(self._state, Action.DELETE)):
            await self._followups.delete(self._interaction.token)

    async def edit_followup(self, message_id: str, message: OutgoingMessage) -> SentMessage:
        """Change a follow-up that was sent before; errors are those of ``say``."""
        check_message(message)
        async with self._lock:
            self._check_followup(message_id)
            self._layouts.check(message_id, message)
            sent = await self._followups.edit(self._interaction.token, message, message_id=message_id)
            self._layouts.changed(message_id, message)
            return sent

    async def delete_followup(self, message_id: str) -> None:
        """Delete a follow-up that was sent before; errors are those of ``say``."""
        async with self._lock:
            self._check_followup(message_id)
            await self._followups.delete(self._interaction.token, message_id=message_id)
            self._gone.add(message_id)

    async def settle_down(self) -> None:
        """Wait until nothing is being sent."""
        async with self._lock:
            return

    async def _say_first(self, kind: CallbackType, message: OutgoingMessage) -> SentMessage:
        updates = kind is CallbackType.UPDATE
        if updates:
            self._layouts.check(ORIGINAL, message)
        await self._first_answer(Callback(type=kind, message=message), ephemeral=message.ephemeral)
        (self._layouts.changed if updates else self._layouts.sent)(ORIGINAL, message)
        return SentMessage(id=ORIGINAL)

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

    def _check_followup(self, message_id: str) -> None:
        self._check_token()
        if message_id in self._gone:
            raise ReplyStateError("that follow-up was deleted: send another one with ctx.followup")

    def _check_visibility(self, *, ephemeral: bool) -> None:
        if ephemeral and self._state.loading and not self._state.ephemeral:
            raise ReplyStateError("it was deferred for everybody to see: set ephemeral in the handler's defer=")
