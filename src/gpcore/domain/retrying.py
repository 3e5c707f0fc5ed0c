"""When a failed delivery comes back: the ladder of delays.

Every delay has a queue of its own on the broker, so a wait is always one of a few rungs. To keep
a burst of failures from coming back as a burst, the actual wait is spread over the last fifth of
the rung; the caller brings the random number, which keeps the decision repeatable.
"""

from collections.abc import Sequence
from typing import Final

EVENT_DELAYS: Final = (1, 5, 30, 120, 600)
"""Rungs for events in seconds: failures one to five wait, the sixth is the last."""

INTERACTION_DELAYS: Final = (1, 5)
"""Rungs for interactions in seconds: their token dies after 15 minutes, and a user is waiting."""

SPREAD: Final = 0.2
"""Share of a rung over which waits are spread; also the head-of-line error of its queue."""

_SECONDS_PER_MINUTE: Final = 60


def next_delay(failures: int, *, delays: Sequence[int], unit: float, asked_after: float | None = None) -> float | None:
    """Decide how long a failed delivery waits before its next attempt.

    Args:
        failures: How many attempts have failed, this one included; 1 or more.
        delays: The lane's rungs in seconds, ascending.
        unit: A random number in [0, 1).
        asked_after: Seconds that the handler or Discord asked to wait at least, if any.

    Returns:
        Seconds to wait, or ``None`` when the ladder is exhausted and the delivery is to be
        dead-lettered.
    """
    if failures > len(delays):
        return None
    if asked_after is not None:
        return delay_of_at_least(asked_after, delays=delays, unit=unit)
    return delay_of_at_least(0, delays=delays[failures - 1 : failures], unit=unit)


def delay_of_at_least(seconds: float, *, delays: Sequence[int], unit: float) -> float:
    """Spread a wait over the end of the smallest rung that is long enough.

    Args:
        seconds: The least time to wait. More than the longest rung waits the longest rung.
        delays: Rungs in seconds, ascending, at least one.
        unit: A random number in [0, 1).

    Returns:
        Seconds in [0.8 D, D] for the chosen rung D, and never less than ``seconds`` if D allows.
    """
    rung = rung_for(seconds, delays=delays)
    earliest = min(max((1 - SPREAD) * rung, seconds), rung)
    return earliest + (rung - earliest) * unit


def rung_for(seconds: float, *, delays: Sequence[int]) -> int:
    """Return the smallest rung of at least ``seconds``, or else the longest."""
    return next((rung for rung in delays if rung >= seconds), delays[-1])


def rung_name(rung: int) -> str:
    """Return the rung as its queue is named: ``30`` is ``30s``, ``120`` is ``2m``."""
    if rung >= _SECONDS_PER_MINUTE and rung % _SECONDS_PER_MINUTE == 0:
        return f"{rung // _SECONDS_PER_MINUTE}m"
    return f"{rung}s"
