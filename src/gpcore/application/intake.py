"""The first look at a delivery, the same for both lanes."""

from typing import Final

from gpcore.domain.envelope import Envelope
from gpcore.domain.headers import ATTEMPT, first_seen_ms, unreadable_properties
from gpcore.domain.settling import Ack, DeadLetter, Disposition
from gpcore.domain.wire_message import Lane
from gpcore.errors import DecodeError, IgnoredBodyError
from gpcore.ports.clock import Clock
from gpcore.ports.codec import Codec
from gpcore.ports.delivery import Delivery

MOST_BROKER_DELIVERIES: Final = 20
"""Beyond this the body is suspected to kill its workers."""


class Intake:
    """Decodes deliveries and sorts out those that no handler should see."""

    def __init__(self, codec: Codec, clock: Clock) -> None:
        self._codec: Final = codec
        self._clock: Final = clock

    def open(self, delivery: Delivery) -> Envelope | Disposition:
        """Return the envelope, or what is to be done with a delivery that has none to offer."""
        if delivery.broker_deliveries > MOST_BROKER_DELIVERIES:
            return DeadLetter("max_deliveries")
        message = delivery.message
        unreadable = unreadable_properties(message.headers)
        if unreadable is not None:
            return DeadLetter(f"bad_property:{unreadable}")
        # A retried copy counts from its first receipt, so that a guild joined then stays joined.
        received_at_ms = first_seen_ms(message.headers) or self._clock.now_us() // 1000
        try:
            envelope = self._codec.decode(message, received_at_ms=received_at_ms)
        except IgnoredBodyError as error:
            return Ack(error.reason)
        except DecodeError as error:
            return DeadLetter(error.reason)
        if envelope.is_interaction != (delivery.lane is Lane.INTERACTIONS):
            return Ack("wrong_queue")
        return envelope


def is_first_delivery(delivery: Delivery) -> bool:
    """Tell whether nobody has worked on it before, as far as broker and headers know.

    Every copy that gp publishes counts its attempts, even one that only waited for another owner's lease: 0.
    """
    return not delivery.redelivered and ATTEMPT not in delivery.message.headers
