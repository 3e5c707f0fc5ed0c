"""One message from the broker."""

from collections.abc import Awaitable, Callable
from typing import Final

from aiormq.abc import DeliveredMessage
from typing_extensions import override

from gpadapters.rabbitmq.errors import ask
from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.errors import PortError, PortTimeoutError
from gpcore.ports.delivery import Delivery

_HIGHEST_PRIORITY: Final = 10


class RabbitDelivery(Delivery):
    """A delivery on the channel that it came from; never settled on any other."""

    __slots__ = ("_lane", "_message", "_on_settled", "_on_stuck", "_raw", "_settled", "_timeout")

    def __init__(
        self,
        raw: DeliveredMessage,
        *,
        lane: Lane,
        timeout: float,
        on_settled: Callable[[], None],
        on_stuck: Callable[[], None],
    ) -> None:
        self._raw = raw
        self._lane = lane
        self._message = to_wire_message(raw)
        self._timeout = timeout
        self._on_settled = on_settled
        self._on_stuck = on_stuck
        self._settled = False

    @property
    @override
    def lane(self) -> Lane:
        return self._lane

    @property
    @override
    def message(self) -> WireMessage:
        return self._message

    @property
    @override
    def redelivered(self) -> bool:
        return bool(self._raw.redelivered)

    @property
    @override
    def broker_deliveries(self) -> int:
        count = self._message.headers.get("x-delivery-count")
        return count if isinstance(count, int) and not isinstance(count, bool) and count > 0 else 0

    @override
    async def ack(self) -> bool:
        return await self._settle(self._raw.channel.basic_ack)

    @override
    async def give_back(self) -> bool:
        return await self._settle(self._raw.channel.basic_nack)

    async def _settle(self, send: Callable[[int], Awaitable[None]]) -> bool:
        if self._settled or self._raw.delivery_tag is None:
            return False
        self._settled = True
        try:
            await ask(send(self._raw.delivery_tag), timeout=self._timeout, doing="settle", finish=True)
        except PortTimeoutError:
            # It may still leave later. Only giving the channel up makes sure that it will not.
            self._on_stuck()
            return False
        except PortError:
            return False
        else:
            return True
        finally:
            self._on_settled()


def to_wire_message(raw: DeliveredMessage) -> WireMessage:
    """Take over the properties that gp reads; none of them is trusted to have a sane value."""
    properties = raw.header.properties
    return WireMessage(
        body=raw.body,
        headers=dict(properties.headers or {}),
        message_id=properties.message_id or None,
        content_type=properties.content_type or None,
        content_encoding=properties.content_encoding or None,
        priority=min(properties.priority or 0, _HIGHEST_PRIORITY),
    )
