"""The way to the server: one connection, or one for each node of a cluster."""

from collections.abc import Awaitable
from typing import Protocol

from gpadapters.redis.cluster import ClusterLink
from gpadapters.redis.connecting import Argument, NodeAddress, connection_to, is_cluster, seeds_of
from gpadapters.redis.multiplexed import MultiplexedConnection
from gpadapters.redis.settings import RedisSettings


class Link(Protocol):
    """Carries commands."""

    def send(self, command: tuple[Argument, ...], key: str | None = None) -> Awaitable[object]:
        """Send one command to where its key is; the reply is awaited. See ``MultiplexedConnection.send``."""

    async def close(self) -> None:
        """Fail the calls that wait and close the connections; later calls fail."""


def link_to(settings: RedisSettings, *, timeout: float) -> tuple[Link, str]:
    """Return the link that the URL asks for, and where it leads, without credentials.

    Raises:
        ConfigurationError: The URL cannot be used; the text never contains it.
    """

    def connection(node: NodeAddress | None = None) -> tuple[MultiplexedConnection, str]:
        wire, address = connection_to(settings, node)
        made = MultiplexedConnection(
            wire,
            timeout=timeout,
            connect_timeout=settings.connect_timeout,
            stall_timeout=max(timeout, settings.stall_timeout),
        )
        return made, address

    if not is_cluster(settings):
        return connection()
    seeds = seeds_of(settings)
    # What is wrong with the rest of the URL shows now, not with the first call.
    connection(seeds[0])
    named = ",".join(f"{host}:{port}" for host, port in seeds)
    return ClusterLink(seeds, lambda node: connection(node)[0], timeout=timeout), f"the cluster of {named}"
