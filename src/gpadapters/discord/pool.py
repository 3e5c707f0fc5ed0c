"""aiohttp's connection pool behind httpx's transport interface.

httpx's own pool slows down quadratically with the requests in flight (219 requests/s at 50, 20 times
less). All requests go to one host, so each names it by a URL that was parsed once, and says where it
goes there by httpx's documented extension ``target``: to parse a URL costs httpx more than all the
rest of a request, and the token in a path is nothing that a request's URL should tell.
"""

from typing import Final

import aiohttp
import httpx
from typing_extensions import override
from yarl import URL

from gpadapters.discord.settings import DiscordSettings

TARGET: Final = "target"
_DNS_SECONDS: Final = 60


class PooledTransport(httpx.AsyncBaseTransport):
    """Sends requests over connections that are opened on first use and kept.

    A response is read whole, as it came. Faults are raised as aiohttp's ``ClientError`` or as ``OSError``.
    Redirects, cookies and proxies are nothing that Discord's API uses; none is followed or kept.
    """

    def __init__(self, settings: DiscordSettings) -> None:
        self._settings = settings
        self._host = str(URL(settings.api_url).origin())
        self._session: aiohttp.ClientSession | None = None

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._session is None:
            self._session = _session(self._settings)
        response = await self._session.request(
            request.method,
            URL(self._host + request.extensions[TARGET].decode("ascii"), encoded=True),
            headers=[(name.decode("ascii"), value.decode("ascii")) for name, value in request.headers.raw],
            data=request.content or None,
            allow_redirects=False,
        )
        # Read to its end it gives its connection back, and closes it if that fails.
        content = await response.read()
        return httpx.Response(response.status, headers=response.raw_headers, stream=httpx.ByteStream(content))

    @override
    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()


def _session(settings: DiscordSettings) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(
        limit=settings.max_connections,
        keepalive_timeout=settings.keepalive,
        ttl_dns_cache=_DNS_SECONDS,
        ssl=httpx.create_ssl_context(verify=settings.api_url.startswith("https:")),
    )
    # Whoever sends has a clock for everything; only connecting has a limit of its own.
    timeout = aiohttp.ClientTimeout(sock_connect=settings.connect_timeout)
    return aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar(), timeout=timeout, auto_decompress=False
    )
