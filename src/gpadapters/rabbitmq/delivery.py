"""One message from the broker."""

from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from pamqp.commands import Basic
from typing_extensions import override

from gpadapters.rabbitmq.incoming import Incoming
from gpcore.domain.wire_message import NO_HEADERS, Lane, WireMessage
from gpcore.ports.delivery import Delivery

_HIGHEST_PRIORITY: Final = 10


class Settle(Protocol):
    """Tells the broker about a delivery."""

    def __call__(self, tag: int, *, done: bool) -> Awaitable[bool]:
        """Acknowledge it or give it back; returns whether the broker was told."""


class RabbitDelivery(Delivery):
    """A delivery on the channel that it came from; never settled on any other."""

    __slots__ = ("_lane", "_message", "_on_settled", "_redelivered", "_settle", "_settled", "_tag")

    def __init__(self, incoming: Incoming, *, lane: Lane, settle: Settle, on_settled: Callable[[], None]) -> None:
        self._lane = lane
        self._tag = incoming.tag
        self._redelivered = incoming.redelivered
        self._message = to_wire_message(incoming.properties, incoming.body)
        self._settle = settle
        self._on_settled = on_settled
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
        return self._redelivered

    @property
    @override
    def broker_deliveries(self) -> int:
        count = self._message.headers.get("x-delivery-count")
        return count if isinstance(count, int) and not isinstance(count, bool) and count > 0 else 0

    @override
    async def ack(self) -> bool:
        return await self._once(done=True)

    @override
    async def give_back(self) -> bool:
        return await self._once(done=False)

    async def _once(self, *, done: bool) -> bool:
        if self._settled:
            return False
        self._settled = True
        try:
            return await self._settle(self._tag, done=done)
        finally:
            self._on_settled()


def to_wire_message(properties: Basic.Properties, body: bytes) -> WireMessage:
    """Take over the properties that gp reads; none of them is trusted to have a sane value."""
    return WireMessage(
        body=body,
        headers=properties.headers or NO_HEADERS,
        message_id=properties.message_id or None,
        content_type=properties.content_type or None,
        content_encoding=properties.content_encoding or None,
        priority=min(properties.priority or 0, _HIGHEST_PRIORITY),
    )
