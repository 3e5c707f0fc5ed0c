"""Channels, with the bot token."""

from abc import ABC, abstractmethod

from gpcore.domain.entities import Channel


class Channels(ABC):
    """Finds and opens channels as the bot.

    Guarantees:
        - Every method is idempotent.
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
