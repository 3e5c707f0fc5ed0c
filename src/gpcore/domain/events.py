"""Events as typed values: what happened in a guild.

Each is built from an ``Envelope`` by ``event_from``. Ids are always there; the rest is ``None``
where the wire format did not carry it. ``raw`` is Discord's own object, empty for v1.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from gpcore.domain.entities import User
from gpcore.domain.envelope import Envelope
from gpcore.domain.reading import Object, boolean, nested, text, texts
from gpcore.domain.wire_message import NO_HEADERS, no_headers


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoin:
    """Somebody joined a guild; Discord may send it again for a member that is already there."""

    guild_id: str
    user_id: str
    user: User
    joined_at: str | None = None
    pending: bool | None = None
    raw: Object = field(default_factory=no_headers, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeave:
    """Somebody left a guild, was kicked or was banned."""

    guild_id: str
    user_id: str
    user: User
    raw: Object = field(default_factory=no_headers, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberUpdate:
    """A member changed.

    Attributes:
        roles: All roles now but that of everybody, whose id is the guild's.
        added_roles, removed_roles, old_nick: Known only from v1; ``None`` otherwise, because
            Discord does not send old values.
    """

    guild_id: str
    user_id: str
    user: User
    nick: str | None = None
    roles: tuple[str, ...] = ()
    old_nick: str | None = None
    added_roles: tuple[str, ...] | None = None
    removed_roles: tuple[str, ...] | None = None
    raw: Object = field(default_factory=no_headers, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildJoin:
    """The bot joined a guild (from a frame: as far as its ``joined_at`` tells)."""

    guild_id: str
    raw: Object = field(default_factory=no_headers, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildAvailable:
    """A guild that the bot was in is there (again): after a connect or an outage."""

    guild_id: str
    raw: Object = field(default_factory=no_headers, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildLeave:
    """The bot was removed from a guild, or the guild was deleted."""

    guild_id: str
    raw: Object = field(default_factory=no_headers, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildOutage:
    """A guild is unavailable for a while; nothing about it should be deleted."""

    guild_id: str
    raw: Object = field(default_factory=no_headers, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageCreate:
    """A message was sent where the bot can see it.

    Attributes:
        content: ``None`` from v1, empty without Discord's message-content intent.
        by_bot: Whether a bot or webhook wrote it; ``None`` from v1, which leaves those out.
    """

    message_id: str | None
    channel_id: str | None
    author_id: str | None
    guild_id: str | None = None
    content: str | None = None
    by_bot: bool | None = None
    raw: Object = field(default_factory=no_headers, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """Any other gateway dispatch, as Discord sent it.

    Attributes:
        name: Discord's name, such as ``GUILD_ROLE_CREATE``.
        data: Discord's object.
    """

    name: str
    data: Object = field(repr=False)
    guild_id: str | None = None


Event = (
    MemberJoin
    | MemberLeave
    | MemberUpdate
    | GuildJoin
    | GuildAvailable
    | GuildLeave
    | GuildOutage
    | MessageCreate
    | Dispatch
)


def event_from(envelope: Envelope) -> Event:
    """Return the envelope's event; a type that is not modelled becomes a ``Dispatch``."""
    build = _BUILDERS.get(envelope.event_type)
    return dispatch_from(envelope) if build is None else build(envelope, envelope.raw or NO_HEADERS)


def dispatch_from(envelope: Envelope) -> Dispatch:
    """Return the envelope's event as Discord sent it, whether it is modelled or not."""
    data = envelope.raw if envelope.raw is not None else envelope.data
    return Dispatch(name=envelope.dispatch or envelope.event_type, data=data, guild_id=envelope.guild_id)


def _user(envelope: Envelope, raw: Object) -> User:
    user_id = envelope.user_id or ""
    user = nested(raw, "user")
    if user is None and envelope.raw is None:
        return User(id=user_id, username=text(envelope.data, "username"))
    return User.of(user_id, user)


def _member_join(envelope: Envelope, raw: Object) -> MemberJoin:
    data = envelope.data
    pending = boolean(raw, "pending")
    return MemberJoin(
        guild_id=envelope.guild_id or "",
        user_id=envelope.user_id or "",
        user=_user(envelope, raw),
        joined_at=text(raw, "joined_at") or text(data, "joinedAt"),
        pending=boolean(data, "pending") if pending is None else pending,
        raw=raw,
    )


def _member_leave(envelope: Envelope, raw: Object) -> MemberLeave:
    return MemberLeave(
        guild_id=envelope.guild_id or "", user_id=envelope.user_id or "", user=_user(envelope, raw), raw=raw
    )


def _member_update(envelope: Envelope, raw: Object) -> MemberUpdate:
    data, v1 = envelope.data, envelope.raw is None
    # v1 names the role of everybody too, Discord does not.
    roles = texts(data, "currentRoles") if v1 else texts(raw, "roles")
    return MemberUpdate(
        guild_id=envelope.guild_id or "",
        user_id=envelope.user_id or "",
        user=_user(envelope, raw),
        nick=text(data, "newNickname") if v1 else text(raw, "nick"),
        roles=tuple(role for role in roles if role != envelope.guild_id),
        old_nick=text(data, "oldNickname"),
        added_roles=texts(data, "addedRoles") if v1 else None,
        removed_roles=texts(data, "removedRoles") if v1 else None,
        raw=raw,
    )


def _message(envelope: Envelope, raw: Object) -> MessageCreate:
    author = nested(raw, "author") or NO_HEADERS
    return MessageCreate(
        message_id=text(raw, "id") or text(envelope.data, "messageId"),
        channel_id=envelope.channel_id,
        author_id=envelope.user_id or text(author, "id") or text(envelope.data, "authorId"),
        guild_id=envelope.guild_id,
        content=text(raw, "content"),
        by_bot=None if envelope.raw is None else bool(boolean(author, "bot")) or "webhook_id" in raw,
        raw=raw,
    )


_BUILDERS: Final[dict[str, Callable[[Envelope, Object], Event]]] = {
    "member.join": _member_join,
    "member.leave": _member_leave,
    "member.update": _member_update,
    "guild.join": lambda envelope, raw: GuildJoin(guild_id=envelope.guild_id or "", raw=raw),
    "guild.available": lambda envelope, raw: GuildAvailable(guild_id=envelope.guild_id or "", raw=raw),
    "guild.leave": lambda envelope, raw: GuildLeave(guild_id=envelope.guild_id or "", raw=raw),
    "guild.outage": lambda envelope, raw: GuildOutage(guild_id=envelope.guild_id or "", raw=raw),
    "message.create": _message,
}

EVENT_CLASSES: Final[dict[str, type[Event]]] = {
    "member.join": MemberJoin,
    "member.leave": MemberLeave,
    "member.update": MemberUpdate,
    "guild.join": GuildJoin,
    "guild.available": GuildAvailable,
    "guild.leave": GuildLeave,
    "guild.outage": GuildOutage,
    "message.create": MessageCreate,
}
"""The value class of each modelled event type."""
