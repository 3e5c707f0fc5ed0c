"""People and things for tests, each with an id of its own."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from gpcore.domain.entities import Attachment, Channel, Member, Role, User
from gprunner.synthetic import CHANNEL_ID
from gprunner.testing.raw_entities import user_object

TEXT_CHANNEL: Final = 0
_CDN: Final = "https://cdn.discordapp.com/ephemeral-attachments"


class Making:
    """Makes people and things; the same calls make the same ids in every run."""

    def __init__(self, new_id: Callable[[], str]) -> None:
        self._new_id: Final = new_id

    def user(self, name: str = "somebody", *, bot: bool = False) -> User:
        """Return somebody."""
        return User(id=self._new_id(), username=name, global_name=name.title(), bot=bot)

    def member(
        self,
        name: str = "somebody",
        *,
        user: User | None = None,
        roles: Sequence[Role | str] = (),
        nick: str | None = None,
        permissions: int | None = None,
    ) -> Member:
        """Return somebody in a guild.

        Args:
            name: Of the user, if none is given.
            user: Who it is.
            roles: Roles or their ids.
            nick: The name in this guild.
            permissions: Total permissions in the channel, as Discord's bit set.
        """
        who = user or self.user(name)
        ids = tuple(role if isinstance(role, str) else role.id for role in roles)
        return Member(id=who.id, user=who, nick=nick, roles=ids, permissions=permissions)

    def role(self, name: str = "a-role") -> Role:
        """Return a role."""
        return Role(id=self._new_id(), name=name)

    def channel(self, name: str = "a-channel", *, type: int = TEXT_CHANNEL) -> Channel:
        """Return a channel; ``type`` is Discord's channel type."""
        return Channel(id=self._new_id(), name=name, type=type)

    def attachment(
        self, filename: str = "file.txt", *, size: int = 12, content_type: str | None = "text/plain"
    ) -> Attachment:
        """Return a file that somebody sends along; ``size`` in bytes. It has an address, but nobody serves it."""
        attachment_id = self._new_id()
        url = f"{_CDN}/{attachment_id}/{filename}"
        return Attachment(id=attachment_id, filename=filename, url=url, size=size, content_type=content_type)

    def message(
        self, content: str = "hello", *, author: User | None = None, channel_id: str = CHANNEL_ID
    ) -> dict[str, Any]:
        """Return Discord's object of a message that somebody wrote, by default in the client's channel."""
        writer = user_object(author or self.user())
        return {
            "id": self._new_id(),
            "type": 0,
            "channel_id": channel_id,
            "author": writer,
            "content": content,
            "embeds": [],
            "attachments": [],
            "components": [],
        }
