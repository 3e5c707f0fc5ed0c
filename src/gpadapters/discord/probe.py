"""Whether Discord can be reached and takes the bot token."""

from dataclasses import replace
from typing import Final

from typing_extensions import override

from gpadapters.discord import bot_routes
from gpadapters.discord.answers import Answer, Call, as_object
from gpadapters.discord.exchange import DiscordExchange
from gpadapters.discord.gates import Gate
from gpadapters.discord.pacer import Pacer
from gpadapters.discord.settings import DiscordSettings
from gpcore.domain.reading import text
from gpcore.ports.clock import Clock
from gpcore.ports.probe import Probe, ProbeResult

_TIMEOUT: Final = 3.0
_LONGEST_WAIT: Final = 1.0


class DiscordProbe(Probe):
    """Asks for the gateway's address, or whose the bot token is if there is one.

    Never required: a worker that cannot reach Discord keeps its queue and tries again. Asking as the bot
    takes a place in the fleet's limits as every other call does, and a token that the fleet knows to be
    refused is not tried again.
    """

    def __init__(self, exchange: DiscordExchange, gate: Gate, settings: DiscordSettings, clock: Clock) -> None:
        self._exchange = exchange
        self._settings = settings
        hasty = replace(settings, longest_wait=_LONGEST_WAIT, request_timeout=_TIMEOUT)
        self._pacer = Pacer(exchange, gate, clock, hasty)

    @override
    async def check(self) -> ProbeResult:
        bot_token = self._settings.bot_token
        answer = await self._answer()
        if answer.error is not None:
            return ProbeResult(name="discord", ok=False, detail=str(answer.error), required=False)
        name = text(as_object(answer.body), "username")
        who = "without a bot token" if bot_token is None else f"as {name or 'an unnamed bot'}"
        detail = f"{self._settings.api_url} answers, {who}"
        return ProbeResult(name="discord", ok=True, detail=detail, required=False)

    async def _answer(self) -> Answer:
        bot_token = self._settings.bot_token
        if bot_token is None:
            # Not the bot's call, so none of its limits holds.
            return await self._exchange.send(Call(route=bot_routes.gateway()), timeout=_TIMEOUT)
        return await self._pacer.send(Call(route=bot_routes.current_user(), bot_token=bot_token), repeatable=False)
