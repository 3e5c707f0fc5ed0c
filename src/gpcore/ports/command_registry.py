"""The commands that Discord shows to users, with the bot token."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence


class CommandRegistry(ABC):
    """Reads and replaces an application's registered commands.

    Guarantees:
        - ``replace`` is all or nothing and idempotent.
        - ``registered`` has the words of other languages too.

    Every method raises what ``gpcore.ports.members.Members`` raises.
    """

    __slots__ = ()

    @abstractmethod
    async def registered(self, *, guild_id: str | None = None) -> Sequence[Mapping[str, object]]:
        """Return the registered commands, global or of one guild, as Discord's objects."""

    @abstractmethod
    async def replace(
        self, commands: Sequence[Mapping[str, object]], *, guild_id: str | None = None
    ) -> Sequence[Mapping[str, object]]:
        """Make ``commands`` (Discord's objects) the whole set and return what Discord made of it."""
