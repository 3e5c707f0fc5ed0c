"""Gateway frames, bare or wrapped, to envelopes."""

from typing import Final

from gpadapters.wire.canonical import body_sha256
from gpadapters.wire.discord_models import FRAME, WRAPPER
from gpadapters.wire.discord_objects import check_dispatch
from gpadapters.wire.parsing import Document, check
from gpcore.domain.dispatches import INTERACTION_CREATE, routing_facts
from gpcore.domain.envelope import Envelope
from gpcore.domain.ids import dispatch_event_id, interaction_event_id
from gpcore.domain.secrets import Secret

_METADATA_SHARD: Final = 1
"""Index of the shard's id in ``__metadata.s``, which is ``[0, shard_id, shard_count]``."""


def looks_like_a_frame(document: Document) -> bool:
    """Tell whether a document that is no envelope is meant as a gateway frame."""
    return "t" in document or "op" in document or "payload" in document


def envelope_from_frame(document: Document, *, received_at_ms: int, trace_parent: str | None) -> Envelope:
    """Return the envelope of a frame; its event id is derived, so every publisher's copy has the same.

    Raises:
        DecodeError: A field that routing needs is missing or wrong; the reason names it as in the
            bare frame (``missing_field:d.id``).
    """
    bare, shard_id = _unwrapped(document)
    frame = check(FRAME, bare, document=document)
    raw: Document = bare["d"]
    dispatch = frame["t"]
    event_type = check_dispatch(dispatch, raw, received_at_ms=received_at_ms, document=document, prefix="d.")
    is_interaction = dispatch == INTERACTION_CREATE
    if is_interaction:
        event_id = interaction_event_id(raw["id"])
    else:
        event_id = dispatch_event_id(dispatch, shard_id, frame.get("s") or 0, body_sha256(raw))
    facts = routing_facts(dispatch, raw)
    return Envelope(
        event_id=event_id,
        event_type=event_type,
        published_at_ms=received_at_ms,
        wire_format="frame",
        shard_id=shard_id,
        dispatch=dispatch,
        guild_id=facts.guild_id,
        channel_id=facts.channel_id,
        user_id=facts.user_id,
        interaction_id=raw["id"] if is_interaction else None,
        interaction_token=Secret(raw["token"]) if is_interaction else None,
        raw=raw,
        trace_parent=trace_parent,
    )


def _unwrapped(document: Document) -> tuple[Document, int]:
    """Return the bare frame and its shard."""
    if "t" in document or "payload" not in document:
        return document, _shard_id(document)
    check(WRAPPER, document, document=document)
    frame: Document = document["payload"]
    return frame, _shard_id(document) or _shard_id(frame)


def _shard_id(source: Document) -> int:
    """Return ``shardId`` or what ``__metadata`` says; 0 where neither is usable.

    ``shardId`` is checked by the models; the metadata are another system's own and may hold anything.
    """
    metadata = source.get("__metadata")
    shard = metadata.get("s") if isinstance(metadata, dict) else None
    counted = shard[_METADATA_SHARD] if isinstance(shard, list) and len(shard) > _METADATA_SHARD else None
    for shard_id in (source.get("shardId"), counted):
        if type(shard_id) is int and shard_id >= 0:
            return shard_id
    return 0
