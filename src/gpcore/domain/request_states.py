"""What is stored for the requests of a fleet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from gpcore.domain.limit_states import Hit

V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """One bucket for one major parameter.

    Attributes:
        limit: Requests in one window.
        remaining: Left in the present window, before what is in flight.
        length_us: The longest that a window was ever said to last.
        ends_ms: The end by Discord's clock of the last window that an answer told of.
        reset_us: When the present window is over for certain, by the store's clock.
        told: Whether an answer told of the present window; otherwise it was begun on the assumption
            that the last one is over.
    """

    limit: int
    remaining: int
    length_us: int
    ends_ms: int
    reset_us: int
    told: bool


@dataclass(frozen=True, slots=True)
class Lease:
    """A request in flight, counted against a bucket until it is reported or forgotten."""

    bucket: str
    until_us: int


@dataclass(frozen=True, slots=True)
class Bar:
    """Something that Discord forbade, not to be asked again before ``until_us``."""

    until_us: int
    code: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MajorState:
    """Everything about one guild or channel.

    Attributes:
        buckets: By name.
        blocks: Until when a bucket's 429 holds, by the bucket's name.
        leases: By nonce.
        bars: By resource.
    """

    buckets: Mapping[str, Bucket] = field(default_factory=dict)
    blocks: Mapping[str, int] = field(default_factory=dict)
    leases: Mapping[str, Lease] = field(default_factory=dict)
    bars: Mapping[str, Bar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetState:
    """Everything about one bot.

    Attributes:
        routes: Discord's name of each route's bucket.
        log: The requests of the last second.
        blocked_until_us: The end of a global 429.
        refused_token: The name of the last bot token that Discord refused.
        refused_until_us: Until when that is believed.
    """

    routes: Mapping[str, str] = field(default_factory=dict)
    log: tuple[Hit, ...] = ()
    blocked_until_us: int = 0
    refused_token: str = ""
    refused_until_us: int = 0


def with_entry(entries: Mapping[str, V], name: str, value: V) -> Mapping[str, V]:
    """Return the entries with one set."""
    return {**entries, name: value}
