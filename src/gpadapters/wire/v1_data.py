"""A dispatch's v1 ``eventType`` and ``data``, as the original ingestor makes them.

What it loses is lost here too: option types, resolved entities, the name of a context menu. It
publishes nothing for direct messages and for what bots write.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from gpadapters.wire.permission_names import permission_names
from gpcore.domain.dispatches import COMMAND_PREFIX, interaction_event_type
from gpcore.domain.reading import Object, boolean, integer, nested, objects, text, texts
from gpcore.domain.wire_message import NO_HEADERS

_LABEL: Final = 18
_CHAT_INPUT: Final = 1

TypedData = tuple[str, dict[str, object]]
"""``eventType`` and ``data``."""


def v1_interaction(raw: Object) -> TypedData | None:
    """Return what v1 says of an interaction, or ``None`` for one that v1 does not carry."""
    data = nested(raw, "data") or NO_HEADERS
    event_type = interaction_event_type(raw)
    if event_type in {"interaction.ping", "interaction.unknown"} or text(raw, "guild_id") is None:
        return None
    published: dict[str, object] = {"type": integer(raw, "type")}
    if event_type.startswith(COMMAND_PREFIX):
        if data.get("type", _CHAT_INPUT) == _CHAT_INPUT:
            published |= {"commandName": text(data, "name"), "options": _options(data)}
        else:
            event_type = "interaction.button"
    elif event_type != "interaction.autocomplete":
        published["customId"] = text(data, "custom_id")
    if event_type == "interaction.modal":
        published["fields"] = _fields(data)
    elif "values" in data:
        published["values"] = list(texts(data, "values"))
    member = nested(raw, "member")
    published["memberPermissions"] = permission_names(None if member is None else text(member, "permissions"))
    return event_type, published


def v1_event(event_type: str, raw: Object) -> TypedData | None:
    """Return what v1 says of an event, or ``None`` for one that v1 does not carry.

    A member's old name and roles are known only to a publisher that kept them: they are ``None``
    and empty.
    """
    match event_type:
        case "guild.join" | "guild.leave":
            return event_type, {"guildId": text(raw, "id")}
        case "member.join" | "member.update" | "member.leave":
            return event_type, _member(event_type, raw)
        case "message.create" if not _written_by_bot(raw) and text(raw, "guild_id"):
            return event_type, _message(raw)
        case _:
            return None


def _options(data: Object) -> dict[str, object]:
    """Return name → value; a subcommand or group becomes a nested map."""
    return {
        text(option, "name") or "": option["value"] if "value" in option else _options(option)
        for option in objects(data, "options")
    }


def _fields(data: Object) -> dict[str, object]:
    """Return custom id → value; answers that are lists are lost."""
    fields: dict[str, object] = {}
    for component in objects(data, "components"):
        label = nested(component, "component") if integer(component, "type") == _LABEL else None
        for child in objects(component, "components") if label is None else (label,):
            if "value" in child:
                fields[text(child, "custom_id") or ""] = child["value"]
    return fields


def _member(event_type: str, raw: Object) -> dict[str, object]:
    user = nested(raw, "user") or NO_HEADERS
    username = text(user, "username")
    roles = [text(raw, "guild_id"), *texts(raw, "roles")]
    whom: dict[str, object] = {"userId": text(user, "id"), "username": username}
    if event_type == "member.join":
        return whom | {
            "displayName": text(raw, "nick") or text(user, "global_name") or username,
            "joinedAt": _milliseconds(text(raw, "joined_at")),
            "pending": boolean(raw, "pending"),
            "roles": roles,
        }
    if event_type == "member.update":
        return whom | {
            "oldNickname": None,
            "newNickname": text(raw, "nick"),
            "addedRoles": [],
            "removedRoles": [],
            "currentRoles": roles,
        }
    return whom


def _message(raw: Object) -> dict[str, object]:
    author = nested(raw, "author") or NO_HEADERS
    return {
        "messageId": text(raw, "id"),
        "authorId": text(author, "id"),
        "channelId": text(raw, "channel_id"),
        "hasContent": bool(text(raw, "content")),
        "hasAttachments": bool(objects(raw, "attachments")),
        "hasEmbeds": bool(objects(raw, "embeds")),
        "mentionsEveryone": boolean(raw, "mention_everyone") or False,
    }


def _written_by_bot(raw: Object) -> bool:
    author: Mapping[str, object] = nested(raw, "author") or NO_HEADERS
    return "webhook_id" in raw or boolean(author, "bot") is True


def _milliseconds(timestamp: str | None) -> str | None:
    """Return Discord's timestamp as JavaScript writes it."""
    if timestamp is None:
        return None
    moment = datetime.fromisoformat(timestamp).astimezone(UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
