"""Interactions answered in memory: the twins of ``FirstResponder`` and ``Followups``.

Both share one ``InMemoryDiscord``, as the two halves of the real one know of each other: a
follow-up before a first answer is refused, a second first answer too.
"""

import re
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from typing_extensions import override

from gpadapters.memory.discord_failures import Failures
from gpadapters.memory.discord_rules import KnownInteraction, check_first_answer, check_shown
from gpcore.domain.ids import created_at_ms, is_snowflake, snowflake_at
from gpcore.domain.messages import Callback, CallbackType, OutgoingMessage, SentMessage, edited
from gpcore.domain.secrets import Secret
from gpcore.errors import AlreadyAcknowledgedError, InteractionExpiredError, PortRejectedError
from gpcore.ports.clock import Clock
from gpcore.ports.first_responder import FirstResponder
from gpcore.ports.followups import ORIGINAL, Followups

ANSWER_MS: Final = 3_000
TOKEN_MS: Final = 900_000
_UNKNOWN_INTERACTION: Final = 10062
_UNKNOWN_WEBHOOK: Final = 10015
_INVALID_WEBHOOK_TOKEN: Final = 50027
_UNKNOWN_MESSAGE: Final = 10008
_ACKNOWLEDGED: Final = 40060
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,1023}")
_SEQUENCES: Final = 2**22


@dataclass(slots=True, kw_only=True)
class AnsweredInteraction:
    """What was answered to one interaction.

    Attributes:
        id: The interaction's id.
        first: Its first answer.
        thinking: Whether the original still shows a defer and nothing else.
        messages: Original and follow-ups that exist, with their edits, by id; the original stands
            under ``@original``, and is an empty message while it is only deferred.
    """

    id: str
    first: Callback
    thinking: bool = False
    messages: dict[str, OutgoingMessage] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordCall:
    """One call, in the order in which they came; refused ones too.

    Attributes:
        operation: ``respond``, ``edit``, ``create``, ``delete`` or ``thinking``.
        interaction_id: ``None`` for a token that answered nothing yet.
        callback: For ``respond``.
        message_id: For ``edit``, ``delete`` and ``thinking``.
        message: For ``edit`` and ``create``.
    """

    operation: str
    interaction_id: str | None
    callback: Callback | None = None
    message_id: str | None = None
    message: OutgoingMessage | None = None


class InMemoryDiscord:
    """What the twins of one Discord share.

    Attributes:
        calls: Every call that could have left, in order.
        failures: Errors for the next calls.
    """

    def __init__(self, clock: Clock) -> None:
        self.calls: list[DiscordCall] = []
        self.failures = Failures()
        self._clock = clock
        self._by_token: dict[Secret, AnsweredInteraction] = {}
        self._known: dict[Secret, KnownInteraction] = {}
        self._sequence = count(1)

    def announce(self, token: Secret, known: KnownInteraction) -> None:
        """Tell what kind of interaction a token answers, so that only what is legal for it is accepted."""
        self._known[token] = known

    def answered(self, token: Secret) -> AnsweredInteraction | None:
        """Return what was answered with this token."""
        return self._by_token.get(token)

    def open(self, interaction_id: str, token: Secret, callback: Callback) -> None:
        """Take a first answer.

        Raises:
            AlreadyAcknowledgedError: There is one.
            InteractionExpiredError: The 3 seconds are over.
            PortRejectedError: It was announced as of a kind that does not take this answer, or the answer is empty.
        """
        if token in self._by_token:
            raise AlreadyAcknowledgedError("there is a first answer already", code=_ACKNOWLEDGED)
        if self._age_ms(interaction_id) > ANSWER_MS:
            raise InteractionExpiredError("the 3 seconds are over", code=_UNKNOWN_INTERACTION)
        if token in self._known:
            check_first_answer(self._known[token], callback)
        thinking = callback.type is CallbackType.DEFERRED_MESSAGE
        interaction = AnsweredInteraction(id=interaction_id, first=callback, thinking=thinking)
        if callback.type not in (CallbackType.SUGGESTIONS, CallbackType.MODAL):
            interaction.messages[ORIGINAL] = callback.message or OutgoingMessage(ephemeral=callback.ephemeral)
        self._by_token[token] = interaction

    def live(self, token: Secret) -> AnsweredInteraction:
        """Return the interaction whose token still holds.

        Raises:
            InteractionExpiredError: It was never answered, or its 15 minutes are over.
        """
        interaction = self._by_token.get(token)
        if interaction is None:
            raise InteractionExpiredError("there is no first answer", code=_UNKNOWN_WEBHOOK)
        if self._age_ms(interaction.id) > TOKEN_MS:
            raise InteractionExpiredError("the 15 minutes are over", code=_INVALID_WEBHOOK_TOKEN)
        return interaction

    def check_followup(self, token: Secret, message: OutgoingMessage) -> None:
        """Refuse a follow-up to an announced interaction that Discord would refuse.

        Raises:
            PortRejectedError: It is empty, or one too many.
        """
        if token in self._known:
            check_shown(message)
            self._known[token].count_followup()

    def check_edit(self, token: Secret, message: OutgoingMessage) -> None:
        """Refuse an edit that leaves nothing of a message of an announced interaction.

        Raises:
            PortRejectedError: Nothing is left of it.
        """
        # A component's message is not known here, so what is left of it is not either.
        if token in self._known and not self._known[token].from_message:
            check_shown(message)

    def new_id(self) -> str:
        """Mint a snowflake."""
        return snowflake_at(self._clock.now_us() // 1000, next(self._sequence) % _SEQUENCES)

    def _age_ms(self, snowflake: str) -> int:
        return self._clock.now_us() // 1000 - created_at_ms(snowflake)


class InMemoryFirstResponder(FirstResponder):
    """Takes first answers; ``timeout`` is never used up."""

    def __init__(self, discord: InMemoryDiscord) -> None:
        self._discord = discord

    @override
    async def respond(self, interaction_id: str, token: Secret, callback: Callback, *, timeout: float) -> None:
        _check_id(interaction_id)
        _check_token(token)
        self._discord.calls.append(DiscordCall(operation="respond", interaction_id=interaction_id, callback=callback))
        self._discord.failures.before_effect()
        self._discord.open(interaction_id, token, callback)
        self._discord.failures.after_effect()


class InMemoryFollowups(Followups):
    """Keeps the messages after the first answer."""

    def __init__(self, discord: InMemoryDiscord) -> None:
        self._discord = discord

    @override
    async def edit(self, token: Secret, message: OutgoingMessage, *, message_id: str = ORIGINAL) -> SentMessage:
        interaction = self._begin("edit", token, message_id=message_id, message=message)
        if message_id not in interaction.messages:
            raise PortRejectedError("there is no such message", code=_UNKNOWN_MESSAGE)
        after = edited(interaction.messages[message_id], message)
        self._discord.check_edit(token, after)
        interaction.messages[message_id] = after
        interaction.thinking = interaction.thinking and message_id != ORIGINAL
        self._discord.failures.after_effect()
        return SentMessage(id=message_id)

    @override
    async def thinking(self, token: Secret) -> bool:
        interaction = self._begin("thinking", token, message_id=ORIGINAL)
        self._discord.failures.after_effect()
        return interaction.thinking and ORIGINAL in interaction.messages

    @override
    async def create(self, token: Secret, message: OutgoingMessage) -> SentMessage:
        interaction = self._begin("create", token, message=message)
        self._discord.check_followup(token, message)
        message_id = self._discord.new_id()
        interaction.messages[message_id] = message
        self._discord.failures.after_effect()
        return SentMessage(id=message_id)

    @override
    async def delete(self, token: Secret, *, message_id: str = ORIGINAL) -> None:
        interaction = self._begin("delete", token, message_id=message_id)
        interaction.messages.pop(message_id, None)
        self._discord.failures.after_effect()

    def _begin(
        self, operation: str, token: Secret, *, message_id: str | None = None, message: OutgoingMessage | None = None
    ) -> AnsweredInteraction:
        _check_token(token)
        if message_id not in (None, ORIGINAL):
            _check_id(message_id)
        known = self._discord.answered(token)
        self._discord.calls.append(
            DiscordCall(
                operation=operation,
                interaction_id=known.id if known is not None else None,
                message_id=message_id,
                message=message,
            )
        )
        self._discord.failures.before_effect()
        return self._discord.live(token)


def _check_id(snowflake: str | None) -> None:
    if snowflake is None or not is_snowflake(snowflake):
        raise PortRejectedError("an id is not a snowflake; nothing was sent")


def _check_token(token: Secret) -> None:
    if _TOKEN.fullmatch(token.reveal()) is None:
        raise PortRejectedError("the interaction's token could not be Discord's; nothing was sent")
