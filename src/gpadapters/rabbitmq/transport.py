"""A transport for the client library that hands it only frames which it can decode.

The library accepts a factory for its byte streams. Ours opens the same TCP or TLS stream, but its
reader looks at each frame first, and keeps those of deliveries. Nothing of the library is patched,
so two versions of it, or another user of it in the same process, are not affected.
"""

import asyncio
import struct
from typing import Any, Final

from aio_pika import Connection
from aio_pika.abc import AbstractConnection, TimeoutType
from aiormq.connection import TransportFactory
from pamqp import constants
from typing_extensions import override
from yarl import URL

from gpadapters.rabbitmq.frames import decodable
from gpadapters.rabbitmq.incoming import Assembly, Take

_HEAD: Final = struct.Struct(">BHI")
_PROTOCOL_HEADER: Final = constants.AMQP[0]
_AT_ONCE: Final = 2**16
_HEARTBEAT: Final = _HEAD.pack(constants.FRAME_HEARTBEAT, 0, 0) + bytes((constants.FRAME_END,))
_HEARD_EVERY: Final = 1.0
"""Seconds. The broker sends no heartbeats while it sends deliveries, and the library sees none of those."""


class GuardedReader(asyncio.StreamReader):
    """Reads whatever there is from the socket and serves whole frames, repaired where needed.

    The frames of deliveries go to whoever takes a channel's deliveries; everything else is served.
    """

    def __init__(self, *, limit: int = 2**16) -> None:
        super().__init__(limit=limit)
        self._arrived = bytearray()
        self._frames = bytearray()
        self._assemblies: dict[int, Assembly] = {}
        self._served_at = 0.0

    def take_deliveries(self, channel: int, take: Take) -> None:
        """Hand the deliveries of a channel over, from now on until the connection ends."""
        self._assemblies[channel] = Assembly(take)

    @override
    def at_eof(self) -> bool:
        return not self._frames and not self._arrived and super().at_eof()

    @override
    async def readexactly(self, n: int) -> bytes:
        while len(self._frames) < n:
            self._sort()
            if len(self._frames) < n:
                await self._more(n)
        served = bytes(self._frames[:n])
        del self._frames[:n]
        return served

    async def _more(self, wanted: int) -> None:
        read = await super().read(_AT_ONCE)
        if not read:
            partial = bytes(self._frames + self._arrived)
            self._arrived.clear()
            raise asyncio.IncompleteReadError(partial, wanted)
        self._arrived += read

    def _sort(self) -> None:
        """Look at every whole frame that has arrived."""
        # A copy whose parts can be kept: never more than a frame and what was read after it.
        at, arrived, served_before = 0, bytes(self._arrived), len(self._frames)
        while len(arrived) - at >= _HEAD.size:
            kind, channel, length = _HEAD.unpack_from(arrived, at)
            body = at + _HEAD.size
            if kind == _PROTOCOL_HEADER and arrived.startswith(constants.AMQP, at):
                # Not a frame: the broker names the protocol version that it would accept, and hangs up.
                self._frames += arrived[at:]
                at = len(arrived)
                break
            if len(arrived) <= body + length:
                break
            self._keep_or_serve(kind, channel, arrived[body : body + length], arrived[body + length])
            at = body + length + 1
        del self._arrived[:at]
        if at:
            self._be_heard(served=len(self._frames) > served_before)

    def _keep_or_serve(self, kind: int, channel: int, payload: bytes, end: int) -> None:
        assembly = self._assemblies.get(channel)
        if assembly is not None and assembly.add(kind, payload):
            return
        payload = decodable(kind, payload)
        self._frames += _HEAD.pack(kind, channel, len(payload))
        self._frames += payload
        self._frames.append(end)

    def _be_heard(self, *, served: bool) -> None:
        """Let the library know from time to time that the broker is there, if all that arrived was taken."""
        now = asyncio.get_running_loop().time()
        if not served and now - self._served_at >= _HEARD_EVERY:
            self._frames += _HEARTBEAT
            served = True
        if served:
            self._served_at = now


class GuardedTransportFactory(TransportFactory):
    """Opens TCP or TLS streams with a ``GuardedReader``."""

    def __init__(self) -> None:
        self.reader = GuardedReader()

    @override
    async def create(self, url: URL, **kwargs: Any) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        certificates = kwargs.pop("ssl_context_provider")
        tls = await certificates.get_context() if url.scheme == "amqps" else None
        loop = asyncio.get_running_loop()
        self.reader = reader = GuardedReader()
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


def take_deliveries(connection: AbstractConnection, channel: int, take: Take) -> None:
    """Hand the deliveries of a connection's channel over, past the client library.

    Raises:
        TypeError: The connection has another transport.
    """
    factory = connection.kwargs["transport_factory"] if isinstance(connection, GuardedConnection) else None
    if not isinstance(factory, GuardedTransportFactory):
        raise TypeError("deliveries can be taken only from a connection over the guarded transport")
    factory.reader.take_deliveries(channel, take)
