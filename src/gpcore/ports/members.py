"""Guild members, with the bot token."""

from abc import ABC, abstractmethod

from gpcore.domain.entities import Member


class Members(ABC):
    """Changes members of guilds as the bot.

    Guarantees:
        - Every method is idempotent, so it may be repeated after a failure.
        - Ids are checked before they become part of a request's path.

    Every method raises:
        ConfigurationError: No bot token is configured, or Discord refuses it.
        PortThrottledError: A rate limit lasts longer than the adapter may wait.
        PortUnavailableError: The network or Discord failed.
        PortRejectedError: Discord refused, with its code (10007 unknown member, 50013 missing
            permissions, …).
    """

    __slots__ = ()

    @abstractmethod
    async def fetch(self, guild_id: str, user_id: str) -> Member:
        """Return the member."""

    @abstractmethod
    async def add_role(self, guild_id: str, user_id: str, role_id: str, *, reason: str | None = None) -> None:
        """Give a role; harmless if the member has it. ``reason`` (1-512 characters) goes to the audit log."""

    @abstractmethod
    async def remove_role(self, guild_id: str, user_id: str, role_id: str, *, reason: str | None = None) -> None:
        """Take a role away; harmless if the member has not got it or has left."""
