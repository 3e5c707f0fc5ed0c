"""Counts the invalid requests of everybody who leaves by one address: the reference for memory and Redis.

Discord bans an address, not a bot, after ten thousand answers of 401, 403 and 429 in ten minutes. They
are counted in slots of ten seconds, so a count is never too low and too high by one slot at most.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

SLOT_US: Final = 10_000_000
WINDOW_SLOTS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class EgressState:
    """What is known of an address.

    Attributes:
        counts: Invalid requests by the number of their slot.
        paused_until_us: Until when Discord's edge blocks it.
    """

    counts: Mapping[int, int] = field(default_factory=dict)
    paused_until_us: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EgressNews:
    """What one process has to tell.

    Attributes:
        invalid: Invalid requests since it last told, at least 0.
        paused_us: How long the edge still blocks, at least 0.
    """

    invalid: int = 0
    paused_us: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EgressView:
    """What everybody told.

    Attributes:
        invalid: Invalid requests in ten minutes.
        paused_us: How long the edge still blocks.
    """

    invalid: int
    paused_us: int


def tell(state: EgressState, news: EgressNews, *, now_us: int) -> tuple[EgressState, EgressView]:
    """Return the state after some news, and what is known then."""
    slot = now_us // SLOT_US
    counts = {number: count for number, count in state.counts.items() if number >= slot - WINDOW_SLOTS}
    if news.invalid:
        counts[slot] = counts.get(slot, 0) + news.invalid
    paused_until_us = max(state.paused_until_us, now_us + news.paused_us if news.paused_us else 0)
    view = EgressView(invalid=sum(counts.values()), paused_us=max(0, paused_until_us - now_us))
    return EgressState(counts=counts, paused_until_us=paused_until_us), view
