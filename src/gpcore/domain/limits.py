"""Limits and cooldowns, as a bot declares them and as a store decides them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from gpcore.domain.interactions import Interaction

Scope = str | Callable[[Interaction], str]
"""``user``, ``member``, ``channel``, ``guild``, ``global``, or a function that names the bucket."""

SCOPES: Final = frozenset({"user", "member", "channel", "guild", "global"})

MICROSECONDS: Final = 1_000_000

NEVER: Final = -1
"""``retry_after_us`` of a cost above the limit: waiting cannot help."""

LARGEST_LIMIT: Final = 1000
"""An exact log keeps one entry a unit, so the limit bounds its memory."""

LARGEST_COST: Final = 100


@dataclass(frozen=True, slots=True)
class SlidingWindow:
    """At most ``limit`` uses in any window of ``per`` seconds, exactly.

    Args:
        limit: 1 to 1000.
        per: Seconds, above 0.
        scope: What shares the limit.

    Raises:
        ValueError: A value is out of bounds.
    """

    limit: int
    per: float
    scope: Scope = "user"

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= LARGEST_LIMIT:
            msg = f"SlidingWindow(limit={self.limit}): give 1 to {LARGEST_LIMIT}"
            raise ValueError(msg)
        _check_seconds("SlidingWindow(per=…)", self.per)
        _check_scope("SlidingWindow(scope=…)", self.scope)


@dataclass(frozen=True, slots=True)
class Cooldown:
    """One use, then none for ``seconds``.

    Args:
        seconds: Above 0.
        scope: What shares the cooldown; by default each user has their own for each command.

    Raises:
        ValueError: A value is out of bounds.
    """

    seconds: float
    scope: Scope = "user"

    def __post_init__(self) -> None:
        _check_seconds("Cooldown(seconds=…)", self.seconds)
        _check_scope("Cooldown(scope=…)", self.scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRule:
    """A sliding window bound to the key that it counts.

    Attributes:
        key: The state key below the fleet's prefix, such as ``rl:…``; see ``gpcore.domain.keys``.
        limit: Units in any window.
        window_us: The window in microseconds.
        cost: Units that this use takes, 0 to ``LARGEST_COST``.
    """

    key: str
    limit: int
    window_us: int
    cost: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CooldownRule:
    """A cooldown bound to the key that holds it.

    Attributes:
        key: The state key below the fleet's prefix, such as ``cd:ping:430305391411331087``.
        duration_us: How long it lasts, in microseconds.
    """

    key: str
    duration_us: int


Rule = WindowRule | CooldownRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a store decided about a list of rules, all or nothing.

    Attributes:
        allowed: Whether every rule admits the use.
        remaining: The fewest units left over all rules, after this decision.
        retry_after_us: 0 if allowed, ``NEVER``, or the smallest wait after which the same
            request is admitted when nobody else comes.
        reset_after_us: Until every rule is as if never used.
        now_us: The store's time of the decision.
        limiting: Index of the rule that refused longest, or ``None``.
    """

    allowed: bool
    remaining: int
    retry_after_us: int
    reset_after_us: int
    now_us: int
    limiting: int | None = None


def _check_seconds(what: str, seconds: float) -> None:
    if not 0 < seconds <= 366 * 24 * 3600:
        msg = f"{what}: give seconds above 0 and at most a year, not {seconds}"
        raise ValueError(msg)


def _check_scope(what: str, scope: Scope) -> None:
    if isinstance(scope, str) and scope not in SCOPES:
        msg = f"{what}: {scope!r} is none of {', '.join(sorted(SCOPES))}, nor a function"
        raise ValueError(msg)
