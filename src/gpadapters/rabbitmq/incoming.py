"""Deliveries taken off the stream of frames.

The client library would carry each of a delivery's three frames through two queues, decode it a
second time, and start a task for its callback. Frames of deliveries are put together here instead,
as they arrive, with the library's own decoder of properties.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aiormq.abc import DeliveredMessage
from pamqp import constants
from pamqp.commands import Basic
from pamqp.header import ContentHeader

from gpadapters.rabbitmq.frames import content_header

_DELIVER: Final = struct.pack(">I", Basic.Deliver.index)
_METHOD_ID: Final = 4
_TAG_AND_BITS: Final = struct.Struct(">QB")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A delivery as the broker sent it.

    Attributes:
        tag: Names it on its channel.
        redelivered: Whether it was handed out before.
        properties: Decoded; what could not be is left out and named in the headers.
        body: The bytes as published.
    """

    tag: int
    redelivered: bool
    properties: Basic.Properties
    body: bytes


def got(raw: DeliveredMessage) -> Incoming:
    """Return a message that was asked for, which comes through the client library."""
    return Incoming(raw.delivery_tag or 0, bool(raw.redelivered), raw.header.properties, raw.body)


Take = Callable[[Incoming], None]
"""Takes a delivery over; must not raise, since it runs inside the connection's reader."""


class Assembly:
    """Puts the deliveries of one channel together."""

    def __init__(self, take: Take) -> None:
        self._take: Final = take
        self._method = b""
        self._header: ContentHeader | None = None
        self._parts: list[bytes] = []
        self._missing = 0

    def add(self, kind: int, payload: bytes) -> bool:
        """Look at a frame of the channel; ``False`` leaves it to the library."""
        if kind == constants.FRAME_METHOD:
            # Any other method instead of the rest of a delivery means that the channel ends.
            self._method = payload if payload[:_METHOD_ID] == _DELIVER else b""
            self._header = None
            return bool(self._method)
        if kind == constants.FRAME_HEADER and self._method:
            self._header, self._parts = content_header(payload), []
            self._missing = self._header.body_size or 0
        elif kind == constants.FRAME_BODY and self._header is not None:
            self._parts.append(payload)
            self._missing -= len(payload)
        else:
            return False
        if self._missing <= 0:
            self._finish()
        return True

    def _finish(self) -> None:
        method, header, self._method, self._header = self._method, self._header, b"", None
        if header is None:
            return
        # The consumer's tag comes first, as a short text; exchange and routing key are not looked at.
        tag, bits = _TAG_AND_BITS.unpack_from(method, _METHOD_ID + 1 + method[_METHOD_ID])
        body = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        self._take(Incoming(tag, bool(bits & 1), header.properties, body))
