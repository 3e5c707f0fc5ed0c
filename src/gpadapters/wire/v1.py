"""The original envelope to gp's."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from gpadapters.wire.envelope_models import EVENT_ENVELOPE, INTERACTION_ENVELOPE, EventEnvelope
from gpadapters.wire.parsing import Document, check
from gpadapters.wire.scalars import UNKNOWN_USER
from gpcore.domain.dispatches import COMMAND_PREFIX
from gpcore.domain.envelope import INTERACTION_PREFIX, Envelope
from gpcore.domain.ids import is_snowflake
from gpcore.domain.secrets import Secret
from gpcore.errors import DecodeError, IgnoredBodyError

_DATA_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "commandName": "commandName",
        "subcommand": "subcommand",
        "customId": "customId",
        "componentType": "componentType",
        "selectedValues": "values",
    }
)
"""Fields that the original worker also reads at the top level, and their names in ``data``."""

_KINDS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "interaction.button": 3,
        "interaction.autocomplete": 4,
        "interaction.modal": 5,
    }
)
_COMMAND: Final = 2


def envelope_from_v1(document: Document, *, trace_parent: str | None, wire_format: str = "v1") -> Envelope:
    """Return the envelope of a v1 body, or of a v2 body without ``raw``.

    Raises:
        IgnoredBodyError: A member event about nobody, which the original ingestor really publishes.
        DecodeError: A field is missing or wrong, or two fields contradict each other.
    """
    event_type = document.get("eventType")
    if isinstance(event_type, str) and event_type.startswith(INTERACTION_PREFIX):
        return _interaction(document, wire_format, trace_parent)
    return _event(document, wire_format, trace_parent)


def _interaction(document: Document, wire_format: str, trace_parent: str | None) -> Envelope:
    header = check(INTERACTION_ENVELOPE, document, document=document)
    event_type = header["eventType"]
    data = _interaction_data(document, event_type)
    if event_type.startswith(COMMAND_PREFIX) and data["commandName"] != event_type.removeprefix(COMMAND_PREFIX):
        raise DecodeError("mismatch:eventType")
    return Envelope(
        event_id=header["eventId"].lower(),
        event_type=event_type,
        published_at_ms=header["timestamp"],
        wire_format=wire_format,
        shard_id=header.get("shardId") or 0,
        guild_id=header.get("guildId"),
        channel_id=header.get("channelId"),
        user_id=header.get("userId"),
        interaction_id=header["interactionId"],
        interaction_token=Secret(header["interactionToken"]),
        data=data,
        trace_parent=trace_parent,
    )


def _interaction_data(document: Document, event_type: str) -> Document:
    """Return ``data`` completed from the top level and from the event type; ``data`` itself wins."""
    data: Document = document.get("data") or {}
    known: Document = {inner: document.get(outer) for outer, inner in _DATA_NAMES.items()}
    if event_type.startswith(COMMAND_PREFIX):
        known["type"] = _COMMAND
        known["commandName"] = known["commandName"] or event_type.removeprefix(COMMAND_PREFIX)
    else:
        known["type"] = _KINDS.get(event_type)
    missing = {name: value for name, value in known.items() if value is not None and data.get(name) is None}
    return {**data, **missing} if missing else data


def _event(document: Document, wire_format: str, trace_parent: str | None) -> Envelope:
    header = check(EVENT_ENVELOPE, document, document=document)
    guild_id, channel_id, user_id = _whom(header)
    return Envelope(
        event_id=header["eventId"].lower(),
        event_type=header["eventType"],
        published_at_ms=header["timestamp"],
        wire_format=wire_format,
        shard_id=header.get("shardId") or 0,
        guild_id=guild_id,
        channel_id=channel_id,
        user_id=user_id,
        data=header.get("data", {}),
        trace_parent=trace_parent,
    )


def _whom(header: EventEnvelope) -> tuple[str | None, str | None, str | None]:
    """Return guild, channel and user; for the events that gp models also from ``data``.

    Raises:
        IgnoredBodyError: The user is the literal ``unknown``.
        DecodeError: An id that the event cannot do without is missing or wrong.
    """
    data = header.get("data", {})
    guild_id, channel_id, user_id = header.get("guildId"), header.get("channelId"), header.get("userId")
    match header["eventType"].partition(".")[0]:
        case "member":
            user_id = user_id or _from_data(data, "userId")
            _refuse_unknown(user_id)
            guild_id = _required(guild_id, "guildId")
            user_id = _required(user_id, "userId")
        case "guild":
            guild_id = _required(guild_id or _from_data(data, "guildId"), "guildId")
        case "message":
            channel_id = _required(channel_id or _from_data(data, "channelId"), "channelId")
            user_id = user_id or _from_data(data, "authorId")
        case _:
            pass  # nothing is known of what other events need
    _refuse_unknown(user_id)
    return guild_id, channel_id, user_id


def _from_data(data: Mapping[str, object], name: str) -> str | None:
    value = data.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise DecodeError(f"bad_type:data.{name}")
    if value != UNKNOWN_USER and not is_snowflake(value):
        raise DecodeError(f"bad_value:data.{name}")
    return value


def _refuse_unknown(user_id: str | None) -> None:
    if user_id == UNKNOWN_USER:
        raise IgnoredBodyError("unusable:userId")


def _required(value: str | None, name: str) -> str:
    if value is None:
        raise DecodeError(f"missing_field:{name}")
    return value
