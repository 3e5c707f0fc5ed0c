"""The worker's own small HTTP server: ``/health``, ``/livez``, ``/readyz``, ``/metrics``."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final, Protocol

from aiohttp import web

from gpcore.application.health import Health
from gpcore.errors import ConfigurationError

Render = Callable[[], Awaitable[tuple[bytes, str]]]
"""Returns the metrics' exposition and its content type."""


class Check(Protocol):
    """Tells how things are: a worker's own health check, or that of a fleet."""

    async def check(self) -> Health:
        """Return the whole picture."""


_LARGEST_REQUEST: Final = 1024
_NO_STORE: Final = {"Cache-Control": "no-store"}
_SHUTDOWN_SECONDS: Final = 1.0


@asynccontextmanager
async def serve_health(check: Check, render: Render | None, *, host: str, port: int) -> AsyncIterator[int]:
    """Serve until the body ends; yields the port, which matters when 0 was asked for.

    Args:
        check: Asked at every request.
        render: For ``/metrics``, which does not exist without it.
        host: Address to bind to.
        port: 0 picks a free one.

    Raises:
        ConfigurationError: The address cannot be bound.
    """
    application = web.Application(client_max_size=_LARGEST_REQUEST)
    application.add_routes(_Pages(check, render).routes())
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS, keepalive_timeout=5.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise ConfigurationError(
                f"GP_HOST, PORT: cannot listen on {host}:{port}: {error.strerror}; PORT=0 picks a free port"
            ) from error
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


class _Pages:
    """Answers requests."""

    def __init__(self, check: Check, render: Render | None) -> None:
        self._check: Final = check
        self._render: Final = render

    def routes(self) -> list[web.RouteDef]:
        """Return the pages by path."""
        pages = [web.get("/health", self.health), web.get("/livez", self.alive), web.get("/readyz", self.ready)]
        return pages if self._render is None else [*pages, web.get("/metrics", self.metrics)]

    async def alive(self, _request: web.Request) -> web.Response:
        """Tell that the event loop turns."""
        return web.Response(text="alive\n", headers=_NO_STORE)

    async def health(self, _request: web.Request) -> web.Response:
        """Show the whole picture."""
        health = await self._check.check()
        return web.json_response(dict(health.report), status=200 if health.healthy else 503, headers=_NO_STORE)

    async def ready(self, _request: web.Request) -> web.Response:
        """Tell whether work can come."""
        if (await self._check.check()).ready:
            return web.Response(text="ready\n", headers=_NO_STORE)
        return web.Response(text="not ready\n", status=503, headers=_NO_STORE)

    async def metrics(self, _request: web.Request) -> web.Response:
        """Show the metrics."""
        if self._render is None:
            raise web.HTTPNotFound
        body, content_type = await self._render()
        return web.Response(body=body, headers={"Content-Type": content_type, **_NO_STORE})
