"""Channels over HTTP."""

from typing_extensions import override

from gpadapters.discord import bot_routes
from gpadapters.discord.answers import as_object
from gpadapters.discord.bot_api import BotApi
from gpadapters.discord.routes import checked_id
from gpcore.domain.entities import Channel
from gpcore.domain.reading import text
from gpcore.errors import PortUnavailableError
from gpcore.ports.channels import Channels


class HttpChannels(Channels):
    """Reads channels and opens direct messages."""

    def __init__(self, api: BotApi) -> None:
        self._api = api

    @override
    async def fetch(self, channel_id: str) -> Channel:
        answer = await self._api.send(bot_routes.channel(channel_id))
        return Channel.of(channel_id, as_object(answer.value()))

    @override
    async def open_dm(self, user_id: str) -> Channel:
        payload = {"recipient_id": checked_id("user id", user_id)}
        body = as_object((await self._api.send(bot_routes.open_dm(), payload)).value())
        channel_id = text(body, "id")
        if channel_id is None:
            raise PortUnavailableError("Discord opened a direct-message channel without saying its id")
        return Channel.of(channel_id, body)
