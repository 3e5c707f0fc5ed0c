"""Which messages of one exchange are made of layout components.

Discord's flag IS_COMPONENTS_V2 cannot be unset: such a message takes neither content nor embeds any more.
"""

from typing import Final

from gpcore.domain.components import needs_components_v2
from gpcore.domain.messages import OutgoingMessage
from gpcore.errors import ReplyStateError


class Layouts:
    """Remembers messages by id."""

    def __init__(self) -> None:
        self._ids: Final[set[str]] = set()

    def mark(self, message_id: str) -> None:
        """Remember that a message is made of layout components."""
        self._ids.add(message_id)

    def sent(self, message_id: str, message: OutgoingMessage) -> None:
        """Take note of a new message."""
        self._ids.discard(message_id)
        self.changed(message_id, message)

    def changed(self, message_id: str, change: OutgoingMessage) -> None:
        """Take note of a change."""
        if needs_components_v2(change.components or ()):
            self._ids.add(message_id)

    def check(self, message_id: str, change: OutgoingMessage) -> None:
        """Refuse a change that the message cannot take.

        Raises:
            ReplyStateError: It brings content or embeds to a message made of layout components, or leaves it none.
        """
        if message_id not in self._ids:
            return
        if change.content or change.embeds:
            raise ReplyStateError(
                "that message is made of layout components and takes no content or embeds any more:"
                " change its components, or send another message with ctx.followup"
            )
        if change.components is not None and not change.components:
            raise ReplyStateError(
                "that message is made of layout components and would be empty without any: leave a TextDisplay in it"
            )
