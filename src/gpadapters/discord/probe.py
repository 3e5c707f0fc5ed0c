"""Whether Discord can be reached and takes the bot token."""

from typing import Final

from typing_extensions import override

from gpadapters.discord import bot_routes
from gpadapters.discord.answers import Call, as_object
from gpadapters.discord.exchange import DiscordExchange
from gpadapters.discord.settings import DiscordSettings
from gpcore.domain.reading import text
from gpcore.ports.probe import Probe, ProbeResult

_TIMEOUT: Final = 3.0


class DiscordProbe(Probe):
    """Asks for the gateway's address, or whose the bot token is if there is one.

    Never required: a worker that cannot reach Discord keeps its queue and tries again.
    """

    def __init__(self, exchange: DiscordExchange, settings: DiscordSettings) -> None:
        self._exchange = exchange
        self._settings = settings

    @override
    async def check(self) -> ProbeResult:
        bot_token = self._settings.bot_token
        route = bot_routes.gateway() if bot_token is None else bot_routes.current_user()
        answer = await self._exchange.send(Call(route=route, bot_token=bot_token), timeout=_TIMEOUT)
        if answer.error is not None:
            return ProbeResult(name="discord", ok=False, detail=str(answer.error), required=False)
        name = text(as_object(answer.body), "username")
        who = "without a bot token" if bot_token is None else f"as {name or 'an unnamed bot'}"
        detail = f"{self._settings.api_url} answers, {who}"
        return ProbeResult(name="discord", ok=True, detail=detail, required=False)
