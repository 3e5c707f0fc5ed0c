"""What gp sends to Discord: messages and the first answers that may carry one."""

from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Final

from gpcore.domain.components import Component, Modal
from gpcore.domain.embeds import Embed
from gpcore.domain.files import File

LARGEST_SUGGESTION_LIST: Final = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedMentions:
    """Whom a message may ping; by default nobody.

    Attributes:
        everyone: Let ``@everyone`` and ``@here`` ping.
        users: Let every user mention ping, or only these ids (at most 100).
        roles: Let every role mention ping, or only these ids (at most 100).
        replied_user: Ping the author of the message replied to.
    """

    everyone: bool = False
    users: bool | tuple[str, ...] = False
    roles: bool | tuple[str, ...] = False
    replied_user: bool = False


NO_MENTIONS: Final = AllowedMentions()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """A message to create or the changes to one.

    ``None`` leaves a part as it is when a message is edited; an empty tuple or string clears it.

    Attributes:
        ephemeral: Only the invoking user sees it; fixed once it is sent or deferred.
    """

    content: str | None = None
    embeds: tuple[Embed, ...] | None = None
    components: tuple[Component, ...] | None = None
    files: tuple[File, ...] = ()
    ephemeral: bool = False
    allowed_mentions: AllowedMentions = NO_MENTIONS
    suppress_embeds: bool = False


def edited(old: OutgoingMessage, changes: OutgoingMessage) -> OutgoingMessage:
    """Return a message after an edit: what the changes do not name stays."""
    return replace(
        changes,
        content=old.content if changes.content is None else changes.content,
        embeds=old.embeds if changes.embeds is None else changes.embeds,
        components=old.components if changes.components is None else changes.components,
        files=changes.files or old.files,
        ephemeral=old.ephemeral,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """A message that Discord has accepted.

    Attributes:
        id: Its snowflake, or ``@original`` where Discord did not tell.
        channel_id: Where it is, if Discord told.
    """

    id: str
    channel_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A suggestion of an autocomplete answer, or a fixed choice of an option.

    Attributes:
        name: Shown, 1 to 100 characters.
        value: Sent back.
    """

    name: str
    value: str | int | float


class CallbackType(IntEnum):
    """Discord's interaction callback types."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    SUGGESTIONS = 8
    MODAL = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """A first answer.

    Attributes:
        type: What kind of answer.
        message: For ``MESSAGE`` and ``UPDATE``.
        modal: For ``MODAL``.
        choices: For ``SUGGESTIONS``, at most 25.
        ephemeral: For ``DEFERRED_MESSAGE``.
    """

    type: CallbackType
    message: OutgoingMessage | None = None
    modal: Modal | None = None
    choices: tuple[Choice, ...] = field(default=())
    ephemeral: bool = False
