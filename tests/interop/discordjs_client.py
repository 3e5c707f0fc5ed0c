"""discord.js's REST client, in a Node process."""

import asyncio
import base64
import json
import os
import shutil
from itertools import count
from pathlib import Path
from typing import Any, Self

from tests.interop.client import Client, RefusedError
from tests.interop.stand_in import APPLICATION, Asked

_SCRIPT = Path(__file__).parent / "discordjs" / "client.mjs"
PACKAGES = "GP_TEST_DISCORDJS"
"""Names the folder that holds ``node_modules``."""


class DiscordJsClient(Client):
    """Asks as a bot that is written with discord.js would."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def started(cls, url: str) -> Self:
        """Begin to talk to the API at this address."""
        node = shutil.which("node")
        packages = os.environ.get(PACKAGES)
        assert node is not None, "no node: `make interop` installs it on Debian and Ubuntu"
        assert packages is not None, f"{PACKAGES} is not set: `make interop` installs discord.js's client and sets it"
        api = url.removesuffix("/v10")
        process = await asyncio.create_subprocess_exec(
            node, str(_SCRIPT), packages, api, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        return cls(process)

    async def defer(self, asked: Asked) -> None:
        await self._answer(asked, {"type": 5})

    async def reply(self, asked: Asked, content: str) -> None:
        await self._answer(asked, {"type": 4, "data": {"content": content}})

    async def suggest(self, asked: Asked, *choices: str) -> None:
        built = [{"name": choice, "value": choice} for choice in choices]
        await self._answer(asked, {"type": 8, "data": {"choices": built}})

    async def show_modal(self, asked: Asked, title: str) -> None:
        field = {"type": 4, "custom_id": "field", "style": 1}
        label = {"type": 18, "label": "A field", "component": field}
        await self._answer(asked, {"type": 9, "data": {"custom_id": "form", "title": title, "components": [label]}})

    async def edit_original(self, asked: Asked, content: str) -> None:
        await self._ask("PATCH", "webhookMessage", APPLICATION, asked.token, auth=False, body={"content": content})

    async def delete_original(self, asked: Asked) -> None:
        await self._ask("DELETE", "webhookMessage", APPLICATION, asked.token, auth=False)

    async def follow_up(self, asked: Asked, content: str, *files: tuple[str, bytes]) -> str:
        attached = [{"name": name, "base64": base64.b64encode(data).decode()} for name, data in files]
        body = {"content": content}
        sent = await self._ask("POST", "webhook", APPLICATION, asked.token, auth=False, body=body, files=attached)
        return str(sent["id"])

    async def register(self, *names: str) -> list[str]:
        built = [{"name": name, "description": "What it does"} for name in names]
        made = await self._ask("PUT", "applicationCommands", APPLICATION, body=built)
        return [command["name"] for command in made]

    async def registered(self) -> list[str]:
        return [command["name"] for command in await self._ask("GET", "applicationCommands", APPLICATION)]

    async def add_role(self, guild_id: str, user_id: str, role_id: str, *, reason: str) -> None:
        await self._ask("PUT", "guildMemberRole", guild_id, user_id, role_id, reason=reason)

    async def remove_role(self, guild_id: str, user_id: str, role_id: str) -> None:
        await self._ask("DELETE", "guildMemberRole", guild_id, user_id, role_id)

    async def roles(self, guild_id: str, user_id: str) -> list[str]:
        return list((await self._ask("GET", "guildMember", guild_id, user_id))["roles"])

    async def send(self, channel_id: str, content: str) -> str:
        return str((await self._ask("POST", "channelMessages", channel_id, body={"content": content}))["id"])

    async def edit(self, channel_id: str, message_id: str, content: str) -> None:
        await self._ask("PATCH", "channelMessage", channel_id, message_id, body={"content": content})

    async def content(self, channel_id: str, message_id: str) -> str:
        return str((await self._ask("GET", "channelMessage", channel_id, message_id))["content"])

    async def delete(self, channel_id: str, message_id: str) -> None:
        await self._ask("DELETE", "channelMessage", channel_id, message_id)

    async def start_thread(self, channel_id: str, message_id: str, name: str) -> str:
        return str((await self._ask("POST", "threads", channel_id, message_id, body={"name": name}))["id"])

    async def open_dm(self, user_id: str) -> str:
        return str((await self._ask("POST", "userChannels", body={"recipient_id": user_id}))["id"])

    async def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        await self._reader

    async def _answer(self, asked: Asked, body: object) -> None:
        await self._ask("POST", "interactionCallback", asked.id, asked.token, auth=False, body=body)

    async def _ask(self, method: str, route: str, *values: str, auth: bool = True, **options: object) -> Any:  # noqa: ANN401 - JSON
        assert self._process.stdin is not None
        number = next(self._numbers)
        answered = self._waiting[number] = asyncio.get_running_loop().create_future()
        request = {"id": number, "method": method, "route": [route, *values], "auth": auth, **options}
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        answer = await asyncio.wait_for(answered, 60)
        if "error" in answer:
            raise RefusedError(answer["status"], answer["code"] or 0)
        return answer["body"]

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            answer = json.loads(line)
            self._waiting.pop(answer["id"]).set_result(answer)
        for waiting in self._waiting.values():
            waiting.set_exception(AssertionError("the Node process ended"))
