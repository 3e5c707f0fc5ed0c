"""The second envelope: v1's header with Discord's own object beside it."""

from gpadapters.wire.discord_objects import check_event, check_interaction
from gpadapters.wire.envelope_models import RAW_ENVELOPE, RawEnvelope
from gpadapters.wire.parsing import Document, check
from gpadapters.wire.scalars import UNKNOWN_USER
from gpadapters.wire.v1 import envelope_from_v1
from gpcore.domain.dispatches import COMMAND_PREFIX, dispatch_of, interaction_event_type, routing_facts
from gpcore.domain.envelope import INTERACTION_PREFIX, Envelope
from gpcore.domain.secrets import Secret
from gpcore.errors import DecodeError


def envelope_from_v2(document: Document, *, trace_parent: str | None) -> Envelope:
    """Return the envelope of a v2 body. ``raw`` is the truth where it is there; ``data`` is then ignored.

    Raises:
        IgnoredBodyError: As for v1, without ``raw``.
        DecodeError: A field is missing or wrong, or header and ``raw`` contradict each other.
    """
    if document.get("raw") is None:
        if "data" not in document and "eventId" in document:
            raise DecodeError("missing_field:raw")
        return envelope_from_v1(document, trace_parent=trace_parent, wire_format="v2")
    header = check(RAW_ENVELOPE, document, document=document)
    raw: Document = document["raw"]
    if header["eventType"].startswith(INTERACTION_PREFIX):
        return _interaction(header, raw, document, trace_parent)
    check_event(header["eventType"], raw, document=document, prefix="raw.")
    return _envelope(header, raw, event_type=header["eventType"], trace_parent=trace_parent)


def _interaction(header: RawEnvelope, raw: Document, document: Document, trace_parent: str | None) -> Envelope:
    check_interaction(raw, document=document, prefix="raw.")
    event_type = interaction_event_type(raw)
    _refuse_contradictions(header, raw, event_type)
    return _envelope(
        header,
        raw,
        event_type=event_type,
        trace_parent=trace_parent,
        interaction_id=raw["id"],
        interaction_token=Secret(raw["token"]),
    )


def _refuse_contradictions(header: RawEnvelope, raw: Document, event_type: str) -> None:
    """Refuse rather than choose where header and ``raw`` name different commands or interactions.

    A header may call every interaction that is no chat command ``interaction.button``, as v1 does.
    """
    if header["eventType"].startswith(COMMAND_PREFIX) and header["eventType"] != event_type:
        raise DecodeError("mismatch:eventType")
    if header.get("interactionId") not in {None, raw["id"]}:
        raise DecodeError("mismatch:interactionId")
    if header.get("interactionToken") not in {None, raw["token"]}:
        raise DecodeError("mismatch:interactionToken")


def _envelope(
    header: RawEnvelope,
    raw: Document,
    *,
    event_type: str,
    trace_parent: str | None,
    interaction_id: str | None = None,
    interaction_token: Secret | None = None,
) -> Envelope:
    dispatch = dispatch_of(event_type)
    facts = routing_facts(dispatch, raw)
    user_id = facts.user_id or header.get("userId")
    return Envelope(
        event_id=header["eventId"].lower(),
        event_type=event_type,
        published_at_ms=header["timestamp"],
        wire_format="v2",
        shard_id=header.get("shardId") or 0,
        dispatch=dispatch,
        guild_id=facts.guild_id or header.get("guildId"),
        channel_id=facts.channel_id or header.get("channelId"),
        user_id=None if user_id == UNKNOWN_USER else user_id,
        interaction_id=interaction_id,
        interaction_token=interaction_token,
        raw=raw,
        trace_parent=trace_parent,
    )
