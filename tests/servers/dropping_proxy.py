import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path


class DroppingProxy:
    """Stands before a server's Unix socket and misbehaves when told to.

    Attributes:
        requests: Chunks passed on to the server, in order.
        drop_replies: So many replies are swallowed and their connections cut.
        dead: Whether connections are cut before anything passes, those that are open at their next request.
        hold: While cleared, no reply passes.
    """

    def __init__(self, upstream: Path) -> None:
        self._upstream = upstream
        self.requests: list[bytes] = []
        self.connections = 0
        self.drop_replies = 0
        self.dead = False
        self.hold = asyncio.Event()
        self.hold.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        up_reader, up_writer = await asyncio.open_unix_connection(self._upstream)
        requests = asyncio.create_task(self._pass_requests(reader, up_writer))
        requests.add_done_callback(lambda _: up_writer.close())
        try:
            while reply := await up_reader.read(65536):
                if self.drop_replies:
                    self.drop_replies -= 1
                    break
                await self.hold.wait()
                writer.write(reply)
                await writer.drain()
        except OSError:
            pass
        finally:
            requests.cancel()
            up_writer.close()
            writer.close()

    async def _pass_requests(self, reader: asyncio.StreamReader, up_writer: asyncio.StreamWriter) -> None:
        while request := await reader.read(65536):
            if self.dead:
                break
            self.requests.append(request)
            up_writer.write(request)
            await up_writer.drain()


@asynccontextmanager
async def dropping_proxy(upstream: Path, folder: Path) -> AsyncIterator[tuple[DroppingProxy, str]]:
    """Give a proxy and the URL to reach the server through it."""
    proxy = DroppingProxy(upstream)
    path = folder / "proxy.sock"
    server = await asyncio.start_unix_server(proxy.serve, path)
    try:
        yield proxy, f"unix://{path}"
    finally:
        server.close()
