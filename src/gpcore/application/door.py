"""Who is let in: under more load than can be borne, not those for whom too little time is left."""

from typing import Final

from gpcore.application.intake import is_first_delivery
from gpcore.domain.deadlines import first_answer_left_ms
from gpcore.domain.headroom import Headroom
from gpcore.domain.interactions import Interaction
from gpcore.ports.clock import Clock
from gpcore.ports.delivery import Delivery

_US_IN_MS: Final = 1_000
_MS: Final = 1_000


class Door:
    """Knows how long it takes at present until a first answer can begin."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._headroom = Headroom()

    def is_shut_for(self, delivery: Delivery, interaction: Interaction) -> bool:
        """Tell whether less time is left than that; never of what somebody may have begun, nor of what is late."""
        left_ms = first_answer_left_ms(interaction.id, self._clock.now_us() // _US_IN_MS)
        return is_first_delivery(delivery) and 0 < left_ms < self._headroom.needed_ms(self._clock.monotonic())

    def opened(self, *, began: float) -> None:
        """Learn from an interaction that was let in at ``began``, by the monotonic clock, and can be answered now."""
        now = self._clock.monotonic()
        self._headroom = self._headroom.after((now - began) * _MS, now)
