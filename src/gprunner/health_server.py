"""The worker's own small HTTP server: ``/health``, ``/livez``, ``/readyz``, ``/metrics``."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web

from gpcore.application.health import HealthCheck
from gpcore.errors import ConfigurationError

Render = Callable[[], tuple[bytes, str]]
"""Returns the metrics' exposition and its content type."""

_LARGEST_REQUEST: Final = 1024
_NO_STORE: Final = {"Cache-Control": "no-store"}
_SHUTDOWN_SECONDS: Final = 1.0


@asynccontextmanager
async def serve_health(check: HealthCheck, render: Render, *, host: str, port: int) -> AsyncIterator[int]:
    """Serve until the body ends; yields the port, which matters when 0 was asked for.

    Raises:
        ConfigurationError: The address cannot be bound.
    """
    application = web.Application(client_max_size=_LARGEST_REQUEST)
    application.add_routes(
        [
            web.get("/health", lambda _: _health(check)),
            web.get("/livez", _alive),
            web.get("/readyz", lambda _: _ready(check)),
            web.get("/metrics", lambda _: _metrics(render)),
        ]
    )
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


async def _alive(_request: web.Request) -> web.Response:
    return web.Response(text="alive\n", headers=_NO_STORE)


async def _health(check: HealthCheck) -> web.Response:
    health = await check.check()
    return web.json_response(dict(health.report), status=200 if health.healthy else 503, headers=_NO_STORE)


async def _ready(check: HealthCheck) -> web.Response:
    ready = (await check.check()).ready
    return web.Response(text="ready\n" if ready else "not ready\n", status=200 if ready else 503, headers=_NO_STORE)


async def _metrics(render: Render) -> web.Response:
    body, content_type = render()
    return web.Response(body=body, headers={"Content-Type": content_type, **_NO_STORE})
