"""Edits and follow-ups over HTTP."""

from typing import Final

from typing_extensions import override

from gpadapters.discord import payloads, routes
from gpadapters.discord.answers import Answer, Call, as_object
from gpadapters.discord.errors import UNKNOWN_MESSAGE
from gpadapters.discord.exchange import DiscordExchange
from gpadapters.discord.gates import LocalGate
from gpadapters.discord.pacer import Pacer
from gpadapters.discord.settings import DiscordSettings
from gpcore.domain.messages import OutgoingMessage, SentMessage
from gpcore.domain.reading import integer, text
from gpcore.domain.secrets import Secret
from gpcore.errors import PortRejectedError
from gpcore.ports.clock import Clock
from gpcore.ports.followups import ORIGINAL, Followups

LOADING: Final = 1 << 7
"""The flag of a message that shows "thinking"."""


class HttpFollowups(Followups):
    """Paces the requests of each interaction by what Discord told this process about it.

    One worker owns an interaction at a time, so no other process needs to know.
    """

    def __init__(self, exchange: DiscordExchange, settings: DiscordSettings, clock: Clock) -> None:
        self._application_id = settings.application_id
        self._pacer = Pacer(exchange, LocalGate(clock), clock, settings)

    @override
    async def edit(self, token: Secret, message: OutgoingMessage, *, message_id: str = ORIGINAL) -> SentMessage:
        call = Call(
            route=routes.edit_followup(self._application_id, token, message_id),
            payload=payloads.changed_message(message),
            files=message.files,
        )
        return sent_message(await self._pacer.send(call, repeatable=True))

    @override
    async def thinking(self, token: Secret) -> bool:
        call = Call(route=routes.fetch_original(self._application_id, token))
        answer = await self._pacer.send(call, repeatable=True)
        if _is_gone(answer):
            return False
        return bool((integer(as_object(answer.value()), "flags") or 0) & LOADING)

    @override
    async def create(self, token: Secret, message: OutgoingMessage) -> SentMessage:
        call = Call(
            route=routes.create_followup(self._application_id, token),
            payload=payloads.new_message(message),
            files=message.files,
        )
        return sent_message(await self._pacer.send(call, repeatable=False))

    @override
    async def delete(self, token: Secret, *, message_id: str = ORIGINAL) -> None:
        call = Call(route=routes.delete_followup(self._application_id, token, message_id))
        deleted(await self._pacer.send(call, repeatable=True))


def sent_message(answer: Answer) -> SentMessage:
    """Return the message that Discord made or changed.

    Raises:
        GpError: The answer's error.
    """
    body = as_object(answer.value())
    return SentMessage(id=text(body, "id") or ORIGINAL, channel_id=text(body, "channel_id"))


def deleted(answer: Answer) -> None:
    """Accept a deletion; a message that is gone counts as deleted.

    Raises:
        GpError: Any other error of the answer.
    """
    if not _is_gone(answer):
        answer.value()


def _is_gone(answer: Answer) -> bool:
    return isinstance(answer.error, PortRejectedError) and answer.error.code == UNKNOWN_MESSAGE
