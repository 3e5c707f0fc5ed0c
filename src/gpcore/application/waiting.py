"""How long interactions wait for their first answer, over all that a worker holds.

The broker does not tell how old what it holds is; those that arrive do. A fleet that is too small
shows here first: prefetch fills up, and what is let in then is old already.
"""

from collections import deque
from typing import Final

from gpcore.domain.ids import created_at_ms
from gpcore.domain.messages import Callback
from gpcore.domain.secrets import Secret
from gpcore.errors import AlreadyAcknowledgedError
from gpcore.ports.clock import Clock
from gpcore.ports.first_responder import FirstResponder

_REMEMBERED: Final = 15
"""Looks. With one a second, no usual interval between two scrapes misses a peak."""

_MS: Final = 1000


class Waiting:
    """The interactions of this worker that have no first answer yet."""

    def __init__(self) -> None:
        self._created: Final[dict[str, int]] = {}
        self._longest_ms = 0
        self._looks: Final[deque[int]] = deque(maxlen=_REMEMBERED)

    def arrived(self, interaction_id: str) -> None:
        """Begin to wait."""
        self._created[interaction_id] = created_at_ms(interaction_id)

    def gone(self, interaction_id: str, now_ms: int) -> None:
        """Wait no longer; harmless for one that does not."""
        created = self._created.pop(interaction_id, None)
        if created is not None:
            self._longest_ms = max(self._longest_ms, now_ms - created)

    def look(self, now_ms: int) -> float:
        """Return the greatest age in seconds over this look and those before it that are remembered."""
        oldest = min(self._created.values(), default=now_ms)
        self._looks.append(max(self._longest_ms, now_ms - oldest))
        self._longest_ms = 0
        return max(self._looks) / _MS


class NoticingResponder(FirstResponder):
    """Sends first answers through another responder and takes those that are answered off the list."""

    def __init__(self, responder: FirstResponder, waiting: Waiting, clock: Clock) -> None:
        self._responder: Final = responder
        self._waiting: Final = waiting
        self._clock: Final = clock

    async def respond(self, interaction_id: str, token: Secret, callback: Callback, *, timeout: float) -> None:
        """Answer, and notice it."""
        try:
            await self._responder.respond(interaction_id, token, callback, timeout=timeout)
        except AlreadyAcknowledgedError:
            self._gone(interaction_id)
            raise
        self._gone(interaction_id)

    def _gone(self, interaction_id: str) -> None:
        self._waiting.gone(interaction_id, self._clock.now_us() // _MS)
