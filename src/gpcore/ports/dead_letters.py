"""Looking into the dead-letter queues, and putting back what is to be processed again."""

from abc import ABC, abstractmethod
from contextlib import AbstractAsyncContextManager

from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.ports.delivery import Delivery


class DeadLetterShelf(ABC):
    """One dead-letter queue, opened to be looked through from the front.

    Guarantees:
        - ``take`` hands each message out once; none that was taken is lost before it is acknowledged.
        - Whatever was taken and not settled is back in its place, in order, once the shelf is closed
          or its process has died.

    No guarantee:
        - Nobody else sees what this shelf holds meanwhile: a second one finds fewer messages.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def depth(self) -> int:
        """How many messages waited when the shelf was opened; take at most so many."""

    @abstractmethod
    async def take(self) -> Delivery | None:
        """Take the next message, or ``None`` if there is none.

        Raises:
            PortUnavailableError: The broker cannot be reached; everything taken goes back by itself.
        """


class DeadLetters(ABC):
    """Opens dead-letter queues, and returns messages to the queue that their lane consumes.

    Guarantees:
        - When ``resubmit`` returns, the broker has taken responsibility for the message.
        - When it raises, the message may or may not have been taken: keep the dead letter.
        - ``resubmit`` reaches the lane's own queue and no other; no ``x-`` header is sent.
    """

    __slots__ = ()

    @abstractmethod
    def open(self, lane: Lane) -> AbstractAsyncContextManager[DeadLetterShelf]:
        """Open the lane's dead-letter queue; leaving the context closes it.

        Raises:
            PortRejectedError: There is no such queue.
            PortUnavailableError: The broker cannot be reached.
        """

    @abstractmethod
    async def resubmit(self, message: WireMessage, *, lane: Lane) -> None:
        """Publish to the queue that the lane consumes.

        Raises:
            PortRejectedError: The queue is missing or full.
            PortUnavailableError: The broker cannot be reached or did not confirm in time.
        """
