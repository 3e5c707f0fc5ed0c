"""Registered commands over HTTP."""

from collections.abc import Mapping, Sequence

from typing_extensions import override

from gpadapters.discord import bot_routes
from gpadapters.discord.answers import Answer, as_object
from gpadapters.discord.bot_api import BotApi
from gpadapters.discord.settings import DiscordSettings
from gpcore.ports.command_registry import CommandRegistry


class HttpCommandRegistry(CommandRegistry):
    """Reads and overwrites the application's commands."""

    def __init__(self, api: BotApi, settings: DiscordSettings) -> None:
        self._api = api
        self._application_id = settings.application_id

    @override
    async def registered(self, *, guild_id: str | None = None) -> Sequence[Mapping[str, object]]:
        return _commands(await self._api.send(bot_routes.commands("GET", self._application_id, guild_id)))

    @override
    async def replace(
        self, commands: Sequence[Mapping[str, object]], *, guild_id: str | None = None
    ) -> Sequence[Mapping[str, object]]:
        route = bot_routes.commands("PUT", self._application_id, guild_id)
        return _commands(await self._api.send(route, [dict(command) for command in commands]))


def _commands(answer: Answer) -> Sequence[Mapping[str, object]]:
    body = answer.value()
    return tuple(as_object(item) for item in body) if isinstance(body, list) else ()
