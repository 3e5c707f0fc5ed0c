"""The health endpoint answers whoever asks properly, and nobody can make it hold on to much."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from gpcore.application.health import Health
from gpcore.errors import ConfigurationError
from gprunner import health_server
from gprunner.bounded_listener import listening
from gprunner.health_server import serve_health
from tests.eventually import eventually

GOOD = Health(ready=True, healthy=True, report={"status": "healthy"})
BAD = Health(ready=False, healthy=False, report={"status": "unhealthy"})


class Told:
    """A check that says what it was told to."""

    def __init__(self, health: Health | None) -> None:
        self.health = health

    async def check(self) -> Health:
        if self.health is None:
            await asyncio.Event().wait()
        assert self.health is not None
        return self.health


async def render() -> tuple[bytes, str]:
    return b"gp_build_info 1\n", "text/plain; version=0.0.4"


@asynccontextmanager
async def served(health: Health | None = GOOD) -> AsyncIterator[int]:
    async with serve_health(Told(health), render, host="127.0.0.1", port=0) as port:
        yield port


async def said(port: int, request: bytes) -> bytes:
    """Send bytes and return all that comes back until the connection is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    try:
        return await asyncio.wait_for(reader.read(), 20)
    finally:
        writer.close()


def asking(path: str, *headers: str, method: str = "GET") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: worker", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode()


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize("path", ["/health", "/livez", "/readyz", "/metrics"])
async def test_answers_on_its_four_pages(path: str) -> None:
    async with served() as port:
        assert status(await said(port, asking(path))) == 200


@pytest.mark.parametrize(("path", "code"), [("/health", 503), ("/readyz", 503), ("/livez", 200)])
async def test_a_worker_that_is_not_ready_is_alive(path: str, code: int) -> None:
    async with served(BAD) as port:
        assert status(await said(port, asking(path))) == code


@pytest.mark.parametrize("path", ["/", "/healthz", "/metrics/", "/../etc/passwd", "/health/x"])
async def test_there_is_nothing_else(path: str) -> None:
    async with served() as port:
        assert status(await said(port, asking(path))) == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_only_reading_is_allowed(method: str) -> None:
    async with served() as port:
        assert status(await said(port, asking("/health", "Content-Length: 0", method=method))) == 405


async def test_a_body_is_not_waited_for() -> None:
    # It announces a gigabyte and sends none of it.
    async with served() as port:
        assert status(await said(port, asking("/health", "Content-Length: 1000000000"))) == 200


@pytest.mark.parametrize(
    "request_",
    [
        asking("/health", *(f"X-{number}: y" for number in range(40))),
        asking("/health", "X: " + "y" * 2000),
        asking("/health?" + "y" * 2000),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
    ids=["too many headers", "too long a header", "too long a path", "no HTTP"],
)
async def test_what_is_too_much_is_refused(request_: bytes) -> None:
    async with served() as port:
        assert status(await said(port, request_)) == 400


async def test_headers_without_an_end_are_refused() -> None:
    async with served() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /health HTTP/1.1\r\n" + b"X: " + b"y" * 100_000)
        assert status(await asyncio.wait_for(reader.read(), 20)) == 400
        writer.close()


async def test_a_check_that_takes_too_long_is_an_answer_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_server, "_ANSWER_SECONDS", 0.05)
    async with served(None) as port:
        assert status(await said(port, asking("/health"))) == 503
        assert status(await said(port, asking("/readyz"))) == 503
        assert status(await said(port, asking("/livez"))) == 200


async def test_an_address_that_is_taken_is_a_mistake_of_the_settings() -> None:
    async with served() as port:
        with pytest.raises(ConfigurationError, match="cannot listen"):
            async with serve_health(Told(GOOD), render, host="127.0.0.1", port=port):
                pass


async def a_page(_request: web.Request) -> web.Response:
    return web.Response(text="here\n")


def an_application() -> web.Application:
    application = web.Application()
    application.add_routes([web.get("/", a_page)])
    return application


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: worker\r\nX: "])
async def test_a_silent_connection_is_closed(sent: bytes) -> None:
    async with listening(an_application(), host="127.0.0.1", port=0, seconds=0.2) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await asyncio.wait_for(reader.readexactly(1), 20)
        writer.close()


async def test_one_connection_too_many_closes_the_oldest_and_is_served() -> None:
    """Whoever holds them all must not keep the probes out."""
    async with listening(an_application(), host="127.0.0.1", port=0, most=2) as port:
        (oldest, one), (second, another) = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        for reader, writer in ((oldest, one), (second, another)):
            writer.write(b"GET / HTTP/1.1\r\nHost: worker\r\n\r\n")
            assert (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)).startswith(b"HTTP/1.1 200")

        assert (await said(port, asking("/"))).startswith(b"HTTP/1.1 200")

        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await asyncio.wait_for(oldest.readexactly(1_000), 20)
        another.write(b"GET / HTTP/1.1\r\nHost: worker\r\n\r\n")
        assert b"HTTP/1.1 200" in await asyncio.wait_for(second.readuntil(b"HTTP/1.1 200"), 20)
        for writer in (one, another):
            writer.close()


async def test_nothing_is_left_open_at_the_end() -> None:
    async with listening(an_application(), host="127.0.0.1", port=0) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await eventually(reader.at_eof)
    writer.close()
