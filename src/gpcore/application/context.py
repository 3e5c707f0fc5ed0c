"""What a handler gets: the interaction or event, and the ways to act on it."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gpcore.application.conversation import Conversation
from gpcore.application.interaction_facts import InteractionFacts
from gpcore.application.outgoing import outgoing
from gpcore.application.sessions import Sessions
from gpcore.domain.chosen import Chosen
from gpcore.domain.components import Component
from gpcore.domain.embeds import Embed
from gpcore.domain.files import File
from gpcore.domain.interactions import Interaction, SubmittedField
from gpcore.domain.messages import NO_MENTIONS, AllowedMentions, Choice, SentMessage
from gpcore.domain.modals import Modal
from gpcore.domain.reading import Object
from gpcore.domain.replies import Action
from gpcore.ports.channels import Channels
from gpcore.ports.members import Members
from gpcore.ports.messages import Messages

HANDLERS_LOG: Final = logging.getLogger("gp.handlers")
Log = logging.LoggerAdapter[logging.Logger]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """Operations as the bot, with its token; each raises ``ConfigurationError`` if there is none."""

    members: Members
    messages: Messages
    channels: Channels


class InteractionContext(InteractionFacts):
    """An interaction and the ways to answer it.

    What can be done when is decided by ``gpcore.domain.replies``; an action that Discord would
    refuse raises ``ReplyStateError`` and says what to do instead.
    """

    def __init__(
        self, interaction: Interaction, conversation: Conversation, *, bot: Bot, sessions: Sessions, handler: str
    ) -> None:
        super().__init__(interaction)
        self.bot: Final = bot
        self.sessions: Final = sessions
        self.log: Final[Log] = _log(handler, interaction)
        self._conversation: Final = conversation

    @property
    def deadline(self) -> float:
        """Seconds left: for a first answer until one was made, then for edits and follow-ups."""
        return self._conversation.remaining()

    async def defer(self, *, ephemeral: bool = False) -> None:
        """Show "thinking" (a component keeps its message) and take up to 15 minutes."""
        await self._conversation.defer(ephemeral=ephemeral)

    async def reply(
        self,
        content: str | None = None,
        *,
        embeds: Sequence[Embed] | None = None,
        components: Sequence[Component] | None = None,
        files: Sequence[File] = (),
        ephemeral: bool | None = None,
        allowed_mentions: AllowedMentions = NO_MENTIONS,
    ) -> SentMessage:
        """Answer: as the first answer, as an edit of the deferred one, or else as a follow-up.

        Raises:
            ReplyStateError: Discord would refuse it now.
            ReplyTooLargeError: It breaks a limit of Discord's.
            DeadlineMissedError: It is too late.
            PortError: Discord did not take it.
        """
        message = outgoing(content, embeds, components, files, allowed_mentions, ephemeral=ephemeral)
        return await self._conversation.say(Action.REPLY, message, ephemeral=ephemeral)

    async def followup(
        self,
        content: str | None = None,
        *,
        embeds: Sequence[Embed] | None = None,
        components: Sequence[Component] | None = None,
        files: Sequence[File] = (),
        ephemeral: bool | None = None,
        allowed_mentions: AllowedMentions = NO_MENTIONS,
    ) -> SentMessage:
        """Send one more message after an answer; raises what ``reply`` raises."""
        message = outgoing(content, embeds, components, files, allowed_mentions, ephemeral=ephemeral)
        return await self._conversation.say(Action.FOLLOWUP, message, ephemeral=ephemeral)

    async def edit(
        self,
        content: str | None = None,
        *,
        embeds: Sequence[Embed] | None = None,
        components: Sequence[Component] | None = None,
        files: Sequence[File] = (),
        message: SentMessage | None = None,
        allowed_mentions: AllowedMentions = NO_MENTIONS,
    ) -> SentMessage:
        """Change the answer, or the follow-up given as ``message``; raises what ``reply`` raises."""
        change = outgoing(content, embeds, components, files, allowed_mentions)
        if message is not None and message.id != "@original":
            return await self._conversation.edit_followup(message.id, change)
        return await self._conversation.say(Action.EDIT, change)

    async def delete(self, message: SentMessage | None = None) -> None:
        """Delete the answer, or the follow-up given as ``message``."""
        if message is not None and message.id != "@original":
            await self._conversation.delete_followup(message.id)
        else:
            await self._conversation.delete()


class CommandContext(InteractionContext):
    """A command."""

    async def show_modal(self, modal: Modal) -> None:
        """Open a form; it must be the first answer, so the handler needs ``Defer.never()``."""
        await self._conversation.show_modal(modal)


class MessageContext(InteractionContext):
    """Something that was done with a message, or with a form that may have been opened from one."""

    @property
    def message(self) -> Object | None:
        """Discord's object of the message; ``None`` from v1, and for a form that a command opened."""
        return self.interaction.message

    async def update(
        self,
        content: str | None = None,
        *,
        embeds: Sequence[Embed] | None = None,
        components: Sequence[Component] | None = None,
        files: Sequence[File] = (),
        allowed_mentions: AllowedMentions = NO_MENTIONS,
    ) -> SentMessage:
        """Change the message; raises what ``reply`` raises."""
        message = outgoing(content, embeds, components, files, allowed_mentions)
        return await self._conversation.say(Action.UPDATE, message)


class ComponentContext(CommandContext, MessageContext):
    """A pressed button or a select."""

    @property
    def values(self) -> tuple[str, ...]:
        """What was chosen in a select; ids for users, roles and channels."""
        return self.interaction.values

    @property
    def chosen(self) -> Chosen:
        """The same as users, roles or channels: ``ctx.chosen.users``."""
        return Chosen(self.interaction.values, self.interaction.resolved)


class ModalContext(MessageContext):
    """A sent form."""

    @property
    def fields(self) -> Mapping[str, SubmittedField]:
        """What was filled in, by the field's id."""
        return self.interaction.fields

    def text(self, field_id: str) -> str:
        """Return what was typed, or the one value that was chosen; empty if it was left out."""
        value = self._value(field_id)
        return value if isinstance(value, str) else ""

    def values(self, field_id: str) -> tuple[str, ...]:
        """Return what was chosen in a select or ticked in a checkbox group; ids for users, files and the like."""
        value = self._value(field_id)
        return value if isinstance(value, tuple) else ()

    def chosen(self, field_id: str) -> Chosen:
        """Return the same as users, roles, channels or files: ``ctx.chosen("proof").attachments``."""
        return Chosen(self.values(field_id), self.interaction.resolved)

    def checked(self, field_id: str) -> bool:
        """Tell whether a checkbox was ticked."""
        return self._value(field_id) is True

    def _value(self, field_id: str) -> object:
        found = self.interaction.fields.get(field_id)
        return None if found is None else found.value


class AutocompleteContext(InteractionFacts):
    """An option that is being typed."""

    def __init__(self, interaction: Interaction, conversation: Conversation, *, bot: Bot, handler: str) -> None:
        super().__init__(interaction)
        self.bot: Final = bot
        self.log: Final[Log] = _log(handler, interaction)
        self._conversation: Final = conversation

    @property
    def options(self) -> Mapping[str, object]:
        """What the other options hold so far, by name and as Discord sends them: ids for people."""
        filled = [(call.focused, given) for call in self.interaction.calls[:1] for given in call.options.values()]
        return {given.name: given.value for focused, given in filled if given.name != focused}

    async def suggest(self, choices: Sequence[Choice]) -> None:
        """Answer with at most 25 choices; returning them from the handler does the same."""
        await self._conversation.suggest(tuple(choices))


def _log(handler: str, interaction: Interaction) -> Log:
    return logging.LoggerAdapter(HANDLERS_LOG, {"handler": handler, "interaction_id": interaction.id})
