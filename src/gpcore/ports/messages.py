"""Channel messages, with the bot token."""

from abc import ABC, abstractmethod

from gpcore.domain.messages import OutgoingMessage, SentMessage


class Messages(ABC):
    """Sends and changes messages in channels as the bot.

    Guarantees:
        - ``send`` with a ``nonce`` makes one message even when it is repeated within a few
          minutes (Discord's ``enforce_nonce``). A nonce may have any length.
        - Ids are checked before they become part of a request's path.
        - An ephemeral message is refused, since everybody in a channel sees what is sent there.

    Every method raises what ``gpcore.ports.members.Members`` raises.
    """

    __slots__ = ()

    @abstractmethod
    async def send(self, channel_id: str, message: OutgoingMessage, *, nonce: str | None = None) -> SentMessage:
        """Send a message; ``nonce`` identifies it among those to this channel, such as ``ctx.event_id``."""

    @abstractmethod
    async def edit(self, channel_id: str, message_id: str, message: OutgoingMessage) -> SentMessage:
        """Change one of the bot's messages."""

    @abstractmethod
    async def delete(self, channel_id: str, message_id: str, *, reason: str | None = None) -> None:
        """Delete a message; one that is gone counts as deleted."""
