"""Putting messages where others consume them."""

from abc import ABC, abstractmethod

from gpcore.domain.wire_message import Lane, WireMessage


class Publisher(ABC):
    """Publishes with confirmation.

    Guarantees:
        - When a method returns, the broker has taken responsibility for the message.
        - When it raises, the message may or may not have been taken: publishing again can only
          duplicate, never lose.
        - No ``x-`` header is ever sent.
    """

    __slots__ = ()

    @abstractmethod
    async def publish(self, message: WireMessage, *, routing_key: str) -> None:
        """Publish to the events exchange, as an ingestor does.

        Raises:
            PortRejectedError: No queue is bound for the routing key, or the queue is full.
            PortUnavailableError: The broker cannot be reached or did not confirm in time.
        """

    @abstractmethod
    async def retry(self, message: WireMessage, *, lane: Lane, delay: float) -> None:
        """Publish to the delay queue with the smallest delay of at least ``delay`` seconds.

        A ``delay`` beyond the longest queue takes the longest.

        Raises:
            PortRejectedError: The delay queue is missing or full.
            PortUnavailableError: The broker cannot be reached or did not confirm in time.
        """

    @abstractmethod
    async def dead_letter(self, message: WireMessage, *, lane: Lane) -> None:
        """Publish to the lane's dead-letter queue.

        Raises:
            PortRejectedError: The dead-letter queue is missing or full.
            PortUnavailableError: The broker cannot be reached or did not confirm in time.
        """
