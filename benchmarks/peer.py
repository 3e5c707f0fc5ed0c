"""A lean HTTP peer in Discord's place, as a process of its own, so that it is not what is measured.

It takes any first answer with 204 and anything else with a message, and remembers on the machine's
monotonic clock when each first answer came. ``GET /arrivals`` tells, and forgets.
"""

import asyncio
import json
import time
from importlib.util import find_spec
from typing import Final, cast

_END: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length:"
_NOTHING: Final = b"HTTP/1.1 204 No Content\r\n\r\n"
_FIRST_ANSWER: Final = b"/interactions/"


def _json(body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


_MESSAGE: Final = _json(b'{"id":"1214497633075331099","channel_id":"849256214691971078","flags":0}')


class Peer(asyncio.Protocol):
    """One connection; requests may come in pieces, and several at once."""

    arrivals: Final[dict[str, int]] = {}

    def __init__(self) -> None:
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to answer."""
        # uvloop's transports are no subclass of asyncio's.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer every request that is complete."""
        self._buffer += data
        while (end := self._buffer.find(_END)) >= 0:
            head = self._buffer[:end]
            whole = end + len(_END) + _length(head)
            if len(self._buffer) < whole:
                return
            self._buffer = self._buffer[whole:]
            assert self._transport is not None
            self._transport.write(self._answer(head))

    def _answer(self, head: bytes) -> bytes:
        path = head.split(b" ", 2)[1]
        if path.startswith(_FIRST_ANSWER):
            self.arrivals.setdefault(path.split(b"/", 3)[2].decode(), time.monotonic_ns())
            return _NOTHING
        if path == b"/arrivals":
            told = _json(json.dumps(self.arrivals).encode())
            self.arrivals.clear()
            return told
        return _MESSAGE


def _length(head: bytes) -> int:
    lower = head.lower()
    at = lower.find(_LENGTH)
    return int(lower[at + len(_LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0


async def serve() -> None:
    """Listen on a free port, say where, and serve until terminated."""
    server = await asyncio.get_running_loop().create_server(Peer, "127.0.0.1", 0, backlog=1024)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    if find_spec("uvloop") is not None:
        import uvloop

        uvloop.install()
    asyncio.run(serve())
