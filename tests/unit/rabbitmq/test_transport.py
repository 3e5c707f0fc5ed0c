"""The guarded reader serves frames however they arrive and however they are asked for."""

import asyncio
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpadapters.rabbitmq.transport import GuardedReader


def a_frame(payload: bytes, kind: int = 3) -> bytes:
    return struct.pack(">BHI", kind, 1, len(payload)) + payload + b"\xce"


@given(st.lists(st.binary(max_size=40), max_size=6), st.lists(st.integers(1, 50)), st.lists(st.integers(1, 30)))
def test_serves_the_same_bytes_in_any_portions(payloads: list[bytes], arrivals: list[int], demands: list[int]) -> None:
    stream = b"".join(a_frame(payload) for payload in payloads)

    async def read() -> bytes:
        reader, rest = GuardedReader(), stream
        for size in arrivals:
            reader.feed_data(rest[:size])
            rest = rest[size:]
        reader.feed_data(rest)
        reader.feed_eof()
        served = b""
        for size in demands:
            served += await reader.readexactly(min(size, len(stream) - len(served)))
        return served + await reader.readexactly(len(stream) - len(served))

    assert asyncio.run(read()) == stream


async def test_passes_on_the_protocol_header_of_a_broker_that_refuses() -> None:
    reader = GuardedReader()
    reader.feed_data(b"AMQP\x00\x00\x09\x01")
    assert await reader.readexactly(1) + await reader.readexactly(7) == b"AMQP\x00\x00\x09\x01"


async def test_ends_only_after_the_last_frame_was_served() -> None:
    reader = GuardedReader()
    reader.feed_data(a_frame(b"last"))
    reader.feed_eof()
    assert not reader.at_eof()
    await reader.readexactly(1)
    assert not reader.at_eof()
    await reader.readexactly(len(a_frame(b"last")) - 1)
    assert reader.at_eof()
    with pytest.raises(asyncio.IncompleteReadError):
        await reader.readexactly(1)
