"""A TCP proxy that a test can cut or freeze."""

import asyncio
import ssl
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit

_CHUNK = 65536


class TcpProxy:
    """Forwards connections to one place until told otherwise.

    ``cut`` resets what is open; ``freeze`` keeps connections open but lets nothing through, as a
    half-open connection does; ``hold`` swallows everything on those that are open now, and on no
    other; ``refuse`` also cuts, and closes new connections at once.

    Attributes:
        delay: Seconds that each chunk is held, in either direction.
        drop_replies: So many replies are swallowed and their connections cut.
    """

    def __init__(self, host: str, port: int, url: str, *, tls: ssl.SSLContext | None = None) -> None:
        self._target = (host, port)
        self._tls = tls
        self._target_url = url
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: set[asyncio.Task[None] | None] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._refusing = False
        self.delay = 0.0
        self.drop_replies = 0

    @classmethod
    def to(cls, url: str, *, tls: ssl.SSLContext | None = None) -> "TcpProxy":
        """Prepare a proxy to the host and port of a URL; with ``tls`` it speaks TLS to its clients."""
        parts = urlsplit(url)
        return cls(parts.hostname or "127.0.0.1", parts.port or 5672, url, tls=tls)

    @property
    def url(self) -> str:
        """The target's URL with the proxy's address."""
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        parts = urlsplit(self._target_url)
        credentials = parts.netloc.rpartition("@")[0]
        return urlunsplit(parts._replace(netloc=f"{credentials}@127.0.0.1:{port}"))

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return len(self._writers) // 2

    def cut(self) -> None:
        """Reset every open connection."""
        for writer in self._writers:
            writer.transport.abort()

    def refuse(self, *, refusing: bool = True) -> None:
        """Cut, and close new connections at once; or accept again."""
        self._refusing = refusing
        if refusing:
            self.cut()

    def hold(self) -> None:
        """Swallow everything on the connections that are open now; later ones work."""
        self._held |= self._tasks

    def freeze(self) -> None:
        """Let nothing through any more, in either direction."""
        self._flowing.clear()

    def thaw(self) -> None:
        """Let everything through again."""
        self._flowing.set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._refusing:
            writer.transport.abort()
            return
        try:
            onward_reader, onward_writer = await asyncio.open_connection(*self._target)
        except OSError:
            writer.transport.abort()
            return
        for source, sink, replies in ((reader, onward_writer, False), (onward_reader, writer, True)):
            task = asyncio.create_task(self._forward(source, sink, replies=replies))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            self._writers.add(sink)

    async def _forward(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, replies: bool) -> None:
        with suppress(OSError):
            while chunk := await source.read(_CHUNK):
                await self._flowing.wait()
                if asyncio.current_task() in self._held:
                    continue
                if self.delay:
                    await asyncio.sleep(self.delay)
                if replies and self.drop_replies:
                    self.drop_replies -= 1
                    break
                sink.write(chunk)
                await sink.drain()
        sink.close()
        self._writers.discard(sink)
