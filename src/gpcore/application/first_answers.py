"""Sending a first answer inside Discord's three seconds, and finding out whether one arrived."""

import contextlib
from typing import Final

from gpcore.domain import metrics
from gpcore.domain.deadlines import Deadlines
from gpcore.domain.interactions import Interaction, InteractionKind
from gpcore.domain.messages import Callback, CallbackType
from gpcore.errors import AlreadyAcknowledgedError, DeadlineMissedError, PortThrottledError, PortUnavailableError
from gpcore.ports.clock import Clock
from gpcore.ports.first_responder import FirstResponder
from gpcore.ports.telemetry import Telemetry

_MS: Final = 1000
_PROBE_SECONDS: Final = 2.0
_LEAST_PATIENCE: Final = 0.5
"""Seconds that Discord gets to reply to what was sent in time, however little time was left."""


class FirstAnswers:
    """The way to one interaction's first answer."""

    def __init__(
        self,
        interaction: Interaction,
        deadlines: Deadlines,
        *,
        responder: FirstResponder,
        clock: Clock,
        telemetry: Telemetry,
    ) -> None:
        self._interaction: Final = interaction
        self._deadlines: Final = deadlines
        self._responder: Final = responder
        self._clock: Final = clock
        self._telemetry: Final = telemetry

    async def send(self, callback: Callback) -> None:
        """Send a first answer, a second time if its fate is unknown or Discord asks to wait a moment.

        Raises:
            DeadlineMissedError: It is too late; nothing was sent.
            AlreadyAcknowledgedError: There was one that is not this one.
            PortUnavailableError: Its fate is still unknown.
            PortError: Discord did not take it.
        """
        try:
            await self._respond(callback, self._time_left())
        except PortThrottledError as error:
            if error.retry_after >= self._remaining():
                raise
            await self._clock.sleep(error.retry_after)
            await self._respond(callback, self._time_left())
        except PortUnavailableError:
            # It may have arrived. Discord tells by how it takes the second one, and one that is late does no harm.
            with contextlib.suppress(AlreadyAcknowledgedError):
                await self._respond(callback, max(self._remaining(), _PROBE_SECONDS))
        self._observe(callback.type)

    async def had_one(self, callback: Callback) -> bool:
        """Tell whether a first answer had arrived; if not, ``callback`` is it now.

        Raises:
            InteractionExpiredError: None had, and it is too late.
            PortError: Discord does not tell.
        """
        try:
            await self._respond(callback, _PROBE_SECONDS)
        except AlreadyAcknowledgedError:
            return True
        return False

    async def _respond(self, callback: Callback, timeout: float) -> None:
        await self._responder.respond(self._interaction.id, self._interaction.token, callback, timeout=timeout)

    def _time_left(self) -> float:
        remaining = self._remaining()
        if remaining <= 0:
            raise DeadlineMissedError("Discord accepts a first answer for 3 seconds only, and they are over")
        return max(remaining, _LEAST_PATIENCE)

    def _remaining(self) -> float:
        return (self._deadlines.first_answer_ms - self._clock.now_us() // _MS) / _MS

    def _observe(self, answer: CallbackType) -> None:
        age = (self._clock.now_us() // _MS - self._deadlines.created_ms) / _MS
        kind = InteractionKind(self._interaction.kind).name.lower()
        self._telemetry.observe(metrics.FIRST_ANSWER, age, kind, answer.name.lower())
