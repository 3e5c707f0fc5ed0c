"""The first answer over HTTP."""

from typing_extensions import override

from gpadapters.discord import payloads, routes
from gpadapters.discord.answers import Call
from gpadapters.discord.exchange import DiscordExchange
from gpcore.domain.messages import Callback
from gpcore.domain.secrets import Secret
from gpcore.ports.first_responder import FirstResponder


class HttpFirstResponder(FirstResponder):
    """Posts callbacks. They are bound to no rate limit but the brake, and never wait."""

    def __init__(self, exchange: DiscordExchange) -> None:
        self._exchange = exchange

    @override
    async def respond(self, interaction_id: str, token: Secret, callback: Callback, *, timeout: float) -> None:
        files = callback.message.files if callback.message is not None else ()
        call = Call(
            route=routes.callback(interaction_id, token),
            payload=payloads.callback(callback),
            files=files,
        )
        answer = await self._exchange.send(call, timeout=timeout)
        answer.value()
