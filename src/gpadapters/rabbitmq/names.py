"""The names below a prefix."""

from collections.abc import Sequence
from dataclasses import dataclass

from gpcore.domain.ladders import DEFAULT_LADDERS, Ladders
from gpcore.domain.retrying import rung_name
from gpcore.domain.wire_message import Lane


@dataclass(frozen=True, slots=True)
class Names:
    """Names of exchanges and queues.

    Attributes:
        prefix: ``gp`` unless several systems share a virtual host.
        ladders: The delays, after which the delay queues are named.
    """

    prefix: str = "gp"
    ladders: Ladders = DEFAULT_LADDERS

    @property
    def events_exchange(self) -> str:
        """Where ingestors publish."""
        return f"{self.prefix}.events"

    @property
    def dead_letter_exchange(self) -> str:
        """Where the broker sends what it gives up."""
        return f"{self.prefix}.dlx"

    def queue(self, lane: Lane) -> str:
        """Return the queue that the lane consumes."""
        return f"{self.prefix}.interactions" if lane is Lane.INTERACTIONS else f"{self.prefix}.events.guild"

    def retry_queue(self, lane: Lane, rung: int) -> str:
        """Return the delay queue of ``rung`` seconds."""
        stem = f"{self.prefix}.interactions.retry" if lane is Lane.INTERACTIONS else f"{self.prefix}.retry"
        return f"{stem}.{rung_name(rung)}"

    def delays(self, lane: Lane) -> Sequence[int]:
        """Return the lane's rungs in seconds, ascending."""
        return self.ladders.of(lane)

    def dead_letter_queue(self, lane: Lane) -> str:
        """Return the lane's dead-letter queue."""
        return f"{self.prefix}.interactions.dlq" if lane is Lane.INTERACTIONS else f"{self.prefix}.dlq"


def dead_letter_key(lane: Lane) -> str:
    """Return the routing key with which the broker dead-letters from the lane's queue."""
    return "interactions.dead" if lane is Lane.INTERACTIONS else "dead"
