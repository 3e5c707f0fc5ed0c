"""A transport for the client library that hands it only frames which it can decode.

The library accepts a factory for its byte streams. Ours opens the same TCP or TLS stream, but its
reader looks at each frame first. Nothing of the library is patched, so two versions of it, or
another user of it in the same process, are not affected.
"""

import asyncio
import struct
from typing import Any, Final

from aio_pika import Connection
from aio_pika.abc import TimeoutType
from aiormq.connection import TransportFactory
from pamqp import constants
from typing_extensions import override
from yarl import URL

from gpadapters.rabbitmq.frames import decodable

_HEAD: Final = struct.Struct(">BHI")


class GuardedReader(asyncio.StreamReader):
    """Reads whole frames from the socket and serves them, repaired where needed."""

    def __init__(self, *, limit: int = 2**16) -> None:
        super().__init__(limit=limit)
        self._frames = bytearray()

    @override
    def at_eof(self) -> bool:
        return not self._frames and super().at_eof()

    @override
    async def readexactly(self, n: int) -> bytes:
        while len(self._frames) < n:
            self._frames += await self._next_frame()
        served = bytes(self._frames[:n])
        del self._frames[:n]
        return served

    async def _next_frame(self) -> bytes:
        head = await super().readexactly(_HEAD.size)
        if head.startswith(constants.AMQP):
            # Not a frame: the broker names the protocol version that it would accept, and hangs up.
            return head + await super().readexactly(1)
        kind, channel, length = _HEAD.unpack(head)
        body = await super().readexactly(length + 1)
        payload = decodable(kind, body[:-1])
        return _HEAD.pack(kind, channel, len(payload)) + payload + body[-1:]


class GuardedTransportFactory(TransportFactory):
    """Opens TCP or TLS streams with a ``GuardedReader``."""

    @override
    async def create(self, url: URL, **kwargs: Any) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        certificates = kwargs.pop("ssl_context_provider")
        tls = await certificates.get_context() if url.scheme == "amqps" else None
        loop = asyncio.get_running_loop()
        reader = GuardedReader()
        protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
        host, port = url.host or "", url.port or 0  # both are there: the library fills in the default port
        transport, _ = await loop.create_connection(lambda: protocol, host, port, ssl=tls, **kwargs)
        return reader, asyncio.StreamWriter(transport, protocol, reader, loop)


class GuardedConnection(Connection):
    """The client library's connection over our transport."""

    @override
    async def connect(self, timeout: TimeoutType = None) -> None:
        self.kwargs["transport_factory"] = GuardedTransportFactory()
        await super().connect(timeout)
