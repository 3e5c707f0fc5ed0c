"""A Redis Cluster: each command goes to the node that holds its key.

The map of slots is asked for when first needed, and again after a node said that a slot has moved or could
not be reached. A command that a node has redirected was not executed, so following the redirection repeats
nothing.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextvars import Context
from typing import Final

from redis.crc import key_slot
from redis.exceptions import AskError, MovedError, RedisError, ResponseError
from redis.exceptions import ConnectionError as RedisConnectionError

from gpadapters.redis.connecting import Argument, NodeAddress
from gpadapters.redis.multiplexed import MultiplexedConnection
from gpadapters.redis.slot_map import SlotMap

MOST_REDIRECTIONS: Final = 3

ASK_AGAIN_AFTER: Final = 0.25
"""Seconds between two questions for the map, so that a cluster in trouble is not asked by every call."""


class ClusterLink:
    """Routes commands over one connection for each node.

    Args:
        seeds: Nodes to ask for the map at first.
        connect: Makes the connection to a node, not open yet.
        timeout: Seconds after which a call fails, whatever it waits for: the map, and every redirection.
    """

    def __init__(
        self, seeds: Sequence[NodeAddress], connect: Callable[[NodeAddress], MultiplexedConnection], *, timeout: float
    ) -> None:
        self._timeout: Final = timeout
        self._unknown: Exception = RedisConnectionError("no node was asked yet")
        self._seeds: Final = tuple(seeds)
        self._connect: Final = connect
        self._connections: Final[dict[NodeAddress, MultiplexedConnection]] = {}
        self._map: SlotMap | None = None
        self._moved: Final[dict[int, NodeAddress]] = {}
        self._asking: asyncio.Task[None] | None = None
        self._leaving: Final[set[asyncio.Task[None]]] = set()
        self._ask_at = 0.0
        self._closed = False

    async def send(self, command: tuple[Argument, ...], key: str | None = None) -> object:
        """Send one command to the node of its key, or without a key to any, and return its reply.

        Raises:
            RedisError, OSError: As for ``MultiplexedConnection.send``; ``CLUSTERDOWN`` if nobody holds the slot.
        """
        slot = None if key is None else key_slot(key.encode())
        try:
            async with asyncio.timeout(self._timeout):
                return await self._send(command, slot)
        except TimeoutError:
            # A node that says nothing may be dead and its slots elsewhere already.
            self._map_is_old()
            raise

    async def _send(self, command: tuple[Argument, ...], slot: int | None) -> object:
        for _ in range(MOST_REDIRECTIONS):
            node = await self._node(slot)
            try:
                return await self._connection(node).send(command)
            except MovedError as moved:
                # A node that does not know its own name leaves it out.
                self._moved[moved.slot_id] = (moved.host or node[0], moved.port)
                self._map_is_old()
            except AskError as asked:
                there = self._connection((asked.host or node[0], asked.port))
                return await there.send(command, first=("ASKING",))
            except ResponseError:
                raise
            except (RedisError, OSError):
                self._map_is_old()
                raise
        raise ResponseError("CLUSTERDOWN the slot is moved faster than it can be followed")

    async def close(self) -> None:
        """Fail the calls that wait and close the connections; later calls fail."""
        self._closed = True
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait([self._asking])
        if self._leaving:
            await asyncio.wait(self._leaving)
        for connection in self._connections.values():
            await connection.close()

    async def _node(self, slot: int | None) -> NodeAddress:
        if self._map is None and asyncio.get_running_loop().time() >= self._ask_at:
            # A caller that gives up leaves the question to the others.
            await asyncio.wait([self._ask()])
        known = self._map
        if known is None:
            raise self._unknown
        if slot is None:
            return known.nodes[0] if known.nodes else self._seeds[0]
        node = self._moved.get(slot) or known.node(slot)
        if node is None:
            self._map_is_old()
            raise ResponseError("CLUSTERDOWN nobody holds the slot")
        return node

    def _connection(self, node: NodeAddress) -> MultiplexedConnection:
        if self._closed:
            raise RedisConnectionError("closed")
        if node not in self._connections:
            self._connections[node] = self._connect(node)
        return self._connections[node]

    def _map_is_old(self) -> None:
        """Ask for the map beside the calls, which go on by the old one."""
        if asyncio.get_running_loop().time() >= self._ask_at:
            _ = self._ask()

    def _ask(self) -> "asyncio.Task[None]":
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask_around(), name="redis cluster map", context=Context())
        return self._asking

    async def _ask_around(self) -> None:
        try:
            known = self._map.nodes if self._map is not None else []
            for node in dict.fromkeys((*known, *self._seeds)):
                try:
                    told = SlotMap.parse(await self._connection(node).send(("CLUSTER", "SLOTS")), node)
                except (RedisError, OSError) as error:
                    self._unknown = error
                    continue
                self._learn(told)
                return
        finally:
            self._asking = None
            self._ask_at = asyncio.get_running_loop().time() + ASK_AGAIN_AFTER

    def _learn(self, told: SlotMap) -> None:
        self._map = told
        self._moved.clear()
        for node in self._connections.keys() - {*told.nodes, *self._seeds}:
            # It has left the cluster, or is about to get its first slot: while somebody waits for it, it stays.
            if self._connections[node].idle:
                closing = asyncio.create_task(self._connections.pop(node).close(), name="redis node left")
                self._leaving.add(closing)
                closing.add_done_callback(self._leaving.discard)
