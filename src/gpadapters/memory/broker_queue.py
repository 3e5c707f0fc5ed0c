"""A queue of the in-memory broker."""

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, replace

from gpadapters.memory.broker_layout import QueueLayout
from gpcore.domain.wire_message import WireMessage

_ROUNDING = 1e-9
"""Seconds by which sums of floats may be off."""


@dataclass(slots=True, eq=False)
class StoredMessage:
    """A message in a queue or in a consumer's hands.

    Attributes:
        message: As published.
        sequence: Its place in time; kept when it is returned.
        expires_at: On the clock's monotonic time; ``None`` never expires.
        handed_out: How often a consumer has had it.
        returned: How often it came back.
    """

    message: WireMessage
    sequence: int
    expires_at: float | None
    handed_out: int = 0
    returned: int = 0

    def expired(self, now: float) -> bool:
        """Tell whether its time in the queue is over."""
        return self.expires_at is not None and self.expires_at <= now + _ROUNDING


class BrokerQueue:
    """Messages in the order in which they are handed out."""

    def __init__(self, layout: QueueLayout) -> None:
        self.layout = layout
        self._ready: list[StoredMessage] = []

    @property
    def head(self) -> StoredMessage | None:
        """The next message; only here does a message expire."""
        return self._ready[0] if self._ready else None

    @property
    def refuses(self) -> bool:
        """Whether it is full and does not make room by itself."""
        return not self.layout.drop_head and len(self._ready) >= self.layout.max_length

    def gives_up(self, stored: StoredMessage) -> bool:
        """Tell whether a message was returned too often."""
        return self.layout.return_limit is not None and stored.returned > self.layout.return_limit

    def put(self, stored: StoredMessage) -> None:
        """Put a message in its place; a returned one goes back to where it was."""
        insort(self._ready, stored, key=self._rank)
        if len(self._ready) > self.layout.max_length and self.layout.drop_head:
            self._ready.remove(min(self._ready, key=lambda waiting: waiting.sequence))

    def pop(self) -> StoredMessage:
        """Take the next message; there must be one."""
        return self._ready.pop(0)

    def messages(self) -> Sequence[WireMessage]:
        """Return what waits, in order."""
        return [stored.message for stored in self._ready]

    def _rank(self, stored: StoredMessage) -> tuple[int, int]:
        return (-stored.message.priority if self.layout.priorities else 0, stored.sequence)


def with_death(stored: StoredMessage, queue: str, reason: str) -> WireMessage:
    """Return the message as the broker dead-letters it: with its own headers about why."""
    death = {"queue": queue, "reason": reason, "count": 1}
    return replace(stored.message, headers={**stored.message.headers, "x-death": [death]})
