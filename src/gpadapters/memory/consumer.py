"""A consumer of the in-memory broker, for as long as its connection lives."""

import asyncio
from collections.abc import Callable, Sequence

from gpadapters.memory.broker_queue import StoredMessage


class Consumer:
    """Holds what it was handed and has not settled."""

    def __init__(self, queue: str, *, prefetch: int, hand_over: Callable[["Consumer", StoredMessage], None]) -> None:
        """Prepare; the broker attaches it.

        Args:
            queue: What it consumes.
            prefetch: Most unsettled messages.
            hand_over: Called with each message; must not raise.
        """
        self.queue = queue
        self.lost = asyncio.Event()
        self.consuming = True
        self._prefetch = prefetch
        self._hand_over = hand_over
        self._held: list[StoredMessage] = []

    @property
    def has_room(self) -> bool:
        """Whether it may be handed another message."""
        return self.consuming and len(self._held) < self._prefetch

    def take(self, stored: StoredMessage) -> None:
        """Hold a message and hand it over."""
        stored.handed_out += 1
        self._held.append(stored)
        self._hand_over(self, stored)

    def release(self, stored: StoredMessage) -> bool:
        """Stop to hold a message; ``False`` if the connection is gone, and the message with it."""
        if self.lost.is_set():
            return False
        self._held.remove(stored)
        return True

    def lose(self) -> Sequence[StoredMessage]:
        """Lose the connection and return what was held."""
        self.consuming = False
        self.lost.set()
        held, self._held = self._held, []
        return held
