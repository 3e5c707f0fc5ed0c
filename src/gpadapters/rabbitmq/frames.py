"""Repair of frames that the client library cannot decode.

A publisher may set any 64-bit number as AMQP ``timestamp``, bytes that are not UTF-8 as
``message_id`` or routing key, and so on. pamqp raises on some of these inside the connection's
reader, before any consumer sees the message: the connection dies, the broker redelivers the same
message to the next one, and nothing behind it is ever consumed. So frames are checked while they
are still bytes. A property that cannot be decoded is left out, and the message says which it lost
(``gp-unreadable``), so that it can be parked like any other bad message.
"""

import struct
from collections.abc import Iterable, Iterator
from typing import Final

from pamqp import constants, decode
from pamqp.base import Frame
from pamqp.commands import Basic
from pamqp.header import ContentHeader

from gpcore.domain.headers import UNREADABLE

_DECODING_ERRORS: Final = (ValueError, ArithmeticError, OSError, LookupError, TypeError, struct.error)
"""What pamqp lets escape for hostile values."""

_HEADERS: Final = "headers"
_FIXED_PART: Final = 12
_MORE_FLAGS: Final = 1
_FIXED_LENGTHS: Final = {"longlong": 8, "timestamp": 8, "long": 4, "short": 2, "octet": 1, "bit": 1}
_CARRYING_A_ROUTING_KEY: Final[dict[bytes, type[Frame]]] = {
    struct.pack(">I", method.index): method for method in (Basic.Deliver, Basic.Return, Basic.GetOk)
}


def decodable(kind: int, payload: bytes) -> bytes:
    """Return the payload of a frame such that the client library can decode it.

    Args:
        kind: The frame's type octet.
        payload: What stands between the frame's head and its end octet.

    Returns:
        The same bytes if they decode. A content header loses the properties that do not and gets
        the header ``gp-unreadable`` naming them; its body size is kept in any case. A routing key
        has what is not ASCII replaced; gp never decides anything by it.
    """
    if kind == constants.FRAME_HEADER:
        return _content_header(payload)
    if kind == constants.FRAME_METHOD and payload[:4] in _CARRYING_A_ROUTING_KEY and not payload.isascii():
        return _method(payload, _CARRYING_A_ROUTING_KEY[payload[:4]])
    return payload


def content_header(payload: bytes) -> ContentHeader:
    """Decode a content header; properties that do not decode are left out, and the headers name them."""
    header = ContentHeader()
    try:
        header.unmarshal(payload)
    except _DECODING_ERRORS:
        header = ContentHeader()
        header.unmarshal(_without_bad_properties(payload))
    return header


def _content_header(payload: bytes) -> bytes:
    try:
        ContentHeader().unmarshal(payload)
    except _DECODING_ERRORS:
        return _without_bad_properties(payload)
    return payload


def _method(payload: bytes, method: type[Frame]) -> bytes:
    try:
        method().unmarshal(payload[4:])
    except _DECODING_ERRORS:
        kinds = ((name, method.amqp_type(name)) for name in method.attributes())
        parts = _cut(kinds, payload[4:])
        return payload[:4] + b"".join(_ascii_text(raw) if kind == "shortstr" else raw for _, kind, raw in parts)
    return payload


def _without_bad_properties(payload: bytes) -> bytes:
    kept: dict[str, bytes] = {}
    lost: list[str] = []
    for name, kind, raw in _properties(payload):
        if _decodes(kind, raw):
            kept[name] = raw
        else:
            lost.append(name)
    kept[_HEADERS] = _with_entry(kept.get(_HEADERS, bytes(4)), UNREADABLE, ",".join(lost) or "all")
    flags = sum(Basic.Properties.flags[name] for name in kept)
    # The protocol fixes the order of properties.
    ordered = b"".join(kept[name] for name in Basic.Properties.attributes() if name in kept)
    return payload[:_FIXED_PART] + struct.pack(">H", flags) + ordered


def _properties(payload: bytes) -> Iterator[tuple[str, str, bytes]]:
    flags = int.from_bytes(payload[_FIXED_PART : _FIXED_PART + 2], "big")
    if flags & _MORE_FLAGS:
        return iter(())
    present = (name for name in Basic.Properties.attributes() if flags & Basic.Properties.flags[name])
    return _cut(((name, Basic.Properties.amqp_type(name)) for name in present), payload[_FIXED_PART + 2 :])


def _cut(kinds: Iterable[tuple[str, str]], data: bytes) -> Iterator[tuple[str, str, bytes]]:
    """Cut values apart by their lengths alone; nothing is decoded."""
    for name, kind in kinds:
        length = _length(kind, data)
        yield name, kind, data[:length]
        data = data[length:]


def _length(kind: str, data: bytes) -> int:
    if kind == "table":
        return 4 + int.from_bytes(data[:4], "big")
    if kind == "shortstr":
        return 1 + int.from_bytes(data[:1], "big")
    return _FIXED_LENGTHS[kind]


def _decodes(kind: str, raw: bytes) -> bool:
    try:
        used, _ = decode.by_type(raw, kind)
    except _DECODING_ERRORS:
        return False
    return used == len(raw)


def _ascii_text(raw: bytes) -> bytes:
    return raw[:1] + raw[1:].decode("ascii", "replace").replace("\ufffd", "?").encode()


def _with_entry(table: bytes, name: str, value: str) -> bytes:
    key, text = name.encode(), value.encode()
    entries = table[4:] + struct.pack(">B", len(key)) + key + b"S" + struct.pack(">I", len(text)) + text
    return struct.pack(">I", len(entries)) + entries
