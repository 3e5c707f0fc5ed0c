"""Characters that JSON may carry and that must not travel further.

A control character in a field that routes would end up in keys, metric labels and log lines; half
of a surrogate pair cannot be encoded again. Custom ids may hold control characters: they belong to
the bot, and gp uses them only to match templates.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LONE_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")

_ENVELOPE_FIELDS: Final = (
    "eventId",
    "eventType",
    "guildId",
    "channelId",
    "userId",
    "interactionId",
    "interactionToken",
    "commandName",
    "subcommand",
    "t",
)
_DISCORD_FIELDS: Final = ("id", "token", "application_id", "guild_id", "channel_id")
_CUSTOM_IDS: Final = ("customId", "custom_id")


def has_control_character(document: dict[str, Any]) -> bool:
    """Tell whether a field that routes holds a control character."""
    return any(_CONTROL.search(text) for text in _routing_texts(document))


def has_lone_surrogate(document: dict[str, Any]) -> bool:
    """Tell whether a field that routes, custom ids included, holds half of a surrogate pair."""
    texts = (*_routing_texts(document), *_custom_ids(document))
    return any(_LONE_SURROGATE.search(text) for text in texts)


def without_lone_surrogates(value: object) -> object:
    """Return the value with U+FFFD for each half of a surrogate pair, in keys as well."""
    if isinstance(value, str):
        return _LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [without_lone_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {without_lone_surrogates(key): without_lone_surrogates(item) for key, item in value.items()}
    return value


def _routing_texts(document: dict[str, Any]) -> Iterator[str]:
    frame = _object(document, "payload") or document
    yield from _texts(document, _ENVELOPE_FIELDS)
    yield from _texts(_object(document, "data"), ("commandName", "subcommand"))
    yield from _texts(frame, ("t",))
    for raw in (_object(document, "raw"), _object(frame, "d")):
        yield from _texts(raw, _DISCORD_FIELDS)
        yield from _texts(_object(raw, "data"), ("name",))


def _custom_ids(document: dict[str, Any]) -> Iterator[str]:
    frame = _object(document, "payload") or document
    raws = (_object(document, "raw"), _object(frame, "d"))
    for source in (document, _object(document, "data"), *(_object(raw, "data") for raw in raws)):
        yield from _texts(source, _CUSTOM_IDS)


def _texts(source: dict[str, Any], names: tuple[str, ...]) -> Iterator[str]:
    return (value for name in names if isinstance(value := source.get(name), str))


def _object(source: dict[str, Any], name: str) -> dict[str, Any]:
    value = source.get(name)
    return value if isinstance(value, dict) else {}
