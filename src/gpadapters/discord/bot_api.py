"""Calls with the bot token, paced together since they share one global limit."""

from typing import Final

from gpadapters.discord.answers import Answer, Call
from gpadapters.discord.exchange import DiscordExchange
from gpadapters.discord.gates import Gate
from gpadapters.discord.pacer import Pacer
from gpadapters.discord.routes import Route
from gpadapters.discord.settings import DiscordSettings
from gpcore.domain.files import File
from gpcore.errors import ConfigurationError
from gpcore.ports.clock import Clock

_NOT_CONFIGURED: Final = "set DISCORD_BOT_TOKEN: this operation acts as the bot"


class BotApi:
    """Sends calls as the bot.

    After Discord has refused the token once, no further call is sent: every one would count
    towards the ban of the address.

    Args:
        exchange: Makes the requests.
        gate: What all workers of the bot share.
        settings: The token, and how patient to be.
        clock: For the waits.
    """

    def __init__(self, exchange: DiscordExchange, gate: Gate, settings: DiscordSettings, clock: Clock) -> None:
        self._bot_token = settings.bot_token
        self._pacer = Pacer(exchange, gate, clock, settings)
        self._refused: ConfigurationError | None = None

    async def send(
        self,
        route: Route,
        payload: object = None,
        *,
        files: tuple[File, ...] = (),
        reason: str | None = None,
        repeatable: bool = True,
    ) -> Answer:
        """Send a call; whatever goes wrong after it left stands in the answer.

        Raises:
            ConfigurationError: There is no bot token, or Discord refused it before; nothing was sent.
        """
        if self._bot_token is None:
            raise ConfigurationError(_NOT_CONFIGURED)
        if self._refused is not None:
            raise ConfigurationError(self._refused.faults)
        call = Call(route=route, payload=payload, files=files, bot_token=self._bot_token, reason=reason)
        answer = await self._pacer.send(call, repeatable=repeatable)
        # What the fleet remembers of another worker's refusal is over one day; this process's own is not.
        if answer.status and isinstance(answer.error, ConfigurationError):
            self._refused = answer.error
        return answer
