"""The one place that speaks HTTP.

httpx over an aiohttp transport, since httpx's own connection pool slows down quadratically with the
requests in flight (219 requests/s at 50, 20 times less). Requests go to the transport without an
``httpx.AsyncClient`` around it: the client's redirects, cookies and proxies from the environment
are not wanted here, its log line repeats the URL with the interaction's token, and it costs as much
time again as the request itself.
"""

import asyncio
import json
import os
import socket
from types import TracebackType
from typing import Final, Self
from urllib.parse import quote

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from gpadapters.discord.answers import Answer, Call, parse_json
from gpadapters.discord.settings import DiscordSettings
from gpcore.errors import PortError, PortRejectedError, PortTimeoutError, PortUnavailableError

_LARGEST_REASON: Final = 512
_DNS_SECONDS: Final = 60


class DiscordTransport:
    """Sends one request at a time per call and never repeats one whose effect is unknown.

    Connections are opened on first use; ``close`` ends them. Times out by wall clock.
    """

    def __init__(self, settings: DiscordSettings, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        """Prepare; nothing is opened yet.

        Args:
            settings: Address, identity and time-outs.
            transport: Takes the requests instead of the network, for tests.
        """
        self._base = settings.api_url.rstrip("/")
        self._headers = {"User-Agent": settings.user_agent, "Accept-Encoding": "gzip, deflate"}
        self._extensions = {"timeout": {"connect": settings.connect_timeout, "read": None, "pool": None}}
        self._transport = transport if transport is not None else _network(settings)
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection; calls that are under way fail."""
        self._closed = True
        await self._transport.aclose()

    async def send(self, call: Call, *, timeout: float) -> Answer:
        """Make one request and read its answer whole.

        Args:
            call: What to send.
            timeout: Seconds for everything, the wait for a connection included.

        Returns:
            The answer as it came, whatever its status; ``error`` is set only if there was none.
        """
        if self._closed:
            return Answer(status=0, error=PortUnavailableError(f"{call}: the connections to Discord are closed"))
        try:
            request = self._request(call)
        except (TypeError, ValueError, RecursionError) as fault:
            return Answer(status=0, error=_unwritable(call, fault))
        # The error is made after the handler: its context would hold the URL with the token.
        failure: PortError
        try:
            async with asyncio.timeout(timeout):
                return await self._exchange(request)
        except (httpx.HTTPError, aiohttp.ClientError, OSError) as fault:
            failure = _failure(call, fault)
        return Answer(status=0, error=failure)

    async def _exchange(self, request: httpx.Request) -> Answer:
        response = await self._transport.handle_async_request(request)
        try:
            content = await _whole(response)
        finally:
            await response.aclose()
        body = parse_json(response.headers.get("content-type", ""), content)
        return Answer(status=response.status_code, headers=response.headers, body=body)

    def _request(self, call: Call) -> httpx.Request:
        url = self._base + call.route.path
        headers = self._headers | _call_headers(call)
        written = None if call.payload is None else json.dumps(call.payload, allow_nan=False, separators=(",", ":"))
        if not call.files or written is None:
            if written is not None:
                headers["Content-Type"] = "application/json"
            # Given as a stream, a body is not looked at again: aiohttp knows its length and the host.
            stream = httpx.ByteStream(b"" if written is None else written.encode())
            return _read(
                httpx.Request(call.route.method, url, headers=headers, stream=stream, extensions=self._extensions)
            )
        files = [(f"files[{number}]", (file.name, file.content)) for number, file in enumerate(call.files)]
        request = httpx.Request(
            call.route.method,
            url,
            headers=headers,
            data={"payload_json": written},
            files=files,
            extensions=self._extensions,
        )
        return _read(request)


def _read(request: httpx.Request) -> httpx.Request:
    """Load the body: the aiohttp transport sends one that is in memory in one piece, with its length."""
    request.read()
    return request


async def _whole(response: httpx.Response) -> bytes:
    """Return the body; the decoders are started only for one that is compressed."""
    if "content-encoding" in response.headers or not isinstance(response.stream, httpx.AsyncByteStream):
        return await response.aread()
    return b"".join([part async for part in response.stream])


def _network(settings: DiscordSettings) -> AiohttpTransport:
    certificates = httpx.create_ssl_context(verify=settings.api_url.startswith("https:"))

    def session() -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            limit=settings.max_connections,
            keepalive_timeout=settings.keepalive,
            ttl_dns_cache=_DNS_SECONDS,
            ssl=certificates,
        )
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    return AiohttpTransport(verify=certificates, client=session)


def _call_headers(call: Call) -> dict[str, str]:
    headers = {}
    if call.bot_token is not None:
        headers["Authorization"] = f"Bot {call.bot_token.reveal()}"
    if call.reason:
        headers["X-Audit-Log-Reason"] = quote(call.reason[:_LARGEST_REASON], safe="")
    return headers


def _unwritable(call: Call, fault: Exception) -> PortError:
    return PortRejectedError(f"the body of {call} cannot be written as JSON: {type(fault).__name__}")


def _failure(call: Call, fault: httpx.HTTPError | aiohttp.ClientError | OSError) -> PortError:
    # The aiohttp transport reports most faults as time-outs; what it was stands in the cause.
    cause = fault.__cause__ if isinstance(fault, httpx.HTTPError) and fault.__cause__ is not None else fault
    if isinstance(cause, TimeoutError | httpx.TimeoutException):
        return PortTimeoutError(f"Discord did not answer {call} in time")
    if isinstance(cause, socket.gaierror | aiohttp.ClientConnectorDNSError):
        return PortUnavailableError(f"no answer from Discord to {call}: its host name cannot be looked up")
    reason = os.strerror(cause.errno) if isinstance(cause, OSError) and cause.errno else type(cause).__name__
    return PortUnavailableError(f"no answer from Discord to {call}: {reason}")
