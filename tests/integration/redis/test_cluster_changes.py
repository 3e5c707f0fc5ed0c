"""Slots and callers that come and go, mostly on servers that answer what a test tells them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from pathlib import Path

import pytest
from hiredis import Reader
from redis.crc import key_slot

from gpadapters.redis.client import RedisClient
from gpadapters.redis.cluster import ASK_AGAIN_AFTER
from gpadapters.redis.connecting import Wire, connection_to
from gpadapters.redis.multiplexed import MultiplexedConnection
from gpadapters.redis.settings import RedisSettings
from gpadapters.redis.slot_map import SLOTS
from gpcore.domain.secrets import Secret
from gpcore.errors import PortTimeoutError
from tests.eventually import eventually
from tests.servers.dropping_proxy import dropping_proxy
from tests.servers.redis import connected
from tests.servers.redis_process import RedisProcess

pytestmark = pytest.mark.integration

KEY = "a"
SLOT = key_slot(KEY.encode())
OK = b"+OK\r\n"
NONSENSE = b"+what?\r\n"


class Node:
    """A node that answers what it is told to; the lower port is the one that is asked for the map first."""

    def __init__(self) -> None:
        self.map = NONSENSE
        self.answer = OK
        self.asked = 0
        self.port = 0
        self.writers: list[asyncio.StreamWriter] = []

    @property
    def connections(self) -> int:
        return len(self.writers)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        parser = Reader()
        while data := await reader.read(65536):
            parser.feed(data)
            while isinstance(command := parser.gets(), list):
                writer.write(self.reply_to(command))
        self.writers.remove(writer)
        writer.close()

    def reply_to(self, command: list[bytes]) -> bytes:
        if command[0] == b"CLUSTER":
            self.asked += 1
            return self.map
        return {b"GET": self.answer, b"BLPOP": b""}.get(command[0], OK)


def a_range(first: int, last: int, node: Node) -> bytes:
    return b"*3\r\n:%d\r\n:%d\r\n*2\r\n$9\r\n127.0.0.1\r\n:%d\r\n" % (first, last, node.port)


@asynccontextmanager
async def two_nodes(*, timeout: float = 10) -> AsyncIterator[tuple[Node, Node, RedisClient]]:
    """Give the seed, the node that holds the key's slot, and a client that has asked it for the key."""
    one, another = Node(), Node()
    servers = [await asyncio.start_server(node.serve, "127.0.0.1", 0) for node in (one, another)]
    for node, server in zip((one, another), servers, strict=True):
        node.port = server.sockets[0].getsockname()[1]
    seed, other = sorted((one, another), key=lambda node: node.port)
    seed.map = b"*2\r\n" + a_range(0, SLOT - 1, seed) + a_range(SLOT, SLOTS - 1, other)
    async with connected(f"redis+cluster://127.0.0.1:{seed.port}", timeout=timeout) as client:
        await client.execute("GET", KEY, key=KEY)
        assert other.connections == 1
        yield seed, other, client
    for server in servers:
        server.close()


async def leave(seed: Node, other: Node) -> None:
    """Let the seed hold every slot, which the other tells whoever still asks it for the key."""
    await asyncio.sleep(ASK_AGAIN_AFTER)
    seed.map = b"*1\r\n" + a_range(0, SLOTS - 1, seed)
    other.answer = b"-MOVED %d 127.0.0.1:%d\r\n" % (SLOT, seed.port)


async def test_a_node_that_left_is_disconnected_and_the_seeds_stay() -> None:
    async with two_nodes() as (seed, other, client):
        await leave(seed, other)
        await client.execute("GET", KEY, key=KEY)

        await eventually(lambda: other.connections == 0)
        assert seed.connections == 1


async def test_a_node_that_left_is_kept_while_somebody_waits_for_it() -> None:
    async with two_nodes() as (seed, other, client):
        await leave(seed, other)
        moved = asyncio.create_task(client.execute("GET", KEY, key=KEY))
        waiting = asyncio.create_task(client.execute("BLPOP", KEY, 0, key=KEY))
        await moved
        await eventually(lambda: seed.asked == 2)
        # What was asked after the question for the map is answered after the map.
        await client.execute("GET", "b", key="b")

        other.writers[0].write(b"+late\r\n")

        assert await waiting == b"late"


async def test_a_map_that_nobody_can_read_is_asked_of_the_next_node() -> None:
    async with two_nodes() as (seed, other, client):
        await leave(seed, other)
        other.map, seed.map = seed.map, NONSENSE
        await client.execute("GET", KEY, key=KEY)

        await eventually(lambda: other.asked == 1)
        assert await client.execute("GET", KEY, key=KEY) == b"OK"


async def test_after_a_node_that_says_nothing_the_map_is_asked_for_again() -> None:
    async with two_nodes(timeout=0.3) as (seed, other, client):
        await leave(seed, other)
        asked, other.answer = seed.asked, b""

        with pytest.raises(PortTimeoutError):
            await client.execute("GET", KEY, key=KEY)

        await eventually(lambda: seed.asked == asked + 1)
        assert await client.execute("GET", KEY, key=KEY) == b"OK"


async def test_what_reads_and_writes_keeps_no_callers_context() -> None:
    """It would log under the name of whichever delivery came first."""
    mine = ContextVar("mine", default="nobody's")
    seen = set[str]()

    class Line(Wire):
        asked: asyncio.Queue[object] = asyncio.Queue()

        async def connect(self) -> None:
            seen.add(mine.get())

        async def disconnect(self, *, nowait: bool = False) -> None:
            seen.add(mine.get())

        async def send_packed_command(self, command: Sequence[bytes], *, check_health: bool = True) -> None:
            seen.add(mine.get())
            self.asked.put_nowait(b"PONG")

        async def read_response(self) -> object:
            seen.add(mine.get())
            return await self.asked.get()

    mine.set("the first caller's")
    connection = MultiplexedConnection(Line(), timeout=10, connect_timeout=10, stall_timeout=10)
    assert await connection.send(("PING",)) == b"PONG"

    assert seen == {"nobody's"}
    mine.set("nobody's")
    await connection.close()


async def test_a_caller_that_gives_up_takes_its_asking_along(redis_server: RedisProcess, tmp_path: Path) -> None:
    """Alone it would be obeyed by whichever command came next."""
    async with dropping_proxy(redis_server.socket, tmp_path) as (proxy, url):
        wire, _ = connection_to(RedisSettings(url=Secret(url)))
        connection = MultiplexedConnection(wire, timeout=10, connect_timeout=10, stall_timeout=10)
        await connection.send(("PING",))

        connection.send(("GET", "a"), first=("ASKING",)).cancel()
        await connection.send(("ECHO", "next"))
        await connection.close()

    assert b"ECHO" in proxy.requests[-1]
    assert b"ASKING" not in b"".join(proxy.requests)
