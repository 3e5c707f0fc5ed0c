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
_USER_MENU: Final = 2
_COMMAND_ID: Final = "1214875120435331090"
_TOKEN_BYTES: Final = 66
_SEQUENCES: Final = 1 << 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who does something, when (Unix ms), with which application."""

    now_ms: int
    application_id: str
    user: Raw


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
    data = _command_data(path, options) | {"resolved": {"users": {origin.user["id"]: origin.user}}}
    return _interaction(2, data, origin)


def menu_command(name: str, kind: int, target: Raw, origin: Origin) -> Raw:
    """Return an entry of a context menu; ``kind`` is 2 for users and 3 for messages."""
    group = "users" if kind == _USER_MENU else "messages"
    resolved = {group: {target["id"]: target}}
    data = {"id": _COMMAND_ID, "name": name, "type": kind, "target_id": target["id"], "resolved": resolved}
    return _interaction(2, data, origin)


def autocomplete(path: Sequence[str], focused: str, typed: str, origin: Origin) -> Raw:
    """Return an autocomplete request for one option of a command."""
    leaf = option(focused, typed) | {"focused": True}
    return _interaction(4, _command_data(path, [leaf]), origin)


def button(custom_id: str, origin: Origin) -> Raw:
    """Return a pressed button."""
    data = {"custom_id": custom_id, "component_type": 2, "id": 2}
    shown = message(fresh_id(origin.now_ms), origin.user, "Pick one")
    return _interaction(3, data, origin) | {"message": shown}


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
    return _interaction(5, {"custom_id": custom_id, "components": labels}, origin)


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


def _command_data(path: Sequence[str], options: Sequence[Raw]) -> Raw:
    leaves = list(options)
    for depth, name in enumerate(reversed(path[1:])):
        leaves = [{"name": name, "type": 1 if depth == 0 else 2, "options": leaves}]
    return {"id": _COMMAND_ID, "name": path[0], "type": 1, "options": leaves}


def _interaction(kind: int, data: Raw, origin: Origin) -> Raw:
    return {
        "id": fresh_id(origin.now_ms),
        "application_id": origin.application_id,
        "type": kind,
        "token": secrets.token_urlsafe(_TOKEN_BYTES),
        "version": 1,
        "data": data,
        "guild_id": GUILD_ID,
        "channel_id": CHANNEL_ID,
        "channel": {"id": CHANNEL_ID, "type": 0, "guild_id": GUILD_ID, "name": "general"},
        "member": {
            "user": origin.user,
            "roles": [],
            "permissions": "277025508416",
            "joined_at": "2023-05-05T05:05:05+00:00",
        },
        "locale": "en-US",
        "guild_locale": "en-US",
        "context": 0,
        "entitlements": [],
        "authorizing_integration_owners": {"0": GUILD_ID},
        "app_permissions": "268815360",
        "attachment_size_limit": 10_485_760,
    }
