"""Ports that take their time, and lose what they were asked to lose."""

from collections.abc import Sequence
from dataclasses import dataclass

from gpcore.domain.messages import Callback
from gpcore.domain.secrets import Secret
from gpcore.errors import PortTimeoutError
from gpcore.ports.clock import Clock
from gpcore.ports.first_responder import FirstResponder


@dataclass(frozen=True, slots=True)
class Pace:
    """How long one call takes.

    Attributes:
        there: Seconds until Discord has the request.
        back: Seconds until the caller has the answer.
    """

    there: float = 0.0
    back: float = 0.0


class PacedResponder(FirstResponder):
    """Passes calls on with a latency for each, and gives up at the caller's ``timeout``."""

    def __init__(self, inner: FirstResponder, clock: Clock, paces: Sequence[Pace]) -> None:
        self._inner = inner
        self._clock = clock
        self._paces = list(paces)
        self.timeouts: list[float] = []

    async def respond(self, interaction_id: str, token: Secret, callback: Callback, *, timeout: float) -> None:
        self.timeouts.append(timeout)
        pace = self._paces.pop(0) if self._paces else Pace()
        try:
            async with self._clock.deadline(timeout):
                await self._clock.sleep(pace.there)
                await self._inner.respond(interaction_id, token, callback, timeout=timeout)
                await self._clock.sleep(pace.back)
        except TimeoutError:
            raise PortTimeoutError("no answer in time") from None
