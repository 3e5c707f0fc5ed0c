"""One connection that publishes, with its two channels."""

import asyncio
from typing import Final

from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange

from gpadapters.rabbitmq.connection import close_quietly, open_channel, open_connection
from gpadapters.rabbitmq.settings import RabbitSettings

DEFAULT_EXCHANGE: Final = ""


class PublishingLink:
    """Channels are opened when first used; one for the default exchange, one for named exchanges.

    Publishing to a missing exchange closes its channel and fails whatever else is under way on it.
    The default exchange always exists, so retries and dead letters do not suffer from that.
    """

    def __init__(self, connection: AbstractConnection, settings: RabbitSettings) -> None:
        self._connection = connection
        self._settings = settings
        self._channels: dict[bool, AbstractChannel] = {}
        self._opening = asyncio.Lock()

    @classmethod
    async def open(cls, settings: RabbitSettings) -> "PublishingLink":
        """Connect.

        Raises:
            PortUnavailableError: The broker cannot be reached or refuses.
        """
        return cls(await open_connection(settings, name="gp publisher"), settings)

    @property
    def usable(self) -> bool:
        """Whether the connection is not known to be gone."""
        return not self._connection.is_closed

    async def exchange(self, name: str) -> AbstractExchange:
        """Return an exchange on an open channel; asks nothing of the broker about it.

        Raises:
            PortUnavailableError: The connection is gone or the broker does not answer.
        """
        channel = await self._channel(named=name != DEFAULT_EXCHANGE)
        return channel.default_exchange if name == DEFAULT_EXCHANGE else await channel.get_exchange(name, ensure=False)

    async def close(self) -> None:
        """Close the connection, if it still answers."""
        await close_quietly(self._connection)

    async def _channel(self, *, named: bool) -> AbstractChannel:
        async with self._opening:
            channel = self._channels.get(named)
            if channel is None or channel.is_closed:
                channel = self._channels[named] = await open_channel(self._connection, self._settings)
            return channel
