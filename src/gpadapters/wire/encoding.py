"""A gateway dispatch as a message to publish, in each of the wire formats."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpadapters.wire.canonical import body_sha256, compact_json
from gpadapters.wire.v1_data import v1_event, v1_interaction
from gpcore.domain.dispatches import INTERACTION_CREATE, event_type_of, routing_facts
from gpcore.domain.ids import dispatch_event_id, interaction_event_id
from gpcore.domain.priorities import original_priority_of, priority_of
from gpcore.domain.wire_message import WireMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A message and the routing key that it is published under.

    Attributes:
        message: Body and properties; the priority is among them.
        routing_key: The event type for envelopes, Discord's name of the dispatch for frames.
    """

    message: WireMessage
    routing_key: str


def encode_v1(
    dispatch: str, raw: Mapping[str, Any], *, published_at_ms: int, shard_id: int = 0, sequence: int = 0
) -> Publication | None:
    """Return the dispatch as the original ingestor publishes it, or ``None`` where it publishes nothing.

    Args:
        dispatch: Discord's name, such as ``INTERACTION_CREATE``.
        raw: Discord's ``d`` object.
        published_at_ms: Unix ms; also decides whether a guild was joined.
        shard_id: The shard that received it.
        sequence: The gateway's ``s``; only the event id depends on it.
    """
    if dispatch == INTERACTION_CREATE:
        typed = v1_interaction(raw)
    else:
        typed = v1_event(event_type_of(dispatch, raw, received_at_ms=published_at_ms), raw)
    if typed is None:
        return None
    event_type, data = typed
    header = _header(dispatch, raw, event_type, published_at_ms=published_at_ms, shard_id=shard_id, sequence=sequence)
    return _publication({**header, "data": data}, priority=original_priority_of(event_type))


def encode_v2(
    dispatch: str,
    raw: Mapping[str, Any],
    *,
    published_at_ms: int,
    received_at_ms: int | None = None,
    shard_id: int = 0,
    shard_count: int = 1,
    sequence: int = 0,
    trace_parent: str | None = None,
) -> Publication:
    """Return the dispatch with the v1 header and Discord's object untouched.

    Args:
        dispatch: Discord's name, such as ``INTERACTION_CREATE``.
        raw: Discord's ``d`` object.
        published_at_ms: Unix ms.
        received_at_ms: Unix ms of the receipt from the gateway; ``published_at_ms`` if not known.
        shard_id: The shard that received it.
        shard_count: How many shards there are.
        sequence: The gateway's ``s``; only the event id depends on it.
        trace_parent: W3C trace context to pass on.
    """
    received = published_at_ms if received_at_ms is None else received_at_ms
    event_type = event_type_of(dispatch, raw, received_at_ms=received)
    header = _header(dispatch, raw, event_type, published_at_ms=published_at_ms, shard_id=shard_id, sequence=sequence)
    body = {"v": 2, **header, "shardCount": shard_count, "receivedAt": received, "raw": raw}
    if trace_parent is not None:
        body["traceparent"] = trace_parent
    return _publication(body, priority=priority_of(event_type))


def encode_frame(
    dispatch: str, raw: Mapping[str, Any], *, shard_id: int = 0, sequence: int = 0, received_at_ms: int = 0
) -> Publication:
    """Return the dispatch as the gateway sent it, with its shard beside it.

    Args:
        dispatch: Discord's name, such as ``INTERACTION_CREATE``.
        raw: Discord's ``d`` object.
        shard_id: The shard that received it.
        sequence: The gateway's ``s``.
        received_at_ms: Unix ms; a frame carries no time, so this only chooses the priority of guilds.
    """
    event_type = event_type_of(dispatch, raw, received_at_ms=received_at_ms)
    body = {"op": 0, "t": dispatch, "s": sequence, "shardId": shard_id, "d": raw}
    guild_id = routing_facts(dispatch, raw).guild_id
    message = WireMessage(
        body=compact_json(body),
        headers=_headers(shard_id, guild_id),
        message_id=_event_id(dispatch, raw, shard_id, sequence),
        priority=priority_of(event_type),
    )
    return Publication(message=message, routing_key=dispatch)


def _header(
    dispatch: str, raw: Mapping[str, Any], event_type: str, *, published_at_ms: int, shard_id: int, sequence: int
) -> dict[str, Any]:
    """Return the fields that v1 and v2 share, without those that the dispatch does not have."""
    facts = routing_facts(dispatch, raw)
    is_interaction = dispatch == INTERACTION_CREATE
    optional = {
        "guildId": facts.guild_id,
        "channelId": facts.channel_id,
        "userId": facts.user_id,
        "interactionId": raw["id"] if is_interaction else None,
        "interactionToken": raw["token"] if is_interaction else None,
    }
    return {
        "eventId": _event_id(dispatch, raw, shard_id, sequence),
        "eventType": event_type,
        "timestamp": published_at_ms,
        "shardId": shard_id,
        **{name: value for name, value in optional.items() if value is not None},
    }


def _publication(body: Mapping[str, Any], *, priority: int) -> Publication:
    message = WireMessage(
        body=compact_json(body),
        headers=_headers(body["shardId"], body.get("guildId")),
        message_id=body["eventId"],
        priority=priority,
    )
    return Publication(message=message, routing_key=body["eventType"])


def _headers(shard_id: int, guild_id: str | None) -> dict[str, object]:
    return {"shardId": shard_id} if guild_id is None else {"shardId": shard_id, "guildId": guild_id}


def _event_id(dispatch: str, raw: Mapping[str, Any], shard_id: int, sequence: int) -> str:
    if dispatch == INTERACTION_CREATE:
        return interaction_event_id(raw["id"])
    return dispatch_event_id(dispatch, shard_id, sequence, body_sha256(raw))
