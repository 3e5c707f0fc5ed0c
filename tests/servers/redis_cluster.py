"""A small Redis or Valkey cluster of our own: three masters on loopback."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from gpadapters.redis.client import RedisClient
from tests.servers.redis import a_client, connected
from tests.servers.redis_process import RedisProcess, free_port

FORMING = 20.0
"""Seconds that forming the cluster may take."""

SLOTS = 16384


class RedisClusterProcesses:
    """Three nodes, each with a third of the slots."""

    def __init__(self) -> None:
        self.buses = [free_port() for _ in range(3)]
        self.nodes = [
            RedisProcess(
                *("--cluster-enabled", "yes", "--cluster-port", str(bus), "--cluster-node-timeout", "2000"),
                *("--cluster-require-full-coverage", "no"),
            )
            for bus in self.buses
        ]

    @property
    def url(self) -> str:
        return "redis+cluster://" + ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)

    async def start(self) -> None:
        """Start the nodes, share the slots out and wait until every node knows."""
        for node in self.nodes:
            node.start()
        async with contextlib.AsyncExitStack() as stack:
            clients = [await stack.enter_async_context(connected(node.unix_url)) for node in self.nodes]
            bounds = [0, SLOTS // 3, 2 * SLOTS // 3, SLOTS]
            for client, first, end in zip(clients, bounds[:-1], bounds[1:], strict=True):
                await client.execute("CLUSTER", "ADDSLOTSRANGE", first, end - 1)
            for node, bus in zip(self.nodes[1:], self.buses[1:], strict=True):
                await clients[0].execute("CLUSTER", "MEET", "127.0.0.1", node.port, bus)
            until = time.monotonic() + FORMING
            while not all([await _knows_all(client) for client in clients]):
                assert time.monotonic() < until, "the cluster did not form"
                await asyncio.sleep(0.02)

    def close(self) -> None:
        for node in self.nodes:
            node.close()


async def _knows_all(client: RedisClient) -> bool:
    info = await client.execute("CLUSTER", "INFO")
    assert isinstance(info, bytes)
    return b"cluster_state:ok" in info and b"cluster_known_nodes:3" in info and b"cluster_slots_ok:16384" in info


async def move_slot(cluster: RedisClusterProcesses, slot: int, source: int, target: int) -> AsyncIterator[None]:
    """Yield while a slot is on its way between two nodes, its keys moved already; afterwards it has moved."""
    async with contextlib.AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(connected(node.unix_url)) for node in cluster.nodes]
        ids = [str(await client.execute("CLUSTER", "MYID"), "ascii") for client in clients]  # type: ignore[call-overload]  # bytes
        await clients[target].execute("CLUSTER", "SETSLOT", slot, "IMPORTING", ids[source])
        await clients[source].execute("CLUSTER", "SETSLOT", slot, "MIGRATING", ids[target])
        keys = await clients[source].execute("CLUSTER", "GETKEYSINSLOT", slot, 1000)
        for key in keys if isinstance(keys, list) else []:
            port = cluster.nodes[target].port
            await clients[source].execute("MIGRATE", "127.0.0.1", port, key, 0, 5000)
        yield
        for index in (target, source, *(other for other in range(3) if other not in (target, source))):
            await clients[index].execute("CLUSTER", "SETSLOT", slot, "NODE", ids[target])


__all__ = ["RedisClusterProcesses", "a_client", "move_slot"]
