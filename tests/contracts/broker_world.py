"""A broker with everything around it, as the contracts of its ports see it."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.ports.dead_letters import DeadLetters
from gpcore.ports.delivery import Delivery, DeliverySource
from gpcore.ports.publisher import Publisher
from gpcore.ports.topology import Topology

KEYS = {Lane.INTERACTIONS: "interaction.command.ping", Lane.EVENTS: "member.join"}
"""A routing key for each lane."""


class BrokerWorld(ABC):
    """Makes adapters for one broker and plays its misfortunes."""

    @abstractmethod
    def source(self, lane: Lane, *, prefetch: int = 10) -> DeliverySource:
        """Make a source; the world closes it in the end."""

    @abstractmethod
    def publisher(self) -> Publisher:
        """Make a publisher; the world closes it in the end."""

    @abstractmethod
    def topology(self) -> Topology:
        """Make a topology."""

    @abstractmethod
    def dead_letters(self) -> DeadLetters:
        """Make dead letters; the world closes what they use."""

    @abstractmethod
    async def waiting(self, queue: str) -> int:
        """Count what waits in a queue, named without the prefix."""

    @abstractmethod
    async def take(self, queue: str) -> WireMessage | None:
        """Take the next message out of a queue, named without the prefix."""

    @abstractmethod
    async def declare_differently(self, queue: str) -> None:
        """Declare a queue, named without the prefix, with other arguments than gp would."""

    @abstractmethod
    async def delete(self, queue: str) -> None:
        """Delete a queue, named without the prefix."""

    @abstractmethod
    async def pass_time(self, seconds: float) -> None:
        """Let that much of the broker's time pass."""

    @abstractmethod
    def lose_connections(self) -> None:
        """Cut every connection of this world's adapters; they may connect again at once."""

    @abstractmethod
    def go_down(self) -> None:
        """Make the broker unreachable."""

    @abstractmethod
    def come_back(self) -> None:
        """Make the broker reachable again."""


class Inbox:
    """Receives deliveries and keeps them."""

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []

    def __call__(self, delivery: Delivery) -> None:
        self.deliveries.append(delivery)

    def __len__(self) -> int:
        return len(self.deliveries)

    @property
    def bodies(self) -> Sequence[bytes]:
        return [delivery.message.body for delivery in self.deliveries]


AN_ID = "11111111-2222-4333-8444-555555555555"


def a_message(body: bytes = b"{}", *, message_id: str = AN_ID, priority: int = 0) -> WireMessage:
    """Return a message as an ingestor would publish it."""
    return WireMessage(body=body, message_id=message_id, priority=priority, headers={"shardId": 3})
