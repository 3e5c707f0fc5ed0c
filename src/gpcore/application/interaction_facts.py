"""What every handler of an interaction can ask: who did it, and where."""

from typing import Final

from gpcore.domain.entities import Channel, Member, User
from gpcore.domain.interactions import Interaction
from gpcore.errors import NotCarriedError


class InteractionFacts:
    """Who and where.

    Attributes:
        interaction: Everything that is known.
    """

    def __init__(self, interaction: Interaction) -> None:
        self.interaction: Final = interaction

    @property
    def user(self) -> User:
        """Who did it.

        Raises:
            NotCarriedError: The publisher did not say; ``ctx.interaction.user`` is ``None`` then.
        """
        user = self.interaction.user
        if user is None:
            raise NotCarriedError("the publisher did not say who did it: ask ctx.interaction.user first")
        return user

    @property
    def member(self) -> Member | None:
        """Who did it, as a member; ``None`` outside a guild."""
        return self.interaction.member

    @property
    def channel(self) -> Channel | None:
        """Where it happened."""
        return self.interaction.channel

    @property
    def guild_id(self) -> str | None:
        """In which guild; ``None`` in direct messages."""
        return self.interaction.guild_id
