"""One message handed out by the broker, and where deliveries come from."""

from abc import ABC, abstractmethod
from collections.abc import Callable

from gpcore.domain.wire_message import Lane, WireMessage


class Delivery(ABC):
    """A message that the broker wants settled exactly once.

    Guarantees:
        - ``ack`` and ``give_back`` never raise. ``True`` means handed to the connection: AMQP
          confirms no settlement, so a delivery may come again all the same. ``False`` means that
          the broker was not told (the channel is gone), so it will deliver the message again.
        - Only the first settlement is sent; a later one returns ``False`` and does nothing.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def lane(self) -> Lane:
        """The lane whose queue it came from."""

    @property
    @abstractmethod
    def message(self) -> WireMessage:
        """The body and its properties."""

    @property
    @abstractmethod
    def redelivered(self) -> bool:
        """Whether the broker has handed it out before."""

    @property
    @abstractmethod
    def broker_deliveries(self) -> int:
        """How often the broker says it was returned (``x-delivery-count``); 0 if it does not count."""

    @abstractmethod
    async def ack(self) -> bool:
        """Tell the broker that it is done with."""

    @abstractmethod
    async def give_back(self) -> bool:
        """Return it to its queue at once (``basic.nack`` with requeue)."""


Receive = Callable[[Delivery], None]
"""Takes a delivery over; must only enqueue and return, never raise."""


class DeliverySource(ABC):
    """Feeds one lane from the broker, across broken connections.

    Guarantees:
        - At most ``prefetch`` deliveries are unsettled at any time.
        - After a connection is lost it keeps trying, with jittered back-off, until ``close``.
        - After ``stop`` returned no delivery is handed out; one that races it is given back.

    No guarantee:
        - A delivery may be handed out again while its first copy is still being worked on.
    """

    __slots__ = ()

    @abstractmethod
    async def start(self, receive: Receive) -> None:
        """Begin to connect and consume in the background; returns at once.

        Raises:
            ConfigurationError: The topology contradicts the declaration and waiting cannot help.
        """

    @abstractmethod
    def state(self) -> str:
        """Return ``consuming``, ``connecting``, ``missing_topology``, ``refused`` or ``stopped``."""

    @abstractmethod
    def ready(self) -> int | None:
        """Return how many messages wait in the queue, as last known; ``None`` if nobody has asked yet."""

    @abstractmethod
    async def failed(self) -> None:
        """Wait until consuming has become impossible.

        Raises:
            ConfigurationError: The reason; it never returns normally before ``close``.
        """

    @abstractmethod
    async def stop(self) -> None:
        """Stop to consume; deliveries already handed out can still be settled."""

    @abstractmethod
    async def close(self) -> None:
        """Close the channel and connection; the broker requeues whatever is unsettled."""
