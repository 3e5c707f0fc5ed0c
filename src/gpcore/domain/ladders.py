"""Which delays a failed delivery climbs: both lanes' ladders, checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from gpcore.domain.claims import MAX_ATTEMPTS
from gpcore.domain.retrying import EVENT_DELAYS, INTERACTION_DELAYS
from gpcore.domain.wire_message import Lane
from gpcore.errors import ConfigurationError

MOST_RUNGS: Final = 10
LONGEST_RUNG: Final = 12 * 3600
"""Seconds. A claim is forgotten a day after it was made: well before, the next attempt must have come."""

LONGEST_INTERACTION_LADDER: Final = 600
"""Seconds for all rungs together, of the token's fifteen minutes."""

_UNITS: Final = {"s": 1, "m": 60, "h": 3600}


def ladder_faults(lane: Lane, delays: Sequence[int]) -> list[str]:
    """Return what is wrong with a lane's ladder, nothing if it will do."""
    faults = []
    if not 1 <= len(delays) <= MOST_RUNGS:
        faults.append(f"give 1 to {MOST_RUNGS} delays")
    if any(not 1 <= rung <= LONGEST_RUNG for rung in delays):
        faults.append("each delay must be between 1s and 12h")
    if any(later <= earlier for earlier, later in pairwise(delays)):
        faults.append("each delay must be longer than the one before")
    if lane is Lane.INTERACTIONS and sum(delays) > LONGEST_INTERACTION_LADDER:
        faults.append("all delays together must not exceed 10m, for the token dies after 15")
    return faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladders:
    """Both lanes' rungs, in seconds, ascending.

    Each rung is a queue on the broker, named after its delay: another ladder has other queues, and
    what waits in those of the former one still comes back.

    Raises:
        ConfigurationError: A ladder that makes no sense; every fault at once.
    """

    events: tuple[int, ...] = EVENT_DELAYS
    interactions: tuple[int, ...] = INTERACTION_DELAYS

    def __post_init__(self) -> None:
        faults = [f"{lane.value}: {fault}" for lane in Lane for fault in ladder_faults(lane, self.of(lane))]
        if faults:
            raise ConfigurationError(faults)

    def of(self, lane: Lane) -> tuple[int, ...]:
        """Return one lane's rungs."""
        return self.interactions if lane is Lane.INTERACTIONS else self.events

    def most_attempts(self, lane: Lane) -> int:
        """Return after how many attempts a claim is exhausted: the first, and one for each rung.

        An interaction has a few more, because workers that were killed count too and its ladder is short.
        """
        attempts = len(self.of(lane)) + 1
        return max(attempts, MAX_ATTEMPTS) if lane is Lane.INTERACTIONS else attempts


def rung_from(text: str) -> int:
    """Read a delay such as ``30s``, ``2m``, ``1h`` or ``30``, in whole seconds.

    Raises:
        ValueError: It is none.
    """
    number, unit = (text[:-1], text[-1:]) if text[-1:] in _UNITS else (text, "s")
    if not number.isascii() or not number.isdecimal():
        raise ValueError("write each delay as 30s, 2m or 1h")
    return int(number) * _UNITS[unit]


DEFAULT_LADDERS: Final = Ladders()
