"""How an attempt at an interaction ends: what the user is told and what becomes of the delivery.

Whatever happened, the user is told once and never left looking at "thinking".
"""

import logging
from collections.abc import Sequence
from typing import Final

from gpcore.application.conversation import Conversation
from gpcore.application.handlers import CompiledHandler
from gpcore.application.jitter import unit
from gpcore.application.slots import ShedError
from gpcore.application.texts import Texts, Wordings
from gpcore.domain.embeds import Embed
from gpcore.domain.interactions import InteractionKind
from gpcore.domain.messages import LARGEST_SUGGESTION_LIST, Choice, OutgoingMessage
from gpcore.domain.refusals import Refusal
from gpcore.domain.replies import Action
from gpcore.domain.retrying import INTERACTION_DELAYS, next_delay
from gpcore.domain.settling import Ack, DeadLetter, Disposition, Retry
from gpcore.errors import (
    AlreadyAcknowledgedError,
    DeadlineMissedError,
    GpError,
    HandlerTimeoutError,
    InteractionExpiredError,
    OptionError,
    PortUnavailableError,
    Reject,
    ReplyTooLargeError,
    RetryLater,
    UserError,
)

_LOG: Final = logging.getLogger("gp.interactions")


class Endings:
    """Ends attempts."""

    def __init__(self, texts: Wordings, delays: Sequence[int] = INTERACTION_DELAYS) -> None:
        self._texts: Final = texts
        self._delays: Final = delays

    async def not_available(self, conversation: Conversation) -> Disposition:
        """Nobody handles it."""
        if conversation.state.kind is InteractionKind.AUTOCOMPLETE:
            await conversation.suggest(())
        else:
            await self._say(conversation, self._for(conversation).not_available)
        return Ack("unregistered")

    async def not_allowed(self, conversation: Conversation) -> Disposition:
        """A check refuses it."""
        await self._say(conversation, self._for(conversation).not_allowed)
        return Ack("forbidden")

    async def refused(
        self, conversation: Conversation, handler: CompiledHandler, refusal: Refusal, answer: object = None
    ) -> Disposition:
        """A cooldown or limit refuses it; ``answer`` is what the bot's own handler of that returned."""
        texts = self._for(conversation)
        text = texts.slow_down.format(when=refusal.when) if refusal.known else texts.limits_unknown
        try:
            if not await self._answer_alone(conversation, answer):
                await self._say(conversation, text)
        except (GpError, ValueError) as error:
            return await self._unsaid(conversation, handler, error)
        return Ack("refused")

    async def rescued(self, conversation: Conversation, handler: CompiledHandler, answer: object) -> Disposition:
        """An error handler of the bot's took what the handler raised, and returned ``answer``."""
        try:
            if conversation.state.kind is InteractionKind.AUTOCOMPLETE:
                if not conversation.state.answered:
                    await conversation.suggest(_choices(answer))
            elif not await self._answer_alone(conversation, answer):
                await self._tell(conversation, self._for(conversation).failed)
        except (GpError, ValueError) as error:
            return await self._unsaid(conversation, handler, error)
        return Ack("error_handled")

    def defer_lost(self, error: PortUnavailableError, *, failures: int) -> Disposition:
        """Nobody knows whether the defer arrived; the claim says so, and the next attempt finds out."""
        delay = next_delay(failures, delays=self._delays, unit=unit())
        return unanswered(error) if delay is None else Retry("defer_lost", delay, error=type(error).__name__)

    async def given_up(self, conversation: Conversation) -> None:
        """Every attempt was killed; whoever still looks at "thinking" is told."""
        await self._tell(conversation, self._for(conversation).failed)

    async def returned(self, conversation: Conversation, handler: CompiledHandler, value: object) -> Disposition:
        """The handler returned."""
        try:
            return await self._finish(conversation, handler, value)
        except (GpError, ValueError) as error:
            return await self._unsaid(conversation, handler, error)

    async def raised(
        self, conversation: Conversation, handler: CompiledHandler, error: Exception, *, failures: int
    ) -> Disposition:
        """The handler raised.

        Args:
            conversation: The exchange so far.
            handler: Who raised.
            error: What it raised.
            failures: Attempts that have failed, this one included.
        """
        if isinstance(error, UserError):
            await self._tell(conversation, error.message)
            return Ack("user_error")
        if isinstance(error, OptionError):
            option = handler.name_of(error.option, conversation.locale)
            await self._tell(conversation, self._for(conversation).misfit(error, option=option))
            return Ack("bad_option")
        if isinstance(error, RetryLater):
            delay = next_delay(failures, delays=self._delays, unit=unit(), asked_after=error.after)
            if conversation.can_run_again and delay is not None and delay < conversation.remaining():
                return Retry("retried", delay, error="RetryLater")
        if isinstance(error, Reject):
            await self._tell(conversation, self._for(conversation).failed)
            return DeadLetter(error.reason, error="Reject")
        if isinstance(error, (InteractionExpiredError, AlreadyAcknowledgedError, DeadlineMissedError)):
            return unanswered(error)
        return await self._failed(conversation, handler, error)

    async def _finish(self, conversation: Conversation, handler: CompiledHandler, value: object) -> Disposition:
        state = conversation.state
        if state.kind is InteractionKind.AUTOCOMPLETE:
            if not state.answered:
                await conversation.suggest(_choices(value))
        elif isinstance(value, str):
            await conversation.say(Action.REPLY, OutgoingMessage(content=value))
        elif isinstance(value, Embed):
            await conversation.say(Action.REPLY, OutgoingMessage(embeds=(value,)))
        elif value is not None:
            return await self._failed(conversation, handler, _wrong_value(value))
        elif not state.answered and state.from_message:
            # The automatic defer may be under way.
            await conversation.defer_if_silent(ephemeral=False)
        elif not state.answered or state.loading:
            await self._say(conversation, self._for(conversation).done)
        return Ack("handled")

    async def _answer_alone(self, conversation: Conversation, answer: object) -> bool:
        """Show the user alone what a handler of errors or refusals returned; ``False`` if nothing was said at all."""
        if isinstance(answer, str):
            await self._say(conversation, answer)
        elif isinstance(answer, Embed):
            await conversation.say(Action.REPLY, OutgoingMessage(embeds=(answer,), ephemeral=True))
        elif answer is not None:
            raise _wrong_value(answer)
        else:
            return conversation.state.answered and not conversation.can_run_again
        return True

    async def _unsaid(self, conversation: Conversation, handler: CompiledHandler, error: Exception) -> Disposition:
        """What the bot wants to say cannot be said."""
        if isinstance(error, (InteractionExpiredError, AlreadyAcknowledgedError, DeadlineMissedError)):
            return unanswered(error)
        return await self._failed(conversation, handler, error)

    async def _failed(self, conversation: Conversation, handler: CompiledHandler, error: Exception) -> Disposition:
        _LOG.error("%s failed", handler.label, exc_info=error, extra={"handler": handler.label})
        await self._tell(conversation, self._for(conversation).failed)
        return Ack("timeout" if isinstance(error, HandlerTimeoutError) else "failed")

    async def _tell(self, conversation: Conversation, text: str) -> None:
        """Tell the user, if Discord still lets us; the outcome is decided already."""
        try:
            if conversation.state.kind is not InteractionKind.AUTOCOMPLETE:
                await self._say_something(conversation, text)
            elif not conversation.state.answered:
                await conversation.suggest(())
        except GpError as error:
            _LOG.warning("the user could not be told: %s", type(error).__name__)

    async def _say_something(self, conversation: Conversation, text: str) -> None:
        """Say what a bot's error says; blanks, or more than a message holds, would leave the user at "thinking"."""
        try:
            await self._say(conversation, text)
        except ReplyTooLargeError as error:
            _LOG.warning("the bot's own words cannot be sent: %s", error)
            await self._say(conversation, self._for(conversation).failed)

    def _for(self, conversation: Conversation) -> Texts:
        return self._texts.for_locale(conversation.locale)

    async def _say(self, conversation: Conversation, text: str) -> None:
        await conversation.say(Action.REPLY, OutgoingMessage(content=text, ephemeral=True))


def unanswered(error: GpError) -> Disposition:
    """Return what becomes of a delivery whose answer could not be sent; trying again would not help."""
    if isinstance(error, InteractionExpiredError):
        return Ack("expired")
    if isinstance(error, AlreadyAcknowledgedError):
        return Ack("already_answered")
    if isinstance(error, DeadlineMissedError):
        return Ack("shed" if isinstance(error, ShedError) else "late")
    _LOG.warning("an interaction stayed unanswered: %s: %s", type(error).__name__, error)
    return Ack("unanswered")


def _choices(value: object) -> tuple[Choice, ...]:
    if value is None:
        return ()
    if not isinstance(value, Sequence) or not all(isinstance(item, Choice) for item in value):
        raise _wrong_value(value)
    return tuple(value)[:LARGEST_SUGGESTION_LIST]


def _wrong_value(value: object) -> ValueError:
    given = type(value).__name__
    if isinstance(value, Sequence) and not isinstance(value, str):
        given += f" of {', '.join(sorted({type(item).__name__ for item in value}))}"
    return ValueError(f"a handler returns str, Embed or None, autocomplete a list of Choice; not {given}")
