"""Channel messages over HTTP."""

import hashlib
from typing import Final

from typing_extensions import override

from gpadapters.discord import bot_routes, payloads
from gpadapters.discord.bot_api import BotApi
from gpadapters.discord.followups import deleted, sent_message
from gpcore.domain.messages import OutgoingMessage, SentMessage
from gpcore.errors import PortRejectedError
from gpcore.ports.messages import Messages

_LONGEST_NONCE: Final = 25


class HttpMessages(Messages):
    """Sends, edits and deletes the bot's messages."""

    def __init__(self, api: BotApi) -> None:
        self._api = api

    @override
    async def send(self, channel_id: str, message: OutgoingMessage, *, nonce: str | None = None) -> SentMessage:
        if message.ephemeral:
            raise PortRejectedError("a message in a channel cannot be ephemeral: everybody there would see it")
        payload = payloads.new_message(message)
        if nonce is not None:
            payload |= {"nonce": _short(nonce), "enforce_nonce": True}
        route = bot_routes.create_message(channel_id)
        answer = await self._api.send(route, payload, files=message.files, repeatable=nonce is not None)
        return sent_message(answer)

    @override
    async def edit(self, channel_id: str, message_id: str, message: OutgoingMessage) -> SentMessage:
        route = bot_routes.message("PATCH", channel_id, message_id)
        answer = await self._api.send(route, payloads.changed_message(message), files=message.files)
        return sent_message(answer)

    @override
    async def delete(self, channel_id: str, message_id: str, *, reason: str | None = None) -> None:
        deleted(await self._api.send(bot_routes.message("DELETE", channel_id, message_id), reason=reason))


def _short(nonce: str) -> str:
    """Return a nonce that Discord takes, the same for the same nonce."""
    return nonce if len(nonce) <= _LONGEST_NONCE else hashlib.sha256(nonce.encode()).hexdigest()[:_LONGEST_NONCE]
