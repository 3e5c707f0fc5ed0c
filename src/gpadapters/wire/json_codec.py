"""The codec of every wire format that gp reads."""

from collections.abc import Collection
from typing import Final

from typing_extensions import override

from gpadapters.wire.frame import envelope_from_frame, looks_like_a_frame
from gpadapters.wire.parsing import Document, parse
from gpadapters.wire.redaction import named_type, redacted
from gpadapters.wire.tracing import trace_parent
from gpadapters.wire.v1 import envelope_from_v1
from gpadapters.wire.v2 import envelope_from_v2
from gpcore.domain.envelope import Envelope
from gpcore.domain.wire_message import WireMessage
from gpcore.errors import ConfigurationError, DecodeError
from gpcore.ports.codec import Codec

WIRE_FORMATS: Final = ("v1", "v2", "frame")

_NEWEST_VERSION: Final = 2


class JsonCodec(Codec):
    """Tells the formats apart by the body itself.

    A body with ``eventId`` or ``eventType`` is an envelope; its ``v`` says which (none: v1). Any
    other body with ``t``, ``op`` or ``payload`` is a gateway frame. Snake-case envelopes and other
    versions are refused as ``unsupported_envelope_version``.
    """

    __slots__ = ("_formats",)

    def __init__(self, formats: Collection[str] = WIRE_FORMATS) -> None:
        """Accept only these formats.

        Args:
            formats: Some of ``v1``, ``v2`` and ``frame``.

        Raises:
            ConfigurationError: None, or one that does not exist.
        """
        unknown = sorted(set(formats) - set(WIRE_FORMATS))
        if unknown or not formats:
            raise ConfigurationError(f"wire formats: choose from {', '.join(WIRE_FORMATS)}")
        self._formats: Final = frozenset(formats)

    @override
    def decode(self, message: WireMessage, *, received_at_ms: int) -> Envelope:
        document = parse(message)
        trace = trace_parent(document, message.headers)
        match self._format_of(document):
            case "frame":
                return envelope_from_frame(document, received_at_ms=received_at_ms, trace_parent=trace)
            case "v2":
                return envelope_from_v2(document, trace_parent=trace)
            case _:
                return envelope_from_v1(document, trace_parent=trace)

    @override
    def redact(self, message: WireMessage) -> WireMessage:
        return redacted(message)

    @override
    def named_type(self, message: WireMessage) -> str | None:
        return named_type(message.body)

    def _format_of(self, document: Document) -> str:
        if "eventId" not in document and "eventType" not in document:
            if "event_id" in document or "event_type" in document:
                raise DecodeError("unsupported_envelope_version")
            if "frame" in self._formats and looks_like_a_frame(document):
                return "frame"
        version = document.get("v")
        if version is not None and (type(version) is not int or version != _NEWEST_VERSION):
            raise DecodeError("unsupported_envelope_version")
        wire_format = "v1" if version is None else "v2"
        if wire_format in self._formats:
            return wire_format
        if "eventId" in document:
            raise DecodeError("unsupported_envelope_version")
        raise DecodeError("missing_field:eventId")
