"""Guild members over HTTP."""

from typing_extensions import override

from gpadapters.discord import bot_routes
from gpadapters.discord.answers import as_object
from gpadapters.discord.bot_api import BotApi
from gpadapters.discord.errors import UNKNOWN_MEMBER
from gpcore.domain.entities import Member, User
from gpcore.domain.reading import nested
from gpcore.errors import PortRejectedError
from gpcore.ports.members import Members


class HttpMembers(Members):
    """Reads members and gives and takes their roles."""

    def __init__(self, api: BotApi) -> None:
        self._api = api

    @override
    async def fetch(self, guild_id: str, user_id: str) -> Member:
        answer = await self._api.send(bot_routes.member(guild_id, user_id))
        body = as_object(answer.value())
        return Member.of(User.of(user_id, nested(body, "user")), body)

    @override
    async def add_role(self, guild_id: str, user_id: str, role_id: str, *, reason: str | None = None) -> None:
        answer = await self._api.send(bot_routes.member_role("PUT", guild_id, user_id, role_id), reason=reason)
        answer.value()

    @override
    async def remove_role(self, guild_id: str, user_id: str, role_id: str, *, reason: str | None = None) -> None:
        answer = await self._api.send(bot_routes.member_role("DELETE", guild_id, user_id, role_id), reason=reason)
        if isinstance(answer.error, PortRejectedError) and answer.error.code == UNKNOWN_MEMBER:
            return
        answer.value()
