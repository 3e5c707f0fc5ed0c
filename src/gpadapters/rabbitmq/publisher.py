"""Publishes with confirmation, over a connection of its own.

The broker stops reading from connections that publish when it runs out of memory or disk;
consumers on a connection of their own go on settling.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

from aio_pika import DeliveryMode, Message
from aio_pika.abc import HeadersType
from typing_extensions import override

from gpadapters.rabbitmq.errors import ask
from gpadapters.rabbitmq.message_ids import OneAtATime
from gpadapters.rabbitmq.names import Names
from gpadapters.rabbitmq.publishing_link import DEFAULT_EXCHANGE, PublishingLink
from gpadapters.rabbitmq.settings import RabbitSettings
from gpcore.domain.headers import without_broker_headers
from gpcore.domain.retrying import SPREAD, rung_for
from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.errors import PortRejectedError, PortUnavailableError
from gpcore.ports.publisher import Publisher


class RabbitPublisher(Publisher):
    """Connects when it first publishes, and again when a publish finds the connection gone.

    A retry waits as long as asked, but never less than four fifths of its queue's delay: a queue
    expires messages in order only, so waits within one queue must be alike.
    """

    def __init__(self, settings: RabbitSettings, names: Names, *, now: Callable[[], float] = time.time) -> None:
        """Prepare; nothing is sent before the first publish.

        Args:
            settings: Address and time-outs.
            names: Names below the prefix.
            now: Returns Unix seconds, for the AMQP ``timestamp`` property.
        """
        self._settings = settings
        self._names = names
        self._now = now
        self._ids = OneAtATime()
        self._link: PublishingLink | None = None
        self._opening: asyncio.Task[PublishingLink] | None = None
        self._closings: set[asyncio.Task[None]] = set()
        self._closed = False

    @override
    async def publish(self, message: WireMessage, *, routing_key: str) -> None:
        await self._send(message, exchange=self._names.events_exchange, routing_key=routing_key)

    @override
    async def retry(self, message: WireMessage, *, lane: Lane, delay: float) -> None:
        rung = rung_for(delay, delays=self._names.delays(lane))
        wait = min(max(delay, (1 - SPREAD) * rung), rung)
        await self._send(message, routing_key=self._names.retry_queue(lane, rung), expiration=wait)

    @override
    async def dead_letter(self, message: WireMessage, *, lane: Lane) -> None:
        await self._send(message, routing_key=self._names.dead_letter_queue(lane))

    async def put_into(self, message: WireMessage, *, queue: str) -> None:
        """Publish to one queue alone, whatever else is bound for its routing keys.

        Raises:
            PortRejectedError: The queue is missing or full.
            PortUnavailableError: The broker cannot be reached or did not confirm in time.
        """
        await self._send(message, routing_key=queue)

    async def close(self) -> None:
        """Close the connection; a publish under way fails, later ones fail at once."""
        self._closed = True
        if self._opening is not None:
            self._opening.cancel()
            await asyncio.wait((self._opening,))
        if self._link is not None:
            self._drop(self._link)
        if self._closings:
            await asyncio.wait(self._closings)

    async def _send(
        self,
        message: WireMessage,
        *,
        routing_key: str,
        exchange: str = DEFAULT_EXCHANGE,
        expiration: float | None = None,
    ) -> None:
        async with self._ids.alone(message.message_id):
            link = await self._connected()
            doing = f"publish to {exchange or routing_key}"
            try:
                target = await link.exchange(exchange)
                question = target.publish(self._encoded(message, expiration), routing_key, mandatory=True)
                await ask(question, timeout=self._settings.confirm_timeout, doing=doing)
            except PortUnavailableError:
                self._drop(link)
                raise
            except (TypeError, ValueError) as error:
                raise PortRejectedError(f"{doing}: it cannot be encoded ({type(error).__name__})") from None

    def _encoded(self, message: WireMessage, expiration: float | None) -> Message:
        return Message(
            message.body,
            headers=cast("HeadersType", without_broker_headers(message.headers)),
            content_type=message.content_type,
            content_encoding=message.content_encoding,
            delivery_mode=DeliveryMode.PERSISTENT,
            priority=message.priority,
            expiration=expiration,
            message_id=message.message_id,
            timestamp=datetime.fromtimestamp(self._now(), UTC),
        )

    async def _connected(self) -> PublishingLink:
        """Return the open link, or open one; whoever comes meanwhile waits for the same one."""
        if self._closed:
            raise PortUnavailableError("publish: the publisher is closed")
        if self._link is not None and self._link.usable:
            return self._link
        if self._opening is None:
            self._opening = asyncio.create_task(self._open())
        timeout = 2 * self._settings.connect_timeout
        return await ask(self._opening, timeout=timeout, doing="connect", finish=True)

    async def _open(self) -> PublishingLink:
        try:
            self._link = await PublishingLink.open(self._settings)
        finally:
            self._opening = None
        return self._link

    def _drop(self, link: PublishingLink) -> None:
        if self._link is link:
            self._link = None
            closing = asyncio.create_task(link.close())
            self._closings.add(closing)
            closing.add_done_callback(self._closings.discard)
