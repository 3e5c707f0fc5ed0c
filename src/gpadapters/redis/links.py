"""The way to the server: one connection, or one for each node of a cluster."""

from typing import Final, Protocol

from gpadapters.redis.cluster import ClusterLink
from gpadapters.redis.connecting import Argument, NodeAddress, connection_to, is_cluster, seeds_of
from gpadapters.redis.multiplexed import MultiplexedConnection
from gpadapters.redis.settings import RedisSettings


class Link(Protocol):
    """Carries commands."""

    async def send(self, command: tuple[Argument, ...], key: str | None = None) -> object:
        """Send one command to where its key is, and return its reply; see ``MultiplexedConnection.send``."""

    async def close(self) -> None:
        """Fail the calls that wait and close the connections; later calls fail."""


class SingleLink:
    """One server."""

    def __init__(self, connection: MultiplexedConnection) -> None:
        self._connection: Final = connection

    async def send(self, command: tuple[Argument, ...], key: str | None = None) -> object:  # noqa: ARG002 - a Link's
        """Send one command; all keys are on this server."""
        return await self._connection.send(command)

    async def close(self) -> None:
        """Fail the calls that wait and close the connection."""
        await self._connection.close()


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
        made, address = connection()
        return SingleLink(made), address
    seeds = seeds_of(settings)
    # What is wrong with the rest of the URL shows now, not with the first call.
    connection(seeds[0])
    named = ",".join(f"{host}:{port}" for host, port in seeds)
    return ClusterLink(seeds, lambda node: connection(node)[0]), f"the cluster of {named}"
