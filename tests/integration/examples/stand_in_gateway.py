"""A gateway that accepts one bot's shards and sends what a test gives it."""

import asyncio
import json
import zlib
from types import TracebackType
from typing import Final, Self

from aiohttp import WSMsgType, web

from tests.builders import Json

_DISPATCH, _HEARTBEAT, _IDENTIFY, _HELLO, _HEARTBEAT_ACK = 0, 1, 2, 10, 11
_LIMIT: Final = {"total": 1000, "remaining": 1000, "reset_after": 1, "max_concurrency": 16}


class StandInGateway:
    """Serves ``/gateway/bot`` and the gateway itself, with a compressed stream as Discord does."""

    def __init__(self, token: str, *, shards: int) -> None:
        self.identified: dict[int, Json] = {}
        self._token = token
        self._shards = shards
        self._senders: dict[int, Sender] = {}
        app = web.Application()
        app.add_routes([web.get("/api/gateway/bot", self._describe), web.get("/", self._connect)])
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)

    @property
    def api_url(self) -> str:
        """What takes the place of Discord's REST API."""
        return f"http://{self._address}/api"

    def ready(self) -> bool:
        """Tell whether every shard has identified itself."""
        return len(self._senders) == self._shards

    async def send(self, shard_id: int, *frames: Json) -> None:
        """Send frames over a shard's connection, without a pause."""
        for frame in frames:
            await self._senders[shard_id].send(frame)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    @property
    def _address(self) -> str:
        host, port = self._runner.addresses[0][:2]
        return f"{host}:{port}"

    async def _describe(self, request: web.Request) -> web.Response:
        if request.headers["Authorization"] != f"Bot {self._token}":
            return web.json_response({"message": "401: Unauthorized", "code": 0}, status=401)
        return web.json_response(
            {"url": f"ws://{self._address}", "shards": self._shards, "session_start_limit": _LIMIT}
        )

    async def _connect(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        sender = Sender(socket)
        await sender.send({"op": _HELLO, "d": {"heartbeat_interval": 41_250}})
        async for message in socket:
            assert message.type in {WSMsgType.TEXT, WSMsgType.BINARY}
            frame = json.loads(message.data)
            if frame["op"] == _HEARTBEAT:
                await sender.send({"op": _HEARTBEAT_ACK})
            elif frame["op"] == _IDENTIFY:
                await self._welcome(sender, frame["d"])
        return socket

    async def _welcome(self, sender: "Sender", identity: Json) -> None:
        shard_id = identity["shard"][0]
        user = {"id": "1214497633075331073", "username": "bot", "discriminator": "0"}
        where = {"session_id": f"session-{shard_id}", "resume_gateway_url": f"ws://{self._address}"}
        await sender.send({"op": _DISPATCH, "t": "READY", "s": 1, "d": {"v": 10, "user": user, "guilds": [], **where}})
        self.identified[shard_id] = identity
        self._senders[shard_id] = sender


class Sender:
    """One connection's compressed stream."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._socket = socket
        self._stream = zlib.compressobj()
        self._alone = asyncio.Lock()

    async def send(self, frame: Json) -> None:
        async with self._alone:
            content = self._stream.compress(json.dumps(frame).encode()) + self._stream.flush(zlib.Z_SYNC_FLUSH)
            await self._socket.send_bytes(content)
