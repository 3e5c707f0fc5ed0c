"""Channels over HTTP."""

from typing import Final

from typing_extensions import override

from gpadapters.discord import bot_routes
from gpadapters.discord.answers import Answer, as_object
from gpadapters.discord.bot_api import BotApi
from gpadapters.discord.routes import checked_id
from gpcore.domain.entities import Channel
from gpcore.domain.reading import text
from gpcore.errors import PortRejectedError, PortUnavailableError
from gpcore.ports.channels import Channels

_PUBLIC_THREAD: Final = 11
_PRIVATE_THREAD: Final = 12


class HttpChannels(Channels):
    """Reads channels, opens direct messages and starts threads."""

    def __init__(self, api: BotApi) -> None:
        self._api = api

    @override
    async def fetch(self, channel_id: str) -> Channel:
        answer = await self._api.send(bot_routes.channel(channel_id))
        return Channel.of(channel_id, as_object(answer.value()))

    @override
    async def open_dm(self, user_id: str) -> Channel:
        payload = {"recipient_id": checked_id("user id", user_id)}
        return _opened(await self._api.send(bot_routes.open_dm(), payload))

    @override
    async def start_thread(
        self,
        channel_id: str,
        name: str,
        *,
        message_id: str | None = None,
        private: bool = False,
        reason: str | None = None,
    ) -> Channel:
        if private and message_id is not None:
            raise PortRejectedError("a thread that hangs on a message cannot be private; nothing was sent")
        payload: dict[str, object] = {"name": name}
        if message_id is None:
            payload["type"] = _PRIVATE_THREAD if private else _PUBLIC_THREAD
        route = bot_routes.threads(channel_id, message_id)
        return _opened(await self._api.send(route, payload, reason=reason, repeatable=False))


def _opened(answer: Answer) -> Channel:
    body = as_object(answer.value())
    channel_id = text(body, "id")
    if channel_id is None:
        raise PortUnavailableError("Discord opened a channel without saying its id")
    return Channel.of(channel_id, body)
