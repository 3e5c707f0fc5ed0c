"""Choosing a wire format for what gp publishes itself."""

import secrets
from typing import Any, Final, Protocol, cast

from gpcore.domain.wire_message import WireMessage
from gpcore.errors import ConfigurationError
from gprunner.container import Tools

_SEQUENCES: Final = 1 << 31


class Publication(Protocol):
    """A message and the routing key that it is published under."""

    @property
    def message(self) -> WireMessage:
        """Body and properties."""

    @property
    def routing_key(self) -> str:
        """The event type, or Discord's name of the dispatch."""


def encode(
    wire_format: str,
    dispatch: str,
    raw: dict[str, Any],
    *,
    now_ms: int,
    shard_id: int = 0,
    sequence: int | None = None,
) -> Publication:
    """Encode a gateway dispatch.

    Args:
        wire_format: ``v1``, ``v2`` or ``frame``.
        dispatch: Discord's name.
        raw: Discord's object.
        now_ms: Unix ms of the publish.
        shard_id: Which shard received it.
        sequence: The gateway's ``s``; ``None`` makes one up, since event ids are derived from it and
            the same object twice would be one event.

    Raises:
        ConfigurationError: There is no such format, or v1 cannot carry this dispatch.
    """
    where = {"shard_id": shard_id, "sequence": secrets.randbelow(_SEQUENCES) if sequence is None else sequence}
    if wire_format == "frame":
        return cast("Publication", Tools.encode_frame(dispatch, raw, **where, received_at_ms=now_ms))
    if wire_format == "v2":
        return cast("Publication", Tools.encode_v2(dispatch, raw, **where, published_at_ms=now_ms))
    if wire_format != "v1":
        raise ConfigurationError(f"wire format {wire_format!r}: choose from v1, v2, frame")
    publication = Tools.encode_v1(dispatch, raw, **where, published_at_ms=now_ms)
    if publication is None:
        raise ConfigurationError(f"v1 has no message for this {dispatch}: use v2 or frame")
    return cast("Publication", publication)
