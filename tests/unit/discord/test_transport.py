import asyncio
import json

import aiohttp
import httpx
import pytest

from gpadapters.discord import bot_routes, routes
from gpadapters.discord.answers import Answer, Call
from gpadapters.discord.transport import DiscordTransport
from gpcore.domain.secrets import Secret
from gpcore.errors import PortRejectedError, PortTimeoutError, PortUnavailableError
from tests.unit.discord.http_world import APPLICATION, settings

TOKEN = Secret("a-token_of.nobody")
CREATE = routes.create_followup(APPLICATION, TOKEN)
BASE = "https://discord.invalid/api/v10"


async def sent(call: Call) -> httpx.Request:
    seen: list[httpx.Request] = []

    def take(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(204)

    async with DiscordTransport(settings(BASE), transport=httpx.MockTransport(take)) as transport:
        assert (await transport.send(call, timeout=1.0)).error is None
    (request,) = seen
    return request


async def failing(error: Exception) -> Answer:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error

    async with DiscordTransport(settings(BASE), transport=httpx.MockTransport(fail)) as transport:
        return await transport.send(Call(route=CREATE, payload={}), timeout=1.0)


async def test_a_request_carries_what_discord_asks_for() -> None:
    request = await sent(Call(route=CREATE, payload={"content": "é"}))

    assert str(request.url) == "https://discord.invalid/"
    assert request.extensions["target"] == f"/api/v10/webhooks/{APPLICATION}/{TOKEN.reveal()}".encode()
    assert request.headers["user-agent"].startswith("DiscordBot (")
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.content) == {"content": "é"}
    assert "authorization" not in request.headers


async def test_a_request_without_a_body_has_no_content_type() -> None:
    request = await sent(Call(route=routes.delete_followup(APPLICATION, TOKEN, "@original")))

    assert "content-type" not in request.headers
    assert request.content == b""


async def test_the_bot_token_and_the_reason_are_headers() -> None:
    call = Call(route=bot_routes.current_user(), bot_token=Secret("bot"), reason="Grüße\r\n" + "x" * 600)

    request = await sent(call)

    assert request.headers["authorization"] == "Bot bot"
    assert request.headers["x-audit-log-reason"].startswith("Gr%C3%BC%C3%9Fe%0D%0Axxx")
    assert request.headers["x-audit-log-reason"].endswith("x" * 505)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.ReadTimeout("slow"), PortTimeoutError),
        (httpx.ConnectError("refused"), PortUnavailableError),
        (httpx.RemoteProtocolError("gone"), PortUnavailableError),
        (aiohttp.ServerDisconnectedError(), PortUnavailableError),
        (aiohttp.InvalidURL("http://x/secret"), PortUnavailableError),
        (ConnectionResetError(104, "reset"), PortUnavailableError),
    ],
)
async def test_a_network_fault_is_unavailable_and_a_time_out_says_so(
    error: Exception, kind: type[PortUnavailableError]
) -> None:
    answer = await failing(error)

    assert type(answer.error) is kind
    assert answer.status == 0


async def test_an_error_has_no_context_that_could_hold_the_address() -> None:
    answer = await failing(httpx.ReadTimeout(f"{BASE}/{TOKEN.reveal()}"))

    assert answer.error is not None
    assert (answer.error.__context__, answer.error.__cause__) == (None, None)


async def test_a_refused_connection_is_told_in_the_systems_words(unused_port: int) -> None:
    async with DiscordTransport(settings(f"http://127.0.0.1:{unused_port}/api/v10")) as transport:
        answer = await transport.send(Call(route=CREATE, payload={}), timeout=2.0)

    assert type(answer.error) is PortUnavailableError
    assert "Connection refused" in str(answer.error)


async def test_a_cancelled_request_stays_cancelled(hanging_port: int) -> None:
    async with DiscordTransport(settings(f"http://127.0.0.1:{hanging_port}/api/v10")) as transport:
        task = asyncio.create_task(transport.send(Call(route=CREATE, payload={}), timeout=30.0))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_no_answer_in_time_is_a_time_out(hanging_port: int) -> None:
    async with DiscordTransport(settings(f"http://127.0.0.1:{hanging_port}/api/v10")) as transport:
        answer = await transport.send(Call(route=CREATE, payload={}), timeout=0.05)

    assert type(answer.error) is PortTimeoutError


@pytest.mark.parametrize(
    "reply",
    [
        b"not http at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"",
    ],
)
async def test_a_broken_answer_is_unavailable_and_tells_no_address(reply: bytes) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(reply)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, DiscordTransport(settings(f"http://127.0.0.1:{port}/api/v10")) as transport:
        result = await transport.send(Call(route=CREATE, payload={}), timeout=5.0)

    assert type(result.error) is PortUnavailableError
    assert TOKEN.reveal() not in str(result.error)


@pytest.mark.parametrize("payload", [{"x": object()}, {"x": float("nan")}, {"x": {1, 2}}])
async def test_what_is_no_json_is_refused_before_any_request(payload: dict[str, object]) -> None:
    async with DiscordTransport(settings(BASE), transport=httpx.MockTransport(_unreachable)) as transport:
        answer = await transport.send(Call(route=CREATE, payload=payload), timeout=1.0)

    assert type(answer.error) is PortRejectedError


async def test_a_lone_surrogate_can_be_sent() -> None:
    request = await sent(Call(route=CREATE, payload={"content": "\ud800"}))

    assert request.content == b'{"content":"\\ud800"}'


async def test_after_close_nothing_is_sent() -> None:
    transport = DiscordTransport(settings(BASE))
    await transport.close()

    answer = await transport.send(Call(route=CREATE, payload={}), timeout=1.0)

    assert type(answer.error) is PortUnavailableError


def _unreachable(request: httpx.Request) -> httpx.Response:
    raise AssertionError("a request was made")


async def test_a_connection_that_discord_closed_while_idle_is_not_used_again() -> None:
    opened = 0
    closed = asyncio.Event()

    async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal opened
        opened += 1
        await reader.readuntil(b"{}")
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        closed.set()

    server = await asyncio.start_server(answer_once, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, DiscordTransport(settings(f"http://127.0.0.1:{port}/api/v10")) as transport:
        for number in (1, 2, 3):
            answer = await transport.send(Call(route=CREATE, payload={}), timeout=5.0)
            assert (answer.status, opened) == (204, number)
            await closed.wait()
            closed.clear()
            await asyncio.sleep(0.02)
