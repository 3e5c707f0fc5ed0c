"""People and things on Discord, as an interaction names them.

Each has an ``id``. The other attributes are ``None`` where the wire format did not carry them:
the v1 envelope has ids only. ``raw`` is Discord's own object, for what is not modelled.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gpcore.domain.permissions import Permission
from gpcore.domain.reading import Object, boolean, integer, nested, text, texts
from gpcore.domain.wire_message import NO_HEADERS, no_headers


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A Discord account."""

    id: str
    username: str | None = None
    global_name: str | None = None
    bot: bool = False
    raw: Object = field(default_factory=no_headers, repr=False, compare=False)

    @property
    def mention(self) -> str:
        """Markup that names the user in a message."""
        return f"<@{self.id}>"

    @classmethod
    def of(cls, user_id: str, raw: Object | None) -> "User":
        """Build from Discord's user object, which may be missing."""
        source = raw if raw is not None else NO_HEADERS
        return cls(
            id=user_id,
            username=text(source, "username"),
            global_name=text(source, "global_name"),
            bot=boolean(source, "bot") or False,
            raw=source,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A user in a guild.

    Attributes:
        permissions: Total permissions in the channel, as Discord's decimal bit set.
    """

    id: str
    user: User
    nick: str | None = None
    roles: tuple[str, ...] = ()
    joined_at: str | None = None
    permissions: int | None = None
    raw: Object = field(default_factory=no_headers, repr=False, compare=False)

    @property
    def mention(self) -> str:
        """Markup that names the member in a message."""
        return f"<@{self.id}>"

    def may(self, permission: Permission) -> bool:
        """Tell whether the member has all of these permissions in the channel; ``False`` where none are known."""
        known = Permission(self.permissions or 0)
        return permission in known or Permission.ADMINISTRATOR in known

    @classmethod
    def of(cls, user: User, raw: Object | None) -> "Member":
        """Build from Discord's member object, which may be missing."""
        source = raw if raw is not None else NO_HEADERS
        permissions = text(source, "permissions")
        return cls(
            id=user.id,
            user=user,
            nick=text(source, "nick"),
            roles=texts(source, "roles"),
            joined_at=text(source, "joined_at"),
            permissions=int(permissions) if permissions and permissions.isdecimal() else None,
            raw=source,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role of a guild."""

    id: str
    name: str | None = None
    raw: Object = field(default_factory=no_headers, repr=False, compare=False)

    @property
    def mention(self) -> str:
        """Markup that names the role in a message."""
        return f"<@&{self.id}>"

    @classmethod
    def of(cls, role_id: str, raw: Object | None) -> "Role":
        """Build from Discord's role object, which may be missing."""
        source = raw if raw is not None else NO_HEADERS
        return cls(id=role_id, name=text(source, "name"), raw=source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A channel, thread or category."""

    id: str
    name: str | None = None
    type: int | None = None
    raw: Object = field(default_factory=no_headers, repr=False, compare=False)

    @property
    def mention(self) -> str:
        """Markup that links the channel in a message."""
        return f"<#{self.id}>"

    @classmethod
    def of(cls, channel_id: str, raw: Object | None) -> "Channel":
        """Build from Discord's partial channel object, which may be missing."""
        source = raw if raw is not None else NO_HEADERS
        return cls(id=channel_id, name=text(source, "name"), type=integer(source, "type"), raw=source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentionable:
    """A user or a role; both are ``None`` where the wire format did not say which."""

    id: str
    user: User | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that the user sent along.

    Attributes:
        url: Where Discord keeps it for a while.
        size: Bytes.
    """

    id: str
    filename: str | None = None
    url: str | None = None
    size: int | None = None
    content_type: str | None = None
    raw: Object = field(default_factory=no_headers, repr=False, compare=False)

    @classmethod
    def of(cls, attachment_id: str, raw: Object | None) -> "Attachment":
        """Build from Discord's attachment object, which may be missing."""
        source = raw if raw is not None else NO_HEADERS
        return cls(
            id=attachment_id,
            filename=text(source, "filename"),
            url=text(source, "url"),
            size=integer(source, "size"),
            content_type=text(source, "content_type"),
            raw=source,
        )


@dataclass(frozen=True, slots=True)
class Resolved:
    """The objects behind the ids of an interaction, read only when asked for.

    Attributes:
        raw: Discord's ``resolved`` object; empty for v1.
    """

    raw: Object = field(default_factory=no_headers, repr=False)

    def user(self, user_id: str) -> User:
        """Return the user, with what is known of it."""
        return User.of(user_id, self._find("users", user_id))

    def member(self, user_id: str) -> Member:
        """Return the member, with what is known of it."""
        return Member.of(self.user(user_id), self._find("members", user_id))

    def role(self, role_id: str) -> Role:
        """Return the role, with what is known of it."""
        return Role.of(role_id, self._find("roles", role_id))

    def channel(self, channel_id: str) -> Channel:
        """Return the channel, with what is known of it."""
        return Channel.of(channel_id, self._find("channels", channel_id))

    def mentionable(self, entity_id: str) -> Mentionable:
        """Return the user or role with this id."""
        user = self._find("users", entity_id)
        role = self._find("roles", entity_id)
        return Mentionable(
            id=entity_id,
            user=User.of(entity_id, user) if user is not None else None,
            role=Role.of(entity_id, role) if role is not None else None,
        )

    def attachment(self, attachment_id: str) -> Attachment:
        """Return the attachment, with what is known of it."""
        return Attachment.of(attachment_id, self._find("attachments", attachment_id))

    def message(self, message_id: str) -> Object | None:
        """Return Discord's message object, for message commands."""
        return self._find("messages", message_id)

    def _find(self, kind: str, entity_id: str) -> Mapping[str, object] | None:
        group = nested(self.raw, kind)
        return nested(group, entity_id) if group is not None else None
