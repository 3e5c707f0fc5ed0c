"""The connections behind httpx's interface: what they do with a response, and how many there are for how long."""

import asyncio
import gzip
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import aiohttp
import httpx
import pytest
from aiohttp import web

from gpadapters.discord.pool import TARGET, PooledTransport
from gpadapters.discord.settings import DiscordSettings
from gpcore.errors import ConfigurationError
from tests.eventually import eventually
from tests.unit.discord.http_world import settings


class Server:
    """Answers as each path says, and knows who is connected."""

    def __init__(self) -> None:
        self.url = ""
        self.seen: list[web.Request] = []
        self.bodies: list[bytes] = []
        self.clients: set[object] = set()
        self.now = self.most = 0
        self.gate = asyncio.Event()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.seen.append(request)
        self.clients.add(request.transport.get_extra_info("peername") if request.transport is not None else None)
        self.bodies.append(await request.read())
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            if request.path == "/wait":
                await self.gate.wait()
        finally:
            self.now -= 1
        if request.path == "/moved":
            return web.Response(status=302, headers={"Location": "/elsewhere"})
        headers = {"Set-Cookie": "who=me", "Content-Encoding": "gzip"}
        return web.Response(body=gzip.compress(b"hello"), headers=headers)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    app = web.Application(client_max_size=8 << 20)
    app.router.add_route("*", "/{path:.*}", made.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    made.url = f"http://{host}:{port}"
    yield made
    made.gate.set()
    await runner.cleanup()


@pytest.fixture
def self_signed(tmp_path: Path) -> ssl.SSLContext:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    make = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1")
    subprocess.run((*make, "-out", str(certificate), "-keyout", str(key)), check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    return tls


@asynccontextmanager
async def pooled(chosen: DiscordSettings) -> AsyncIterator[PooledTransport]:
    async with PooledTransport(chosen) as pool:
        yield pool


async def asked(pool: PooledTransport, target: str, *, content: bytes = b"") -> httpx.Response:
    request = httpx.Request("POST", "http://nowhere", content=content, extensions={TARGET: target.encode()})
    return await pool.handle_async_request(request)


async def test_a_request_goes_where_its_target_says_whatever_its_url(server: Server) -> None:
    async with pooled(settings(server.url)) as pool:
        await asked(pool, "/a/b%20c?with=1")

    assert [request.raw_path for request in server.seen] == ["/a/b%20c?with=1"]


async def test_a_response_comes_as_it_was_sent(server: Server) -> None:
    async with pooled(settings(server.url)) as pool:
        response = await asked(pool, "/")
        moved = await asked(pool, "/moved")

    assert response.headers["content-encoding"] == "gzip"
    assert await response.aread() == b"hello"
    assert moved.status_code == 302
    assert [request.path for request in server.seen] == ["/", "/moved"]


async def test_no_cookie_is_kept(server: Server) -> None:
    async with pooled(settings(server.url)) as pool:
        await asked(pool, "/")
        await asked(pool, "/")

    assert ["Cookie" in request.headers for request in server.seen] == [False, False]
    assert len(server.clients) == 1


async def test_there_are_no_more_connections_than_allowed(server: Server) -> None:
    async with pooled(replace(settings(server.url), max_connections=2)) as pool:
        waiting = [asyncio.create_task(asked(pool, "/wait")) for _ in range(6)]
        await eventually(lambda: server.now == 2)
        server.gate.set()
        await asyncio.gather(*waiting)

    assert server.most == 2


async def test_a_connection_that_nobody_needed_for_long_is_not_used_again(server: Server) -> None:
    async with pooled(replace(settings(server.url), keepalive=0.01)) as pool:
        await asked(pool, "/")
        connected = {request.transport for request in server.seen}
        await eventually(lambda: all(transport is None or transport.is_closing() for transport in connected))
        await asked(pool, "/")

    assert len(server.clients) == 2


async def test_a_large_body_arrives_whole(server: Server) -> None:
    body = bytes(range(256)) * (3 << 12)
    async with pooled(settings(server.url)) as pool:
        await asked(pool, "/", content=body)

    assert server.bodies == [body]
    assert server.seen[0].headers["Content-Length"] == str(len(body))


@pytest.mark.parametrize("scheme", ["https", "HTTPS"])
async def test_certificates_are_verified(scheme: str, self_signed: ssl.SSLContext) -> None:
    async def never(request: web.BaseRequest) -> web.Response:
        raise AssertionError("somebody trusted a certificate that anybody could have made")

    listener = await asyncio.get_running_loop().create_server(web.Server(never), "127.0.0.1", 0, ssl=self_signed)
    port = listener.sockets[0].getsockname()[1]
    async with listener, pooled(settings(f"{scheme}://127.0.0.1:{port}")) as pool:
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await asked(pool, "/")


async def test_another_scheme_is_no_setting() -> None:
    with pytest.raises(ConfigurationError, match="DISCORD_API_URL"):
        settings("ftp://discord.invalid")
