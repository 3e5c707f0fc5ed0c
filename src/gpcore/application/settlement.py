"""Carrying out a disposition: publish first, settle after.

A copy is confirmed by the broker before the original is acknowledged, so a crash in between can
only duplicate, never lose.
"""

from dataclasses import replace
from typing import Final

from gpcore.domain import metrics
from gpcore.domain.headers import attempts_failed, dead_letter_headers, retry_headers
from gpcore.domain.settling import DeadLetter, Disposition, GiveBack, Retry
from gpcore.errors import PortError, Reject
from gpcore.ports.clock import Clock
from gpcore.ports.codec import Codec
from gpcore.ports.delivery import Delivery
from gpcore.ports.publisher import Publisher
from gpcore.ports.telemetry import Telemetry

_PAUSE_AFTER_FAILURE: Final = 1.0
"""Seconds before a delivery whose copy could not be published goes back, so that it does not spin."""


class Settler:
    """Settles each delivery exactly once, as its disposition says."""

    def __init__(self, publisher: Publisher, codec: Codec, clock: Clock, telemetry: Telemetry) -> None:
        self._publisher: Final = publisher
        self._codec: Final = codec
        self._clock: Final = clock
        self._telemetry: Final = telemetry

    async def settle(self, delivery: Delivery, disposition: Disposition) -> None:
        """Carry the disposition out; a copy that cannot be published returns the original to its queue."""
        lane = delivery.lane.value
        try:
            outcome = await self._publish_copy(delivery, disposition)
        except PortError:
            self._telemetry.count(metrics.DELIVERIES, lane, "publish_failed")
            await self._clock.sleep(_PAUSE_AFTER_FAILURE)
            told = await delivery.give_back()
        else:
            self._telemetry.count(metrics.DELIVERIES, lane, outcome)
            told = await (delivery.give_back() if isinstance(disposition, GiveBack) else delivery.ack())
        if not told:
            self._telemetry.count(metrics.LOST_ACKS, lane)

    async def _publish_copy(self, delivery: Delivery, disposition: Disposition) -> str:
        if isinstance(disposition, Retry):
            await self._retry(delivery, disposition)
            return disposition.outcome
        if isinstance(disposition, DeadLetter):
            await self._dead_letter(delivery, disposition)
            return "dead_lettered"
        return disposition.outcome

    async def _retry(self, delivery: Delivery, retry: Retry) -> None:
        message = delivery.message
        failures = attempts_failed(message.headers) + (1 if retry.counts else 0)
        headers = retry_headers(message.headers, failures=failures, now_ms=self._now_ms(), error=retry.error)
        await self._publisher.retry(replace(message, headers=headers), lane=delivery.lane, delay=retry.after)
        self._telemetry.count(metrics.RETRIES, delivery.lane.value)

    async def _dead_letter(self, delivery: Delivery, dead: DeadLetter) -> None:
        message = self._codec.redact(delivery.message)
        headers = dead_letter_headers(
            message.headers, reason=dead.reason, origin=delivery.lane.value, now_ms=self._now_ms(), error=dead.error
        )
        await self._publisher.dead_letter(replace(message, headers=headers), lane=delivery.lane)
        self._telemetry.count(metrics.DEAD_LETTERS, delivery.lane.value, _bounded(dead))

    def _now_ms(self) -> int:
        return self._clock.now_us() // 1000


def _bounded(dead: DeadLetter) -> str:
    """Return the part of a reason that comes from a fixed set, for a metric's label."""
    return "rejected" if dead.error == Reject.__name__ else dead.reason.partition(":")[0]
