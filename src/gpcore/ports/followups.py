"""Everything after the first answer, for the 15 minutes of the token."""

from abc import ABC, abstractmethod
from typing import Final

from gpcore.domain.messages import OutgoingMessage, SentMessage
from gpcore.domain.secrets import Secret

ORIGINAL: Final = "@original"
"""Stands for the id of the message that the first answer made."""


class Followups(ABC):
    """Edits the original answer and sends more messages, authorised by the token alone.

    Guarantees:
        - No bot token is ever sent.
        - A request whose effect is unknown after a failure is repeated only where that is
          harmless (edit, delete, thinking), never for ``create``.
        - An id or token that could change the request's path is refused before any request.

    Every method raises:
        InteractionExpiredError: The token is over or was never acknowledged (10015, 50027).
        PortThrottledError: Discord asks to wait longer than the adapter may.
        PortUnavailableError: The network or Discord failed.
        PortRejectedError: Discord refused; 10008 is a message that does not exist.
    """

    __slots__ = ()

    @abstractmethod
    async def edit(self, token: Secret, message: OutgoingMessage, *, message_id: str = ORIGINAL) -> SentMessage:
        """Change the original answer or a follow-up."""

    @abstractmethod
    async def thinking(self, token: Secret) -> bool:
        """Tell whether the original still shows a defer and nothing else; one that is gone shows nothing."""

    @abstractmethod
    async def create(self, token: Secret, message: OutgoingMessage) -> SentMessage:
        """Send one more message."""

    @abstractmethod
    async def delete(self, token: Secret, *, message_id: str = ORIGINAL) -> None:
        """Delete the original answer or a follow-up; one that is gone counts as deleted."""
