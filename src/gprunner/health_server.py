"""The worker's own small HTTP server: ``/health``, ``/livez``, ``/readyz``, ``/metrics``."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final, Protocol

from aiohttp import web

from gpcore.application.health import Health
from gpcore.errors import ConfigurationError
from gprunner.bounded_listener import listening

Render = Callable[[], Awaitable[tuple[bytes, str]]]
"""Returns the metrics' exposition and its content type."""


class Check(Protocol):
    """Tells how things are: a worker's own health check, or that of a fleet."""

    async def check(self) -> Health:
        """Return the whole picture."""


_NO_STORE: Final = {"Cache-Control": "no-store"}
_ANSWER_SECONDS: Final = 4.0
"""Longer than any peer is waited for, and less than ``gp worker health`` waits."""


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
    application = web.Application()
    application.add_routes(_Pages(check, render).routes())
    async with AsyncExitStack() as stack:
        try:
            bound = await stack.enter_async_context(listening(application, host=host, port=port))
        except OSError as error:
            raise ConfigurationError(
                f"GP_HOST, PORT: cannot listen on {host}:{port}: {error.strerror}; PORT=0 picks a free port"
            ) from error
        yield bound


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
        health = await self._look()
        if health is None:
            return _late()
        return web.json_response(dict(health.report), status=200 if health.healthy else 503, headers=_NO_STORE)

    async def ready(self, _request: web.Request) -> web.Response:
        """Tell whether work can come."""
        health = await self._look()
        if health is None:
            return _late()
        if health.ready:
            return web.Response(text="ready\n", headers=_NO_STORE)
        return web.Response(text="not ready\n", status=503, headers=_NO_STORE)

    async def metrics(self, _request: web.Request) -> web.Response:
        """Show the metrics."""
        if self._render is None:
            raise web.HTTPNotFound
        body, content_type = await self._render()
        return web.Response(body=body, headers={"Content-Type": content_type, **_NO_STORE})

    async def _look(self) -> Health | None:
        """Return the picture, or ``None`` if it takes too long."""
        try:
            return await asyncio.wait_for(self._check.check(), _ANSWER_SECONDS)
        except TimeoutError:
            return None


def _late() -> web.Response:
    return web.Response(text="no answer in time\n", status=503, headers=_NO_STORE)
