"""Connections that Discord closed while nobody used them cost no first answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from gpadapters.discord.brake import Brake
from gpadapters.discord.exchange import DiscordExchange
from gpadapters.discord.responder import HttpFirstResponder
from gpadapters.discord.transport import DiscordTransport
from gpadapters.memory.telemetry import InMemoryTelemetry
from gpcore.application.first_answers import FirstAnswers
from gpcore.domain.deadlines import Deadlines
from gpcore.domain.interactions import Interaction, InteractionKind
from gpcore.domain.secrets import Secret
from gpcore.ports.first_responder import FirstResponder
from tests.builders import a_fresh_snowflake
from tests.contracts.first_responder import HELLO
from tests.eventually import eventually
from tests.settable_clock import SettableClock
from tests.unit.discord.http_world import settings

MANY = 20
NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"


class ClosingDiscord:
    """Answers 204, all at once when as many have asked as are awaited; closes what is idle when it is told to."""

    def __init__(self) -> None:
        self.answered = 0
        self.opened = 0
        self.drops_used_ones = False
        self._idle: set[asyncio.StreamWriter] = set()
        self._asked = 0
        self._together = 1
        self._all_asked = asyncio.Event()

    def expect(self, together: int) -> None:
        self._asked, self._together = 0, together
        self._all_asked.clear()

    async def close_idle(self) -> None:
        idle, self._idle = self._idle, set()
        for writer in idle:
            writer.close()
            await writer.wait_closed()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        used = False
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
                await reader.readexactly(length)
                if used and self.drops_used_ones:
                    break
                await self._answer_together(writer)
                used = True
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._idle.discard(writer)
            writer.close()

    async def _answer_together(self, writer: asyncio.StreamWriter) -> None:
        self._idle.discard(writer)
        self._asked += 1
        if self._asked >= self._together:
            self._all_asked.set()
        await self._all_asked.wait()
        self.answered += 1
        self._idle.add(writer)
        writer.write(NO_CONTENT)
        await writer.drain()


@pytest.fixture
def discord() -> ClosingDiscord:
    return ClosingDiscord()


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
async def responder(discord: ClosingDiscord, clock: SettableClock) -> AsyncIterator[FirstResponder]:
    async with _listening(discord) as url, DiscordTransport(settings(url)) as transport:
        yield HttpFirstResponder(DiscordExchange(transport, Brake(clock), InMemoryTelemetry()))


@asynccontextmanager
async def _listening(discord: ClosingDiscord) -> AsyncIterator[str]:
    server = await asyncio.start_server(discord.serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/v10"


async def _answer(responder: FirstResponder, clock: SettableClock, *, times: int) -> None:
    now_ms = clock.now_us() // 1000
    await asyncio.gather(
        *(
            responder.respond(a_fresh_snowflake(now_ms), Secret(f"token-{number}"), HELLO, timeout=5.0)
            for number in range(times)
        )
    )


async def test_no_first_answer_fails_by_connections_that_were_closed_while_idle(
    responder: FirstResponder, discord: ClosingDiscord, clock: SettableClock
) -> None:
    for round_ in (1, 2, 3):
        discord.expect(MANY)
        await _answer(responder, clock, times=MANY)
        assert (discord.answered, discord.opened) == (round_ * MANY, round_ * MANY)

        await discord.close_idle()


async def test_connections_that_stay_open_are_used_again(
    responder: FirstResponder, discord: ClosingDiscord, clock: SettableClock
) -> None:
    for _ in range(3):
        discord.expect(MANY)
        await _answer(responder, clock, times=MANY)

    assert discord.opened == MANY


async def test_a_connection_that_is_closed_as_the_answer_leaves_costs_a_second_try_and_no_answer(
    responder: FirstResponder, discord: ClosingDiscord, clock: SettableClock
) -> None:
    await _answer(responder, clock, times=1)
    discord.drops_used_ones = True
    interaction_id = a_fresh_snowflake(clock.now_us() // 1000)
    answers = FirstAnswers(
        Interaction(id=interaction_id, token=Secret("token"), kind=InteractionKind.COMMAND),
        Deadlines.of(interaction_id, clock.now_us() // 1000),
        responder=responder,
        clock=clock,
        telemetry=InMemoryTelemetry(),
    )

    await answers.send(HELLO)

    await eventually(lambda: (discord.answered, discord.opened) == (2, 2))
