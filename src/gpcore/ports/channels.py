"""Channels, with the bot token."""

from abc import ABC, abstractmethod

from gpcore.domain.entities import Channel


class Channels(ABC):
    """Finds and opens channels as the bot.

    Guarantees:
        - ``fetch`` and ``open_dm`` are idempotent.
        - ``start_thread`` makes at most one thread: it is not repeated after a failure that may have had its effect.
        - Ids are checked before they become part of a request's path or body.

    Every method raises what ``gpcore.ports.members.Members`` raises.
    """

    __slots__ = ()

    @abstractmethod
    async def fetch(self, channel_id: str) -> Channel:
        """Return the channel."""

    @abstractmethod
    async def open_dm(self, user_id: str) -> Channel:
        """Return the direct-message channel with a user, opening it if need be."""

    @abstractmethod
    async def start_thread(
        self,
        channel_id: str,
        name: str,
        *,
        message_id: str | None = None,
        private: bool = False,
        reason: str | None = None,
    ) -> Channel:
        """Start a thread and return it; messages are sent into it by its id.

        Args:
            channel_id: The text channel.
            name: 1-100 characters.
            message_id: The message that it hangs on, which can have one thread only (160004); ``None`` for a thread
                of its own.
            private: Whether only who is invited sees it; a thread that hangs on a message never is.
            reason: For the audit log, 1-512 characters.

        Raises:
            PortUnavailableError: The network or Discord failed; the thread may be there.
            PortRejectedError: As ``gpcore.ports.members.Members`` says, and for a private thread at a message.
        """
