"""Discord's message objects, as the simulator's bot writes them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from gpadapters.simulator.asking import UploadedFile
from gpadapters.simulator.checks import EPHEMERAL, as_list, as_object
from gpadapters.simulator.errors import Json

APPLICATION_ID: Final = "1214497633075331073"
CHANNEL_ID: Final = "849256214691971078"
_SETTABLE: Final = ("content", "embeds", "components", "flags")
_NORMAL: Final = 0
_CHAT_INPUT_ANSWER: Final = 20
_REPLY: Final = 19


def user(user_id: str, name: str, *, bot: bool = False) -> Json:
    """Return a user object."""
    person: Json = {
        "id": user_id,
        "username": name,
        "avatar": None,
        "discriminator": "0",
        "public_flags": 0,
        "flags": 0,
        "banner": None,
        "accent_color": None,
        "global_name": None,
        "avatar_decoration_data": None,
        "collectibles": None,
        "banner_color": None,
        "clan": None,
        "primary_guild": None,
        "display_name_styles": None,
    }
    return person | {"bot": True} if bot else person


def message(message_id: str, channel_id: str, *, now: float, application_id: str) -> Json:
    """Return an empty message of the bot in a channel."""
    return {
        "id": message_id,
        "type": _NORMAL,
        "channel_id": channel_id,
        "content": "",
        "author": user(application_id, "gp-demo", bot=True),
        "attachments": [],
        "embeds": [],
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "pinned": False,
        "tts": False,
        "timestamp": _written(now),
        "edited_timestamp": None,
        "flags": 0,
        "components": [],
    }


def interaction_message(
    message_id: str, channel_id: str, *, now: float, application_id: str, interaction_id: str, kind: int | None
) -> Json:
    """Return an empty message that answers an interaction."""
    empty = message(message_id, channel_id, now=now, application_id=application_id)
    return empty | {
        "type": _CHAT_INPUT_ANSWER,
        "application_id": application_id,
        "webhook_id": application_id,
        "position": 0,
        "interaction_metadata": {
            "id": interaction_id,
            "type": kind if kind is not None else 2,
            "user": user("430305391411331087", "alice.example"),
            "authorizing_integration_owners": {"0": "849255963033731074"},
        },
    }


def refer(followup: Json, original: Json) -> None:
    """Make a follow-up a reply to the original answer."""
    followup["type"] = _REPLY
    followup["message_reference"] = {
        "type": 0,
        "channel_id": original["channel_id"],
        "message_id": original["id"],
        "guild_id": "849255963033731074",
    }


def change(target: Json, body: Json, *, files: Sequence[UploadedFile], now: float | None = None) -> None:
    """Write the settable fields of a body into a message.

    Args:
        target: The message.
        body: What was sent; ``null`` empties a field.
        files: The uploaded files, in order.
        now: For an edit: when; a new message has none.
    """
    kept_flag = _flags(target) & EPHEMERAL
    for name in _SETTABLE:
        if name in body:
            empty: object = "" if name == "content" else 0 if name == "flags" else []
            target[name] = body[name] if body[name] is not None else empty
    target["flags"] = _flags(target) | kept_flag
    if "attachments" in body or files:
        target["attachments"] = _attachments(target, body, files)
    if now is not None:
        target["edited_timestamp"] = _written(now)


def is_empty(target: Json) -> bool:
    """Tell whether a message has nothing to show; blanks are nothing."""
    words = str(target.get("content") or "").strip()
    return not (words or any(target.get(name) for name in ("embeds", "components", "attachments")))


def _flags(target: Json) -> int:
    value = target.get("flags")
    return value if isinstance(value, int) else 0


def _attachments(target: Json, body: Json, files: Sequence[UploadedFile]) -> list[object]:
    given = {str(item.get("id")): item for item in map(as_object, as_list(body.get("attachments")))}
    old = [item for item in as_list(target.get("attachments")) if str(as_object(item).get("id")) in given]
    last = max((int(str(as_object(item)["id"])) for item in old), default=int(str(target["id"])))
    new = [
        _attachment(target, str(last + 1 + number), file, given.get(str(number), {}))
        for number, file in enumerate(files)
    ]
    return [*old, *new]


def _attachment(target: Json, attachment_id: str, file: UploadedFile, given: Json) -> Json:
    where = f"https://cdn.invalid/attachments/{target['channel_id']}/{attachment_id}/{quote(file.name)}"
    described = {"description": given["description"]} if given.get("description") else {}
    return described | {
        "id": attachment_id,
        "filename": file.name,
        "size": file.size,
        "content_type": file.content_type,
        "url": where,
        "proxy_url": where,
    }


def _written(now: float) -> str:
    return datetime.fromtimestamp(now, tz=UTC).isoformat(timespec="microseconds")
