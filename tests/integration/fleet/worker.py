"""One worker of a fleet as a process: makes calls as the bot, and writes what came of them.

Takes one argument, a JSON object of ``Orders``; writes one JSON object of ``Account`` to its output.
"""

import asyncio
import dataclasses
import json
import sys
from collections import Counter

from typing_extensions import override

from gpadapters.discord.bot_api import BotApi
from gpadapters.discord.brake import Brake, Stops
from gpadapters.discord.egress_watch import EgressWatch
from gpadapters.discord.exchange import DiscordExchange
from gpadapters.discord.fleet_gate import FleetGate
from gpadapters.discord.messages import HttpMessages
from gpadapters.discord.settings import DiscordSettings
from gpadapters.discord.transport import DiscordTransport
from gpadapters.memory.request_limiter import InMemoryRequestLimiter
from gpadapters.memory.telemetry import InMemoryTelemetry
from gpadapters.redis.client import RedisClient
from gpadapters.redis.egress_ledger import RedisEgressLedger
from gpadapters.redis.request_limiter import RedisRequestLimiter
from gpadapters.redis.settings import RedisSettings
from gpadapters.system.clock import SystemClock
from gpcore.domain.messages import OutgoingMessage
from gpcore.domain.request_pacing import Ask, Heard, Permit, Verdict
from gpcore.domain.secrets import Secret
from gpcore.errors import GpError
from gpcore.ports.request_limiter import RequestLimiter

APPLICATION = "1214497633075331073"
PATIENT = 10.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Orders:
    """What to do.

    Attributes:
        redis_url: Where the fleet's state is.
        prefix: Before every key.
        api_url: Where Discord is.
        channels: Where to send messages.
        calls: How many messages in all, to each channel in turn.
        at_once: How many calls are under way at a time.
        longest_wait: Seconds that one call may wait.
        background_stop: Invalid requests after which nothing more is sent.
    """

    redis_url: str
    prefix: str
    api_url: str
    channels: list[str]
    calls: int
    at_once: int = 8
    longest_wait: float = 120.0
    background_stop: int = 4_500


@dataclasses.dataclass(kw_only=True)
class Account:
    """What came of it.

    Attributes:
        outcomes: How many calls ended how, by the error's name.
        went_us: When each request was let go, by the state server's clock.
    """

    outcomes: dict[str, int]
    went_us: list[int]


class NotingLimiter(RequestLimiter):
    """Writes down when something was let go."""

    def __init__(self, limiter: RequestLimiter) -> None:
        self._limiter = limiter
        self.went_us: list[int] = []

    @override
    async def reserve(self, ask: Ask) -> Permit:
        permit = await self._limiter.reserve(ask)
        if permit.verdict is Verdict.GO:
            self.went_us.append(permit.now_us)
        return permit

    @override
    async def report(self, heard: Heard) -> None:
        await self._limiter.report(heard)


async def work(orders: Orders) -> Account:
    clock = SystemClock()
    client = RedisClient(RedisSettings(url=Secret(orders.redis_url)), timeout=PATIENT)
    limiter = NotingLimiter(RedisRequestLimiter(client, APPLICATION, orders.prefix))
    settings = DiscordSettings(
        application_id=APPLICATION,
        api_url=orders.api_url,
        bot_token=Secret("a-bot-token"),
        longest_wait=orders.longest_wait,
    )
    brake = Brake(clock, Stops(background=orders.background_stop))
    watch = EgressWatch(brake, RedisEgressLedger(client, "fleet", orders.prefix), clock)
    async with DiscordTransport(settings) as transport:
        exchange = DiscordExchange(transport, brake, InMemoryTelemetry(), watch)
        # The fallback lets nothing through twice: a limiter that fails shows as a call that failed.
        gate = FleetGate(limiter, InMemoryRequestLimiter(clock, most_per_second=1))
        messages = HttpMessages(BotApi(exchange, gate, settings, clock))
        outcomes = await _all_calls(messages, orders)
        await watch.close()
    await client.close()
    return Account(outcomes=outcomes, went_us=limiter.went_us)


async def _all_calls(messages: HttpMessages, orders: Orders) -> dict[str, int]:
    outcomes: Counter[str] = Counter()
    waiting = [orders.channels[number % len(orders.channels)] for number in range(orders.calls)]

    async def one_after_another() -> None:
        while waiting:
            try:
                await messages.send(waiting.pop(), OutgoingMessage(content="hello"))
            except GpError as error:
                outcomes[type(error).__name__] += 1
            else:
                outcomes["ok"] += 1

    await asyncio.gather(*(one_after_another() for _ in range(orders.at_once)))
    return dict(outcomes)


if __name__ == "__main__":
    print(json.dumps(dataclasses.asdict(asyncio.run(work(Orders(**json.loads(sys.argv[1])))))))  # noqa: T201 - its answer
