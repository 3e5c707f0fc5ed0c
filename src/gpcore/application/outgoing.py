"""From what a handler says to a message."""

from collections.abc import Sequence

from gpcore.domain.components import Component
from gpcore.domain.embeds import Embed
from gpcore.domain.files import File
from gpcore.domain.messages import AllowedMentions, OutgoingMessage


def outgoing(
    content: str | None,
    embeds: Sequence[Embed] | None,
    components: Sequence[Component] | None,
    files: Sequence[File],
    allowed_mentions: AllowedMentions,
    *,
    ephemeral: bool | None = None,
) -> OutgoingMessage:
    """Return the message, or the changes to one; what is ``None`` says nothing."""
    return OutgoingMessage(
        content=content,
        embeds=None if embeds is None else tuple(embeds),
        components=None if components is None else tuple(components),
        files=tuple(files),
        ephemeral=bool(ephemeral),
        allowed_mentions=allowed_mentions,
    )
