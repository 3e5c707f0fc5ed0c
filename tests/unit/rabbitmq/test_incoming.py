"""Deliveries are put together from their frames, and everything else is left to the library."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pamqp import frame as frames
from pamqp.body import ContentBody
from pamqp.commands import Basic, Channel
from pamqp.header import ContentHeader

from gpadapters.rabbitmq.incoming import Incoming
from gpadapters.rabbitmq.transport import GuardedReader, take_deliveries
from gpcore.domain.headers import UNREADABLE

CHANNEL = 2
HEARTBEAT = b"\x08\x00\x00\x00\x00\x00\x00\xce"


def a_delivery(tag: int, body: bytes, *, portion: int = 100, properties: Basic.Properties | None = None) -> bytes:
    method = Basic.Deliver("consumer", tag, bool(tag % 2), "exchange", "routing.key")
    header = ContentHeader(body_size=len(body), properties=properties or Basic.Properties(message_id=str(tag)))
    parts = [ContentBody(body[at : at + portion]) for at in range(0, len(body), portion)]
    whole: list[Basic.Deliver | ContentHeader | ContentBody] = [method, header, *parts]
    return b"".join(frames.marshal(frame, CHANNEL) for frame in whole)


async def taken_and_served(stream: bytes, arrivals: list[int]) -> tuple[list[Incoming], bytes]:
    reader, taken, rest = GuardedReader(), list[Incoming](), stream
    reader.take_deliveries(CHANNEL, taken.append)
    for size in arrivals:
        reader.feed_data(rest[:size])
        rest = rest[size:]
    reader.feed_data(rest)
    reader.feed_eof()
    served = b""
    while not reader.at_eof():
        try:
            served += await reader.readexactly(1)
        except asyncio.IncompleteReadError:
            break
    return taken, served


@given(
    st.lists(st.tuples(st.integers(1, 2**63 - 1), st.binary(max_size=30)), max_size=5),
    st.integers(1, 40),
    st.lists(st.integers(1, 60)),
)
def test_every_delivery_arrives_whole_however_its_frames_are_cut(
    sent: list[tuple[int, bytes]], portion: int, arrivals: list[int]
) -> None:
    stream = b"".join(a_delivery(tag, body, portion=portion) for tag, body in sent)
    taken, served = asyncio.run(taken_and_served(stream, arrivals))
    assert [(one.tag, one.redelivered, one.body) for one in taken] == [(tag, tag % 2 == 1, body) for tag, body in sent]
    assert [one.properties.message_id for one in taken] == [str(tag) for tag, _ in sent]
    assert served.replace(HEARTBEAT, b"") == b""


async def test_the_library_hears_that_the_broker_lives_while_there_are_only_deliveries() -> None:
    _, served = await taken_and_served(a_delivery(1, b"{}") + a_delivery(2, b"{}"), [])
    assert served == HEARTBEAT


async def test_other_channels_and_other_methods_are_the_librarys() -> None:
    elsewhere = frames.marshal(Basic.ConsumeOk("consumer"), 1)
    closing = frames.marshal(Channel.Close(404, "gone", 0, 0), CHANNEL)
    half = a_delivery(1, b"never there")[:-5]
    cut = half[: half.index(b"\xce", 30) + 1]  # the method and no more
    taken, served = await taken_and_served(elsewhere + a_delivery(2, b"{}") + cut + closing, [])
    assert [one.tag for one in taken] == [2]
    assert served.replace(HEARTBEAT, b"") == elsewhere + closing


async def test_a_header_without_its_method_is_left_to_the_library() -> None:
    header = frames.marshal(ContentHeader(body_size=2), CHANNEL) + frames.marshal(ContentBody(b"{}"), CHANNEL)
    taken, served = await taken_and_served(header, [])
    assert (taken, served) == ([], header)


async def test_a_property_that_cannot_be_decoded_is_named_in_the_headers() -> None:
    good = a_delivery(1, b"{}", properties=Basic.Properties(message_id="ab"))
    hostile = good.replace(b"\x02ab", b"\x02\xff\xfe")
    (one,), _ = await taken_and_served(hostile, [])
    assert one.properties.headers == {UNREADABLE: "message_id"}
    assert one.body == b"{}"


def test_only_a_connection_over_the_guarded_transport_will_do() -> None:
    with pytest.raises(TypeError, match="guarded transport"):
        take_deliveries(object(), 1, lambda _: None)  # type: ignore[arg-type]  # another connection
