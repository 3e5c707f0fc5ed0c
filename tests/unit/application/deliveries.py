"""Deliveries, sources and publishers that remember what was done with them."""

import asyncio

from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.ports.delivery import Delivery, DeliverySource, Receive
from gpcore.ports.publisher import Publisher


class RecordedDelivery(Delivery):
    """Remembers every settlement that was asked for.

    Attributes:
        settled: ``ack`` and ``give_back``, in the order of the calls.
        journal: The same, beside what others write into it.
    """

    def __init__(
        self,
        message: WireMessage,
        *,
        lane: Lane,
        redelivered: bool = False,
        broker_deliveries: int = 0,
        told: bool = True,
        journal: list[str] | None = None,
    ) -> None:
        self.settled: list[str] = []
        self._message = message
        self._lane = lane
        self._redelivered = redelivered
        self._broker_deliveries = broker_deliveries
        self._told = told
        self._journal = journal if journal is not None else []

    @property
    def lane(self) -> Lane:
        return self._lane

    @property
    def message(self) -> WireMessage:
        return self._message

    @property
    def redelivered(self) -> bool:
        return self._redelivered

    @property
    def broker_deliveries(self) -> int:
        return self._broker_deliveries

    async def ack(self) -> bool:
        return self._settle("ack")

    async def give_back(self) -> bool:
        return self._settle("give_back")

    def _settle(self, how: str) -> bool:
        self.settled.append(how)
        self._journal.append(how)
        return self._told and len(self.settled) == 1


class HandFedSource(DeliverySource):
    """Delivers what a test pushes.

    Attributes:
        refusal: What ``failed`` raises once ``refuse`` was called.
    """

    def __init__(self, journal: list[str] | None = None) -> None:
        self.journal = journal if journal is not None else []
        self.consuming = "connecting"
        self._receive: Receive | None = None
        self.waiting: int | None = None
        self._over = asyncio.Event()
        self._refusal: Exception | None = None

    def push(self, delivery: Delivery) -> None:
        assert self._receive is not None, "the source was not started"
        self._receive(delivery)

    def refuse(self, error: Exception | None) -> None:
        """Let ``failed`` end, with an error unless it is ``None``."""
        self._refusal = error
        self._over.set()

    async def start(self, receive: Receive) -> None:
        self._receive = receive
        self.consuming = "consuming"

    def state(self) -> str:
        return self.consuming

    def ready(self) -> int | None:
        return self.waiting

    async def failed(self) -> None:
        await self._over.wait()
        if self._refusal is not None:
            raise self._refusal

    async def stop(self) -> None:
        self.consuming = "stopped"
        self.journal.append("stop")

    async def close(self) -> None:
        self.journal.append("close")


class RecordedPublisher(Publisher):
    """Keeps what was published, or fails.

    Attributes:
        published: Kind (``publish``, ``retry``, ``dead_letter``), message and delay.
        failure: Raised by the next calls while it is set.
    """

    def __init__(self, journal: list[str] | None = None) -> None:
        self.published: list[tuple[str, WireMessage, float]] = []
        self.failure: Exception | None = None
        self._journal = journal if journal is not None else []

    async def publish(self, message: WireMessage, *, routing_key: str) -> None:
        self._keep("publish", message, 0.0)

    async def retry(self, message: WireMessage, *, lane: Lane, delay: float) -> None:
        self._keep("retry", message, delay)

    async def dead_letter(self, message: WireMessage, *, lane: Lane) -> None:
        self._keep("dead_letter", message, 0.0)

    def _keep(self, kind: str, message: WireMessage, delay: float) -> None:
        if self.failure is not None:
            self._journal.append(f"{kind}_failed")
            raise self.failure
        self._journal.append(kind)
        self.published.append((kind, message, delay))
