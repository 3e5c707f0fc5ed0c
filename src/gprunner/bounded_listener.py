"""Listening for HTTP where anybody may connect: what one connection, and all together, may take is bounded."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

MOST_CONNECTIONS: Final = 64
"""One more closes the oldest, so that nobody who holds them all keeps the probes out."""

CONNECTION_SECONDS: Final = 15.0
"""After this a connection is closed, whatever it has sent: kept alive, slow or silent."""

_LINE_BYTES: Final = 1024
_HEADERS: Final = 32
_SHUTDOWN_SECONDS: Final = 1.0
_LIMITS: Final[Mapping[str, Any]] = {
    "max_line_size": _LINE_BYTES,
    "max_field_size": _LINE_BYTES,
    "max_headers": _HEADERS,
    # Nobody waits for a body that nobody asked for.
    "lingering_time": 0.0,
    "keepalive_timeout": 5.0,
}


@asynccontextmanager
async def listening(
    application: web.Application,
    *,
    host: str,
    port: int,
    most: int = MOST_CONNECTIONS,
    seconds: float = CONNECTION_SECONDS,
) -> AsyncIterator[int]:
    """Serve until the body ends; yields the port.

    Args:
        application: Answers requests of at most 32 headers of 1 KiB each; others get 400.
        host: Address to bind to.
        port: 0 picks a free one.
        most: Connections at a time.
        seconds: A connection's time from its beginning.

    Raises:
        OSError: The address cannot be bound.
    """
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS, **_LIMITS)
    await runner.setup()
    try:
        server = await asyncio.get_running_loop().create_server(_Door(runner, most, seconds), host, port)
        try:
            yield int(server.sockets[0].getsockname()[1])
        finally:
            server.close()
    finally:
        await runner.cleanup()


class _Door:
    """Makes a handler for each connection, and closes those that are too many or take too long."""

    def __init__(self, runner: web.AppRunner, most: int, seconds: float) -> None:
        self._runner: Final = runner
        self._most: Final = most
        self._seconds: Final = seconds

    def __call__(self) -> RequestHandler:
        """Return the handler of a connection that is being accepted."""
        server = self._runner.server
        assert server is not None  # noqa: S101 - the runner was set up
        handler = server()
        # The handler knows its connection from the next turn on.
        asyncio.get_running_loop().call_later(0, self._admit, handler)
        return handler

    def _admit(self, handler: RequestHandler) -> None:
        server = self._runner.server
        if server is not None and len(server.connections) > self._most:
            # In the order in which they came.
            _close(server.connections[0])
        asyncio.get_running_loop().call_later(self._seconds, _close, handler)


def _close(handler: RequestHandler) -> None:
    if handler.transport is not None:
        handler.transport.abort()
