"""One connection that publishes, with its two channels."""

import asyncio
from typing import Final

from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange

from gpadapters.rabbitmq.connection import close_quietly, is_open, open_channel, open_connection, wire
from gpadapters.rabbitmq.errors import ask
from gpadapters.rabbitmq.settings import RabbitSettings

DEFAULT_EXCHANGE: Final = ""


class PublishingLink:
    """Channels are opened when first used, one for each exchange.

    Publishing to an exchange that is not there closes the channel; publishes that are already on
    their way then find none, for which the broker closes the whole connection, and retries and
    dead letters with it. So a named exchange is looked for when its channel is opened.
    """

    def __init__(self, connection: AbstractConnection, settings: RabbitSettings) -> None:
        self._connection = connection
        self._settings = settings
        self._channels: dict[str, AbstractChannel] = {}
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
        return is_open(self._connection)

    async def exchange(self, name: str) -> AbstractExchange:
        """Return an exchange on an open channel.

        Raises:
            PortRejectedError: There is no exchange of this name.
            PortUnavailableError: The connection is gone or the broker does not answer.
        """
        async with self._opening:
            channel = self._channels.get(name)
            if channel is None or channel.is_closed:
                channel = self._channels[name] = await self._open_channel(name)
        return channel.default_exchange if name == DEFAULT_EXCHANGE else await channel.get_exchange(name, ensure=False)

    async def close(self) -> None:
        """Close the connection, if it still answers."""
        await close_quietly(self._connection)

    async def _open_channel(self, exchange: str) -> AbstractChannel:
        channel = await open_channel(self._connection, self._settings)
        if exchange != DEFAULT_EXCHANGE:
            question = (await wire(channel)).exchange_declare(exchange, passive=True)
            await ask(question, timeout=self._settings.call_timeout, doing=f"look for {exchange}")
        return channel
