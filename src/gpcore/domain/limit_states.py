"""What is stored for limits and cooldowns, and what one rule says about it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hit:
    """Units that one nonce took from a window at one time."""

    at_us: int
    nonce: str
    units: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Units of the aligned window that starts at ``start_us``, and of the one before."""

    start_us: int
    current: int
    previous: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """When the next unit would come if units came evenly (GCRA's theoretical arrival time)."""

    at_us: int


@dataclass(frozen=True, slots=True)
class Hold:
    """A cooldown that runs until ``until_us``, started by ``owner``."""

    until_us: int
    owner: str


State = tuple[Hit, ...] | Counts | Arrival | Hold | None
"""What is stored under one key: a window's log in order of time, one of the others, or nothing."""


@dataclass(frozen=True, slots=True)
class Change:
    """A key's new state, and the time at which it is as good as nothing."""

    state: State
    idle_at_us: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """One rule's own answer.

    Attributes:
        retry_after_us: 0 if it admits; see ``Decision``.
        remaining: Units left before this use; negative when a limit was lowered.
        idle_at_us: When the key is as good as nothing if this use takes nothing.
        taking: What taking the units would change, if anything.
        cost: Units that ``taking`` takes.
    """

    retry_after_us: int
    remaining: int
    idle_at_us: int
    taking: Change | None = None
    cost: int = 0
