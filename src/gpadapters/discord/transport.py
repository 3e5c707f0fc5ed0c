"""The one place that speaks HTTP.

Requests go to the transport without an ``httpx.AsyncClient`` around it: the client's redirects,
cookies and proxies from the environment are not wanted here, its log line repeats the URL with the
interaction's token, and it costs as much time again as the request itself.
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

from gpadapters.discord.answers import Answer, Call, parse_json
from gpadapters.discord.pool import TARGET, PooledTransport
from gpadapters.discord.settings import DiscordSettings
from gpcore.errors import PortError, PortRejectedError, PortTimeoutError, PortUnavailableError

_LARGEST_REASON: Final = 512
_JSON: Final = {"Content-Type": "application/json"}
_written: Final = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode


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
        api = httpx.URL(settings.api_url)
        self._host = api.copy_with(raw_path=b"/")
        self._base_path = api.raw_path.rstrip(b"/")
        # Copying headers that were checked once is cheap, making them is not.
        self._headers = httpx.Headers({"User-Agent": settings.user_agent, "Accept-Encoding": "gzip, deflate"})
        self._json_headers = httpx.Headers({**self._headers, **_JSON})
        self._transport = transport if transport is not None else PooledTransport(settings)
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
        content = await _whole(response)
        headers = {name.lower().decode("latin-1"): value.decode("latin-1") for name, value in response.headers.raw}
        body = parse_json(headers.get("content-type", ""), content)
        return Answer(status=response.status_code, headers=headers, body=body)

    def _request(self, call: Call) -> httpx.Request:
        written = None if call.payload is None else _written(call.payload)
        extensions = {TARGET: self._base_path + call.route.path.encode("ascii")}
        if call.files and written is not None:
            request = httpx.Request(
                call.route.method,
                self._host,
                headers=self._headers,
                data={"payload_json": written},
                files=[(f"files[{number}]", (file.name, file.content)) for number, file in enumerate(call.files)],
                extensions=extensions,
            )
        else:
            # Given as a stream, a body is not looked at again: aiohttp knows its length and the host.
            request = httpx.Request(
                call.route.method,
                self._host,
                headers=self._headers if written is None else self._json_headers,
                stream=httpx.ByteStream(b"" if written is None else written.encode()),
                extensions=extensions,
            )
        if own := _call_headers(call):
            request.headers.update(own)
        # The transport sends a body that is in memory in one piece, with its length.
        request.read()
        return request


async def _whole(response: httpx.Response) -> bytes:
    """Return the body; the decoders are started only for one that is compressed."""
    if isinstance(response.stream, httpx.SyncByteStream) and "content-encoding" not in response.headers:
        return b"".join(response.stream)
    return await response.aread()


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
    if isinstance(fault, TimeoutError | httpx.TimeoutException):
        return PortTimeoutError(f"Discord did not answer {call} in time")
    if isinstance(fault, socket.gaierror | aiohttp.ClientConnectorDNSError):
        return PortUnavailableError(f"no answer from Discord to {call}: its host name cannot be looked up")
    reason = os.strerror(fault.errno) if isinstance(fault, OSError) and fault.errno else type(fault).__name__
    return PortUnavailableError(f"no answer from Discord to {call}: {reason}")
