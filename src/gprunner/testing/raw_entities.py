"""People and things as Discord's own objects."""

from collections.abc import Mapping
from typing import Any, Final

from gpcore.domain.entities import Attachment, Channel, Member, Role, User

Raw = dict[str, Any]

_TEXT_CHANNEL: Final = 0


def user_object(user: User) -> Raw:
    """Return a user object."""
    known = {"id": user.id, "username": user.username or f"user{user.id}", "global_name": user.global_name}
    flags = {"bot": True} if user.bot else {}
    return {"discriminator": "0", "avatar": None, **user.raw, **_given(known), **flags}


def member_object(member: Member) -> Raw:
    """Return a member object, as it stands in ``resolved``: without its user."""
    known = {
        "nick": member.nick,
        "roles": list(member.roles),
        "joined_at": member.joined_at,
        "permissions": None if member.permissions is None else str(member.permissions),
    }
    return {**member.raw, **_given(known)}


def role_object(role: Role) -> Raw:
    """Return a role object."""
    return {"permissions": "0", **role.raw, **_given({"id": role.id, "name": role.name or f"role{role.id}"})}


def channel_object(channel: Channel, guild_id: str | None) -> Raw:
    """Return a partial channel object."""
    known = {"id": channel.id, "name": channel.name, "type": channel.type, "guild_id": guild_id}
    return {"type": _TEXT_CHANNEL, **channel.raw, **_given(known)}


def attachment_object(attachment: Attachment) -> Raw:
    """Return an attachment object."""
    known = {
        "id": attachment.id,
        "filename": attachment.filename or "file.bin",
        "url": attachment.url,
        "size": attachment.size,
        "content_type": attachment.content_type,
    }
    return {**attachment.raw, **_given(known)}


def _given(members: Mapping[str, object]) -> Raw:
    return {name: value for name, value in members.items() if value is not None}
