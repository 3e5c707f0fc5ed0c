"""D5: Discord's ten thousand invalid requests, in full, by workers who are refused everything."""

from collections.abc import Iterator
from itertools import count

import httpx
import pytest

from gpadapters.discord.bot_api import BotApi
from gpadapters.discord.brake import Brake
from gpadapters.discord.egress_watch import EgressWatch
from gpadapters.discord.exchange import DiscordExchange
from gpadapters.discord.fleet_gate import FleetGate
from gpadapters.discord.followups import HttpFollowups
from gpadapters.discord.members import HttpMembers
from gpadapters.discord.responder import HttpFirstResponder
from gpadapters.discord.transport import DiscordTransport
from gpadapters.memory.egress_ledger import InMemoryEgressLedger
from gpadapters.memory.request_limiter import InMemoryRequestLimiter
from gpadapters.memory.telemetry import InMemoryTelemetry
from gpcore.domain.messages import Callback, CallbackType, OutgoingMessage
from gpcore.domain.secrets import Secret
from gpcore.errors import GpError
from tests.builders import a_fresh_snowflake
from tests.contracts.members import GUILD, MEMBER, ROLE
from tests.settable_clock import SettableClock
from tests.unit.discord.http_world import settings

WORKERS = 4
NOWHERE = "https://discord.invalid/api/v10"
HELLO = OutgoingMessage(content="hello")
DEFER = Callback(type=CallbackType.DEFERRED_MESSAGE)

Refusal = tuple[int, dict[str, object], dict[str, str]]
FORBIDDEN: Refusal = (403, {"code": 50013, "message": "Missing Permissions"}, {})
THROTTLED: Refusal = (429, {"retry_after": 0.01, "global": False}, {"X-RateLimit-Scope": "user"})


class RefusingDiscord:
    def __init__(self, refusal: Refusal) -> None:
        self.asked = 0
        self._refusal = refusal

    def answer(self, _: httpx.Request) -> httpx.Response:
        self.asked += 1
        status, body, headers = self._refusal
        return httpx.Response(status, json=body, headers=headers)


class Worker:
    def __init__(self, transport: DiscordTransport, clock: SettableClock, ledger: InMemoryEgressLedger) -> None:
        brake, chosen, limiter = Brake(clock), settings(NOWHERE), InMemoryRequestLimiter(clock)
        self.watch = EgressWatch(brake, ledger, clock)
        exchange = DiscordExchange(transport, brake, InMemoryTelemetry(), self.watch)
        self.members = HttpMembers(BotApi(exchange, FleetGate(limiter, limiter), chosen, clock))
        self.followups = HttpFollowups(exchange, chosen, clock)
        self.responder = HttpFirstResponder(exchange)


@pytest.mark.parametrize("refusal", [FORBIDDEN, THROTTLED], ids=["403", "429"])
async def test_d5_who_is_refused_everything_stops_by_importance_and_before_the_ban(refusal: Refusal) -> None:
    clock, discord = SettableClock(), RefusingDiscord(refusal)
    asked = []
    async with DiscordTransport(settings(NOWHERE), transport=httpx.MockTransport(discord.answer)) as transport:
        ledger = InMemoryEgressLedger(clock)
        workers = [Worker(transport, clock, ledger) for _ in range(WORKERS)]
        for do in (_act_as_the_bot, _follow_up, _answer_first):
            for number, worker in zip(range(6_000), _in_turn(workers), strict=False):
                await do(worker, number)
                await worker.watch.looked()
                if number % 40 == 0:
                    await clock.sleep(0.9)
            asked.append(discord.asked)
    background, followups, callbacks = asked

    assert 4_400 < background < 5_000
    assert 7_900 < followups < 8_500
    assert 9_400 < callbacks < 10_000


def _in_turn(workers: list[Worker]) -> Iterator[Worker]:
    return (workers[number % len(workers)] for number in count())


async def _act_as_the_bot(worker: Worker, number: int) -> None:
    try:
        await worker.members.add_role(str(int(GUILD) + number), MEMBER, ROLE)
    except GpError:
        return


async def _follow_up(worker: Worker, number: int) -> None:
    try:
        await worker.followups.create(Secret(f"token-{number}"), HELLO)
    except GpError:
        return


async def _answer_first(worker: Worker, number: int) -> None:
    try:
        await worker.responder.respond(a_fresh_snowflake(), Secret(f"token-{number}"), DEFER, timeout=1.0)
    except GpError:
        return
