"""hikari's REST client."""

from collections.abc import Awaitable
from typing import Self, TypeVar

import hikari

from tests.interop.client import Client, RefusedError
from tests.interop.stand_in import APPLICATION, Asked

_Made = TypeVar("_Made")


class HikariClient(Client):
    """Asks as a bot that is written with hikari would."""

    def __init__(self, app: hikari.RESTApp, rest: hikari.impl.RESTClientImpl) -> None:
        self._app = app
        self._rest = rest

    @classmethod
    async def started(cls, url: str) -> Self:
        """Begin to talk to the API at this address."""
        app = hikari.RESTApp(url=url)
        await app.start()
        rest = app.acquire("token-of-nobody", hikari.TokenType.BOT)
        rest.start()
        return cls(app, rest)

    async def defer(self, asked: Asked) -> None:
        later = hikari.ResponseType.DEFERRED_MESSAGE_CREATE
        await _told(self._rest.create_interaction_response(int(asked.id), asked.token, later))

    async def reply(self, asked: Asked, content: str) -> None:
        now = hikari.ResponseType.MESSAGE_CREATE
        await _told(self._rest.create_interaction_response(int(asked.id), asked.token, now, content))

    async def suggest(self, asked: Asked, *choices: str) -> None:
        built = [hikari.impl.AutocompleteChoiceBuilder(name=choice, value=choice) for choice in choices]
        await _told(self._rest.create_autocomplete_response(int(asked.id), asked.token, built))

    async def show_modal(self, asked: Asked, title: str) -> None:
        row = hikari.impl.ModalActionRowBuilder().add_text_input("field", "A field")
        modal = self._rest.create_modal_response(
            int(asked.id), asked.token, title=title, custom_id="form", component=row
        )
        await _told(modal)

    async def edit_original(self, asked: Asked, content: str) -> None:
        await _told(self._rest.edit_interaction_response(int(APPLICATION), asked.token, content))

    async def delete_original(self, asked: Asked) -> None:
        await _told(self._rest.delete_interaction_response(int(APPLICATION), asked.token))

    async def follow_up(self, asked: Asked, content: str, *files: tuple[str, bytes]) -> str:
        attached = [hikari.Bytes(data, name) for name, data in files]
        sent = self._rest.execute_webhook(int(APPLICATION), asked.token, content, attachments=attached)
        return str((await _told(sent)).id)

    async def register(self, *names: str) -> list[str]:
        built = [self._rest.slash_command_builder(name, "What it does") for name in names]
        return [command.name for command in await _told(self._rest.set_application_commands(int(APPLICATION), built))]

    async def registered(self) -> list[str]:
        return [command.name for command in await _told(self._rest.fetch_application_commands(int(APPLICATION)))]

    async def add_role(self, guild_id: str, user_id: str, role_id: str, *, reason: str) -> None:
        await _told(self._rest.add_role_to_member(int(guild_id), int(user_id), int(role_id), reason=reason))

    async def remove_role(self, guild_id: str, user_id: str, role_id: str) -> None:
        await _told(self._rest.remove_role_from_member(int(guild_id), int(user_id), int(role_id)))

    async def roles(self, guild_id: str, user_id: str) -> list[str]:
        member = await _told(self._rest.fetch_member(int(guild_id), int(user_id)))
        # hikari adds the role that everybody has, whose id is the guild's.
        return [str(role) for role in member.role_ids if str(role) != guild_id]

    async def send(self, channel_id: str, content: str) -> str:
        return str((await _told(self._rest.create_message(int(channel_id), content))).id)

    async def edit(self, channel_id: str, message_id: str, content: str) -> None:
        await _told(self._rest.edit_message(int(channel_id), int(message_id), content))

    async def content(self, channel_id: str, message_id: str) -> str:
        return (await _told(self._rest.fetch_message(int(channel_id), int(message_id)))).content or ""

    async def delete(self, channel_id: str, message_id: str) -> None:
        await _told(self._rest.delete_message(int(channel_id), int(message_id)))

    async def start_thread(self, channel_id: str, message_id: str, name: str) -> str:
        return str((await _told(self._rest.create_message_thread(int(channel_id), int(message_id), name))).id)

    async def open_dm(self, user_id: str) -> str:
        return str((await _told(self._rest.create_dm_channel(int(user_id)))).id)

    async def close(self) -> None:
        await self._rest.close()
        await self._app.close()


async def _told(work: Awaitable[_Made]) -> _Made:
    try:
        return await work
    except hikari.HTTPResponseError as error:
        raise RefusedError(int(error.status), getattr(error, "code", 0)) from error
    except hikari.HTTPError as error:
        raise RefusedError(0, 0) from error
