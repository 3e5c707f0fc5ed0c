"""Interactions and events that nobody made, as Discord would send them: for ``gp publish`` and the demo."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from gpcore.domain.ids import snowflake_at

Raw = dict[str, Any]

GUILD_ID: Final = "849255963033731074"
CHANNEL_ID: Final = "849256214691971078"
_OPTION_TYPES: Final[Mapping[type, int]] = {str: 3, int: 4, bool: 5, float: 10}
COMMAND: Final = 2
COMPONENT: Final = 3
AUTOCOMPLETE: Final = 4
MODAL: Final = 5
USER_MENU: Final = 2
MESSAGE_MENU: Final = 3
ENTRY_POINT: Final = 4
_PERMISSIONS: Final = "277025508416"
_COMMAND_ID: Final = "1214875120435331090"
_TOKEN_BYTES: Final = 66
_SEQUENCES: Final = 1 << 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who does something, when (Unix ms), with which application, and where.

    Attributes:
        member: The user's member object without the user; one without roles if left out.
        guild_id: ``None`` in a direct-message channel with the bot.
        channel: The channel object; a text channel if left out.
        locale: The user's language.
        id: The interaction's id; a fresh one if left out.
        token: Its token; a random one if left out.
    """

    now_ms: int
    application_id: str
    user: Raw
    member: Raw | None = None
    guild_id: str | None = GUILD_ID
    channel: Raw | None = None
    locale: str = "en-US"
    id: str | None = None
    token: str | None = None


def snowflake(unix_ms: int, sequence: int) -> str:
    """Return an id as Discord would have made it at ``unix_ms``."""
    return snowflake_at(unix_ms, sequence)


def fresh_id(now_ms: int) -> str:
    """Return an id as Discord would make it now."""
    return snowflake_at(now_ms, secrets.randbelow(_SEQUENCES))


def option(name: str, value: object) -> Raw:
    """Return an option whose type follows from the value: text, number or boolean."""
    return {"name": name, "type": _OPTION_TYPES[type(value)], "value": value}


def command(path: Sequence[str], options: Sequence[Raw], origin: Origin) -> Raw:
    """Return a chat-input command; ``path`` is name, group, subcommand."""
    data = command_data(path, options) | {"resolved": {"users": {origin.user["id"]: origin.user}}}
    return interaction(COMMAND, data, origin)


def menu_command(name: str, kind: int, target: Raw, origin: Origin) -> Raw:
    """Return an entry of a context menu; ``kind`` is 2 for users and 3 for messages."""
    group = "users" if kind == USER_MENU else "messages"
    resolved = {group: {target["id"]: target}}
    return interaction(COMMAND, menu_data(name, kind, target["id"], resolved), origin)


def autocomplete(path: Sequence[str], focused: str, typed: str, origin: Origin, *, option_type: int = 3) -> Raw:
    """Return an autocomplete request for one option of a command; a number is typed as text too."""
    leaf = option(focused, typed) | {"type": option_type, "focused": True}
    return interaction(AUTOCOMPLETE, command_data(path, [leaf]), origin)


def button(custom_id: str, origin: Origin) -> Raw:
    """Return a pressed button."""
    data = {"custom_id": custom_id, "component_type": 2, "id": 2}
    shown = message(fresh_id(origin.now_ms), origin.user, "Pick one")
    return interaction(COMPONENT, data, origin, shown=shown)


def modal(custom_id: str, fields: Mapping[str, str], origin: Origin) -> Raw:
    """Return a sent form with text fields."""
    labels = [
        {
            "type": 18,
            "id": 2 * index + 1,
            "component": {"type": 4, "id": 2 * index + 2, "custom_id": name, "value": text},
        }
        for index, (name, text) in enumerate(fields.items())
    ]
    return interaction(MODAL, {"custom_id": custom_id, "components": labels}, origin)


def member_join(*, user: Raw, joined_at: str) -> Raw:
    """Return the object of a ``GUILD_MEMBER_ADD``."""
    return {"guild_id": GUILD_ID, "user": user, "roles": [], "joined_at": joined_at, "pending": False, "flags": 0}


def event(dispatch: str, user: Raw, *, now_ms: int) -> Raw | None:
    """Return the object of a dispatch about ``user``, or ``None`` for one that nobody made a model of."""
    joined_at = datetime.fromtimestamp(now_ms / 1000, UTC).isoformat()
    shown = message(fresh_id(now_ms), user, "hello")
    known: dict[str, Raw] = {
        "GUILD_MEMBER_ADD": member_join(user=user, joined_at=joined_at),
        "GUILD_MEMBER_UPDATE": member_join(user=user, joined_at=joined_at) | {"nick": user["global_name"]},
        "GUILD_MEMBER_REMOVE": {"guild_id": GUILD_ID, "user": user},
        "GUILD_CREATE": {"id": GUILD_ID, "joined_at": joined_at, "unavailable": False},
        "GUILD_DELETE": {"id": GUILD_ID},
        "MESSAGE_CREATE": shown | {"guild_id": GUILD_ID},
    }
    return known.get(dispatch)


def user(user_id: str, name: str) -> Raw:
    """Return a user object."""
    return {"id": user_id, "username": name, "global_name": name.title(), "discriminator": "0", "avatar": None}


def message(message_id: str, author: Raw, content: str) -> Raw:
    """Return a message object."""
    return {"id": message_id, "channel_id": CHANNEL_ID, "author": author, "content": content, "components": []}


def command_data(path: Sequence[str], options: Sequence[Raw]) -> Raw:
    """Return the data of a chat-input command; ``path`` is name, group, subcommand."""
    leaves = list(options)
    for depth, name in enumerate(reversed(path[1:])):
        leaves = [{"name": name, "type": 1 if depth == 0 else 2, "options": leaves}]
    return {"id": _COMMAND_ID, "name": path[0], "type": 1, "options": leaves}


def menu_data(name: str, kind: int, target_id: str, resolved: Raw) -> Raw:
    """Return the data of an entry of a context menu; ``resolved`` has the target."""
    return {"id": _COMMAND_ID, "name": name, "type": kind, "target_id": target_id, "resolved": resolved}


def interaction(kind: int, data: Raw, origin: Origin, *, shown: Raw | None = None) -> Raw:
    """Return an interaction object; ``shown`` is the message whose component is behind it."""
    raw = {
        "id": origin.id or fresh_id(origin.now_ms),
        "application_id": origin.application_id,
        "type": kind,
        "token": origin.token or secrets.token_urlsafe(_TOKEN_BYTES),
        "version": 1,
        "data": data,
        "channel": origin.channel or _channel(origin.guild_id),
        "locale": origin.locale,
        "entitlements": [],
        "authorizing_integration_owners": {"0": origin.guild_id or "0"},
        "app_permissions": "268815360",
        "attachment_size_limit": 10_485_760,
        **_place(origin),
    }
    raw["channel_id"] = raw["channel"]["id"]
    return raw if shown is None else raw | {"message": shown}


def _place(origin: Origin) -> Raw:
    if origin.guild_id is None:
        return {"user": origin.user, "context": 1}
    member = {"roles": [], "permissions": _PERMISSIONS, "joined_at": "2023-05-05T05:05:05+00:00"}
    return {
        "guild_id": origin.guild_id,
        "guild_locale": "en-US",
        "context": 0,
        "member": {**member, **(origin.member or {}), "user": origin.user},
    }


def _channel(guild_id: str | None) -> Raw:
    if guild_id is None:
        return {"id": CHANNEL_ID, "type": 1}
    return {"id": CHANNEL_ID, "type": 0, "guild_id": guild_id, "name": "general"}
