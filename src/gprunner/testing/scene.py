"""Who acts, and where."""

from dataclasses import dataclass, replace
from typing import Any, Final

from gpcore.domain.entities import Channel, Member, User
from gpcore.domain.interactions import Interaction, InteractionKind
from gpcore.domain.secrets import Secret
from gprunner.synthetic import Origin
from gprunner.testing.raw_entities import channel_object, member_object, user_object

_DIRECT: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Who acts, and where.

    Attributes:
        user: Who.
        member: The same person in the guild, with roles and permissions; ``None`` for one without any.
        guild_id: In which guild; ``None`` in a direct message to the bot.
        channel: In which channel.
        locale: The person's language, such as ``de``.
        user_install_only: Whether only the user has installed the application, not the guild.
    """

    user: User
    member: Member | None = None
    guild_id: str | None
    channel: Channel
    locale: str = "en-US"
    user_install_only: bool = False

    def origin(self, *, now_ms: int, application_id: str, id: str, token: str) -> Origin:
        """Return the same as an interaction needs it."""
        return Origin(
            now_ms=now_ms,
            application_id=application_id,
            user=user_object(self.user),
            member=None if self.member is None else member_object(self.member),
            guild_id=self.guild_id,
            channel=channel_object(self._channel_there, self.guild_id),
            locale=self.locale,
            id=id,
            token=token,
        )

    def played_by(self, who: User | Member) -> "Scene":
        """Return the same place with somebody else."""
        if isinstance(who, Member):
            return replace(self, user=who.user, member=who)
        return replace(self, user=who, member=None)

    def install(self, raw: dict[str, Any]) -> dict[str, Any]:
        """Return the interaction with who has installed the application, as far as it is not the usual."""
        if not self.user_install_only:
            return raw
        return raw | {"authorizing_integration_owners": {"1": self.user.id}}

    def interaction(self, interaction_id: str) -> Interaction:
        """Return what limits and cooldowns look at: an interaction of this person at this place."""
        user = user_object(self.user)
        member = None if self.member is None else {**member_object(self.member), "user": user}
        return Interaction(
            id=interaction_id,
            token=Secret(""),
            kind=InteractionKind.COMMAND,
            guild_id=self.guild_id,
            channel_id=self.channel.id,
            user_id=self.user.id,
            locale=self.locale,
            raw={"user": user} if member is None else {"member": member},
        )

    @property
    def _channel_there(self) -> Channel:
        if self.guild_id is not None or self.channel.type == _DIRECT:
            return self.channel
        return Channel(id=self.channel.id, type=_DIRECT)
