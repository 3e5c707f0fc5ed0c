"""Whatever a publisher sends, the client library gets frames that it can decode."""

import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pamqp import constants, frame
from pamqp.commands import Basic
from pamqp.common import FieldTable
from pamqp.header import ContentHeader

from gpadapters.rabbitmq.frames import decodable

HEADER, METHOD, BODY = constants.FRAME_HEADER, constants.FRAME_METHOD, constants.FRAME_BODY

short_strings = st.binary(max_size=255).map(lambda raw: bytes([len(raw)]) + raw)
timestamps = st.binary(min_size=8, max_size=8)
octets = st.binary(min_size=1, max_size=1)
entries = st.tuples(
    st.binary(max_size=20).map(lambda raw: bytes([len(raw)]) + raw),
    st.one_of(
        timestamps.map(lambda raw: b"T" + raw),
        st.binary(max_size=20).map(lambda raw: b"S" + struct.pack(">I", len(raw)) + raw),
        st.sampled_from([b"V", b"?", b"t\x01", b"A\xff\xff\xff\xff", b"D\xff\xff\xff\xff\xff"]),
    ),
).map(b"".join)
tables = st.lists(entries, max_size=3).map(b"".join).map(lambda raw: struct.pack(">I", len(raw)) + raw)
KINDS = {"shortstr": short_strings, "timestamp": timestamps, "octet": octets, "table": tables}


@st.composite
def content_headers(draw: st.DrawFn) -> bytes:
    present = draw(st.sets(st.sampled_from(Basic.Properties.attributes())))
    flags, values = 0, b""
    for name in Basic.Properties.attributes():
        if name in present:
            flags |= Basic.Properties.flags[name]
            values += draw(KINDS[Basic.Properties.amqp_type(name)])
    return struct.pack(">HHQH", Basic.frame_id, 0, draw(st.integers(0, 2**40)), flags) + values


@given(content_headers())
def test_every_content_header_becomes_decodable_and_keeps_its_body_size(payload: bytes) -> None:
    decoded = _decoded(decodable(HEADER, payload))
    assert decoded.body_size == struct.unpack_from(">Q", payload, 4)[0]


@given(st.binary(min_size=14, max_size=200))
@example(b"\x00\x3c\x00\x00" + b"\x00" * 8 + b"\xff\xff")
@example(b"\x00\x3c\x00\x00" + b"\x00" * 8 + b"\x20\x00\xff\xff\xff\xff")
def test_even_bytes_that_are_no_content_header_become_one(payload: bytes) -> None:
    _decoded(decodable(HEADER, payload))


@given(st.text(max_size=60), st.integers(0, 255), st.dictionaries(st.text(min_size=1, max_size=20), st.integers()))
def test_what_decodes_is_left_as_it_is(message_id: str, priority: int, headers: dict[str, int]) -> None:
    small: FieldTable = {name: value % 2**31 for name, value in headers.items()}
    properties = Basic.Properties(message_id=message_id or "id", priority=priority, headers=small)
    payload = ContentHeader(body_size=7, properties=properties).marshal()
    assert decodable(HEADER, payload) is payload


def test_only_what_cannot_be_decoded_is_left_out() -> None:
    properties = Basic.Properties(content_type="application/json", message_id="id", headers={"shardId": 3}, priority=9)
    good = ContentHeader(body_size=7, properties=properties).marshal()
    flags = int.from_bytes(good[12:14], "big") | Basic.Properties.flags["timestamp"]
    payload = good[:12] + struct.pack(">H", flags) + good[14:] + b"\xff" * 8
    found = _decoded(decodable(HEADER, payload)).properties
    assert found.headers == {"shardId": 3, "gp-unreadable": "timestamp"}
    assert (found.content_type, found.message_id, found.priority) == ("application/json", "id", 9)
    assert found.timestamp is None


@given(st.binary(max_size=80), st.integers(0, 2**63 - 1), st.booleans())
def test_every_routing_key_becomes_decodable(routing_key: bytes, tag: int, redelivered: bool) -> None:
    payload = (
        struct.pack(">HH", 60, 60)
        + b"\x04ctag"
        + struct.pack(">QB", tag, redelivered)
        + b"\x09gp.events"
        + bytes([len(routing_key)])
        + routing_key
    )
    _, _, method = frame.unmarshal(_framed(METHOD, decodable(METHOD, payload)))
    assert isinstance(method, Basic.Deliver)
    assert (method.consumer_tag, method.delivery_tag, method.redelivered) == ("ctag", tag, redelivered)
    assert method.exchange == "gp.events"
    if routing_key.isascii():
        assert method.routing_key == routing_key.decode()


@pytest.mark.parametrize("kind", [BODY, METHOD, constants.FRAME_HEARTBEAT])
def test_other_frames_are_left_as_they_are(kind: int) -> None:
    payload = b"\x00\x3c\x00\x50\xff\xfe\xfd"
    assert decodable(kind, payload) is payload


def _decoded(payload: bytes) -> ContentHeader:
    _, _, header = frame.unmarshal(_framed(HEADER, payload))
    assert isinstance(header, ContentHeader)
    return header


def _framed(kind: int, payload: bytes) -> bytes:
    return struct.pack(">BHI", kind, 1, len(payload)) + payload + b"\xce"
