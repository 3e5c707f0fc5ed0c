from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gpadapters.discord.bot_api import BotApi
from gpadapters.discord.brake import Brake
from gpadapters.discord.exchange import DiscordExchange
from gpadapters.discord.fleet_gate import FleetGate
from gpadapters.discord.followups import HttpFollowups
from gpadapters.discord.responder import HttpFirstResponder
from gpadapters.discord.settings import DiscordSettings
from gpadapters.discord.transport import DiscordTransport
from gpadapters.memory.egress_ledger import InMemoryEgressLedger
from gpadapters.memory.request_limiter import InMemoryRequestLimiter
from gpadapters.memory.telemetry import InMemoryTelemetry
from gpadapters.simulator.server import SimulatedDiscord
from gpcore.domain.secrets import Secret
from gpcore.ports.messages import Messages
from tests.contracts.discord_world import Given, InteractionWorld
from tests.contracts.messages import ChannelWorld
from tests.settable_clock import SECOND, SettableClock

APPLICATION = "1214497633075331073"
BOT_TOKEN = "bot-token.of-nobody_0123456789"


class HttpWorld(InteractionWorld):
    def __init__(self, simulator: SimulatedDiscord, clock: SettableClock, transport: DiscordTransport) -> None:
        self.clock = clock
        self.simulator = simulator
        self.transport = transport
        self.telemetry = InMemoryTelemetry()
        self.settings = settings(simulator.url)
        self.ledger = InMemoryEgressLedger(clock)
        self.brake = Brake(clock)
        self.exchange = DiscordExchange(transport, self.brake, self.telemetry)
        self.responder = HttpFirstResponder(self.exchange)
        self.followups = HttpFollowups(self.exchange, self.settings, clock)
        self.limiter = InMemoryRequestLimiter(clock)
        self.gate = FleetGate(self.limiter, InMemoryRequestLimiter(clock, most_per_second=1))
        self.api = BotApi(self.exchange, self.gate, self.settings, clock)

    def know(self, given: Given, *, kind: int) -> None:
        self.simulator.register_interaction(given.id, given.token.reveal(), kind=kind, application_id=APPLICATION)

    def requests(self) -> int:
        return len(self.simulator.requests)

    def shown(self, given: Given) -> list[str]:
        interaction = self.simulator.interaction(given.id)
        return [str(message["content"]) for message in interaction.messages.values()] if interaction is not None else []

    def statuses(self) -> list[int]:
        return [request.status for request in self.simulator.requests]


def settings(api_url: str, *, bot_token: str | None = BOT_TOKEN) -> DiscordSettings:
    return DiscordSettings(
        application_id=APPLICATION,
        api_url=api_url,
        bot_token=Secret(bot_token) if bot_token is not None else None,
        longest_wait=5.0,
    )


@asynccontextmanager
async def http_world(*, open_to_strangers: bool = False) -> AsyncIterator[HttpWorld]:
    """Ports of Discord over real sockets to the simulator; both live on one settable clock."""
    clock = SettableClock()
    simulator = SimulatedDiscord(open=open_to_strangers, bot_token=BOT_TOKEN, now=lambda: clock.now_us() / SECOND)
    async with simulator, DiscordTransport(settings(simulator.url)) as transport:
        yield HttpWorld(simulator, clock, transport)


class HttpChannelWorld(ChannelWorld):
    def __init__(self, simulator: SimulatedDiscord, messages: Messages) -> None:
        self.messages = messages
        self._simulator = simulator

    def contents(self, channel_id: str) -> list[str]:
        return self._simulator.contents(channel_id)
