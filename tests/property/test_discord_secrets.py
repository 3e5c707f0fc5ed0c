"""No interaction token and no bot token is in any error or log, whatever Discord or the network does."""

import asyncio
import logging
import string
import traceback
from collections.abc import Awaitable, Callable, Iterator

import aiohttp
import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpadapters.discord.bot_api import BotApi
from gpadapters.discord.brake import Brake
from gpadapters.discord.exchange import DiscordExchange
from gpadapters.discord.fleet_gate import FleetGate
from gpadapters.discord.followups import HttpFollowups
from gpadapters.discord.members import HttpMembers
from gpadapters.discord.responder import HttpFirstResponder
from gpadapters.discord.settings import DiscordSettings
from gpadapters.discord.transport import DiscordTransport
from gpadapters.memory.request_limiter import InMemoryRequestLimiter
from gpadapters.memory.telemetry import InMemoryTelemetry
from gpadapters.simulator.faults import KINDS, InjectedFault
from gpadapters.simulator.server import SimulatedDiscord
from gpcore.domain.messages import Callback, CallbackType, OutgoingMessage
from gpcore.domain.secrets import Secret
from gpcore.errors import GpError
from tests.builders import a_fresh_snowflake
from tests.settable_clock import SECOND, SettableClock

pytestmark = pytest.mark.property

APPLICATION = "1214497633075331073"
GUILD = "849255963033731074"
_PIECE = 16
"""A cut-off token is a leak too."""

HELLO = OutgoingMessage(content="hello")
TOKENS = st.text(alphabet=string.ascii_letters + string.digits + "_-.", min_size=24, max_size=200).map("T".__add__)
STATUSES = st.sampled_from([200, 202, 204, 302, 400, 401, 403, 404, 405, 408, 413, 429, 500, 502, 503, 520])
CODES = st.sampled_from([0, 10008, 10015, 10062, 40060, 40333, 50013, 50027, 50035, 110000, 130000])

Answer = Callable[[httpx.Request], httpx.Response]


def _echoing(status: int, code: int, *, as_json: bool) -> Answer:
    """Discord at its worst: it repeats the address and the authorization in everything it says."""

    def answer(request: httpx.Request) -> httpx.Response:
        told = f"{request.url} {request.headers.get('authorization', '')}"
        if not as_json:
            return httpx.Response(status, html=f"<h1>{told}</h1>", headers={"Retry-After": "0"})
        errors = {told: {"_errors": [{"code": told, "message": told}]}}
        return httpx.Response(status, json={"code": code, "message": told, "errors": errors, "retry_after": 0.0})

    return answer


def _failing(kind: type[Exception]) -> Answer:
    def answer(request: httpx.Request) -> httpx.Response:
        error = kind(f"cannot ask {request.url}")
        error.__cause__ = OSError(f"no route to {request.url}")
        raise error

    return answer


ANSWERS = st.one_of(
    st.builds(_echoing, STATUSES, CODES, as_json=st.booleans()),
    st.builds(
        _failing,
        st.sampled_from(
            [
                httpx.ReadTimeout,
                httpx.ConnectError,
                httpx.RemoteProtocolError,
                httpx.DecodingError,
                aiohttp.ClientConnectionError,
                aiohttp.InvalidURL,
                ConnectionResetError,
                TimeoutError,
            ]
        ),
    ),
)


class Sink(logging.Handler):
    """Everything that anybody logged, formatted as a careless handler would."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record) + repr(record.args))


@pytest.fixture(autouse=True)
def _everything_is_logged() -> Iterator[None]:
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.NOTSET)
    yield
    root.setLevel(level)


async def _calls(exchange: DiscordExchange, chosen: DiscordSettings, clock: SettableClock, token: Secret) -> list[str]:
    """Make every kind of call and return the texts of what was raised."""
    interaction_id = a_fresh_snowflake()
    followups = HttpFollowups(exchange, chosen, clock)
    limiter = InMemoryRequestLimiter(clock)
    members = HttpMembers(BotApi(exchange, FleetGate(limiter, limiter), chosen, clock))
    answer = Callback(type=CallbackType.MESSAGE, message=HELLO)
    calls: list[Callable[[], Awaitable[object]]] = [
        lambda: HttpFirstResponder(exchange).respond(interaction_id, token, answer, timeout=0.2),
        lambda: followups.edit(token, HELLO),
        lambda: followups.create(token, HELLO),
        lambda: followups.delete(token),
        lambda: members.add_role(GUILD, APPLICATION, GUILD),
    ]
    texts = []
    for call in calls:
        try:
            await call()
        except GpError as error:
            texts += [str(error), repr(error), repr(vars(error)), *traceback.format_exception(error)]
            texts += [repr(error.__context__), repr(error.__cause__)]
    return texts


def _no_secret_in(texts: list[str], *secrets: str) -> None:
    whole = "\n".join(texts)
    for secret in secrets:
        pieces = (secret[start : start + _PIECE] for start in range(len(secret) - _PIECE + 1))
        assert not [piece for piece in pieces if piece in whole]


@given(token=TOKENS, bot_token=TOKENS, answer=ANSWERS)
async def test_no_secret_is_told_whatever_discord_answers(token: str, bot_token: str, answer: Answer) -> None:
    sink, clock = Sink(), SettableClock()
    logging.getLogger().addHandler(sink)
    chosen = DiscordSettings(application_id=APPLICATION, bot_token=Secret(bot_token))
    try:
        async with DiscordTransport(chosen, transport=httpx.MockTransport(answer)) as transport:
            exchange = DiscordExchange(transport, Brake(clock), InMemoryTelemetry())
            texts = await _calls(exchange, chosen, clock, Secret(token))
    finally:
        logging.getLogger().removeHandler(sink)

    _no_secret_in(texts + sink.lines, token, bot_token)


@settings(max_examples=20)
@given(token=TOKENS, bot_token=TOKENS, kind=st.sampled_from(KINDS), times=st.sampled_from([1, None]))
async def test_no_secret_is_told_whatever_the_network_does(
    token: str, bot_token: str, kind: str, times: int | None
) -> None:
    sink, clock = Sink(), SettableClock()
    logging.getLogger().addHandler(sink)
    asyncio.get_running_loop().set_debug(True)
    try:
        async with SimulatedDiscord(now=lambda: clock.now_us() / SECOND) as simulator:
            chosen = DiscordSettings(
                application_id=APPLICATION, api_url=simulator.url, bot_token=Secret(bot_token), request_timeout=0.2
            )
            simulator.inject(InjectedFault(kind=kind, times=times, seconds=0.01))  # type: ignore[arg-type] # sampled
            async with DiscordTransport(chosen) as transport:
                exchange = DiscordExchange(transport, Brake(clock), InMemoryTelemetry())
                texts = await _calls(exchange, chosen, clock, Secret(token))
            seen = [repr(simulator.requests)]
    finally:
        logging.getLogger().removeHandler(sink)

    _no_secret_in(texts + seen + sink.lines, token, bot_token)
