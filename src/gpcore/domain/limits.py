"""Limits and cooldowns, as a bot declares them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final

from gpcore.domain.interactions import Interaction
from gpcore.domain.keys import LimitKind
from gpcore.domain.limit_rules import (
    LARGEST_COUNT,
    LARGEST_LIMIT,
    LARGEST_PRODUCT,
    LONGEST_US,
    CooldownRule,
    CounterRule,
    GcraRule,
    WindowRule,
)

Scope = str | Callable[[Interaction], str]
"""``user``, ``member``, ``channel``, ``guild``, ``global``, or a function that names the bucket."""

SCOPES: Final = frozenset({"user", "member", "channel", "guild", "global"})

MICROSECONDS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class SlidingWindow:
    """At most ``limit`` uses in any window of ``per`` seconds, exactly.

    It remembers every use, so a redelivery is never refused by its own first try, and a use is
    given back when the handler fails. The choice for what users do.

    Args:
        limit: 1 to 1000.
        per: Seconds, above 0 and at most a year.
        scope: What shares the limit.

    Raises:
        ValueError: A value is out of bounds.
    """

    kind: ClassVar[LimitKind] = "window"

    limit: int
    per: float
    scope: Scope = "user"

    def __post_init__(self) -> None:
        _check_count("SlidingWindow(limit=…)", self.limit, LARGEST_LIMIT)
        _check_seconds("SlidingWindow(per=…)", self.per)
        _check_scope("SlidingWindow(scope=…)", self.scope)

    def __str__(self) -> str:
        return f"{self.limit} per {self.per:g} s"

    def rule(self, key: str, *, cost: int = 1, entity: str = "") -> WindowRule:
        """Return this limit bound to a key, for an ``AdmissionStore``."""
        return WindowRule(key=key, limit=self.limit, window_us=self.per_us, cost=cost, entity=entity)

    @property
    def per_us(self) -> int:
        """The window in microseconds."""
        return _microseconds(self.per)


@dataclass(frozen=True, slots=True)
class WindowCounter:
    """About ``limit`` uses in a window of ``per`` seconds, at the cost of two counters.

    An aligned window holds at most ``limit`` uses; any window at most ``2 * limit - 1``. It does not
    remember who used it: a redelivery may count twice, and a failed use is not given back. The
    choice for large limits, where an exact log would be large too.

    Args:
        limit: 1 to 1,000,000, and limit × per below 2.25 thousand million (26,000 a day).
        per: Seconds, above 0 and at most a year.
        scope: What shares the limit.

    Raises:
        ValueError: A value is out of bounds.
    """

    kind: ClassVar[LimitKind] = "counter"

    limit: int
    per: float
    scope: Scope = "user"

    def __post_init__(self) -> None:
        _check_seconds("WindowCounter(per=…)", self.per)
        _check_count("WindowCounter(limit=…)", self.limit, min(LARGEST_COUNT, LARGEST_PRODUCT // self.per_us))
        _check_scope("WindowCounter(scope=…)", self.scope)

    def __str__(self) -> str:
        return f"about {self.limit} per {self.per:g} s"

    def rule(self, key: str, *, cost: int = 1, entity: str = "") -> CounterRule:
        """Return this limit bound to a key, for an ``AdmissionStore``."""
        return CounterRule(key=key, limit=self.limit, window_us=self.per_us, cost=cost, entity=entity)

    @property
    def per_us(self) -> int:
        """The window in microseconds."""
        return _microseconds(self.per)


@dataclass(frozen=True, slots=True)
class Gcra:
    """``limit`` uses in ``per`` seconds, evenly: one each ``per / limit`` seconds, ``burst`` at once after a pause.

    Any window of ``per`` seconds holds at most ``limit + burst - 1`` uses. It keeps one number and does
    not remember who used it: a redelivery may count twice, and a failed use is not given back. The
    choice for pacing, and for long windows.

    Args:
        limit: 1 to 1,000,000.
        per: Seconds, above 0; per × burst / limit is at most a year.
        burst: Uses at once after a pause, 1 to 1,000,000.
        scope: What shares the limit.

    Raises:
        ValueError: A value is out of bounds.
    """

    kind: ClassVar[LimitKind] = "gcra"

    limit: int
    per: float
    burst: int = 1
    scope: Scope = "user"

    def __post_init__(self) -> None:
        _check_seconds("Gcra(per=…)", self.per)
        _check_count("Gcra(limit=…)", self.limit, LARGEST_COUNT)
        _check_count("Gcra(burst=…)", self.burst, min(LARGEST_COUNT, LONGEST_US // self._interval_us))
        _check_scope("Gcra(scope=…)", self.scope)

    def __str__(self) -> str:
        return f"{self.limit} per {self.per:g} s, evenly, {self.burst} at once"

    def rule(self, key: str, *, cost: int = 1, entity: str = "") -> GcraRule:
        """Return this limit bound to a key, for an ``AdmissionStore``."""
        return GcraRule(key=key, interval_us=self._interval_us, burst=self.burst, cost=cost, entity=entity)

    @property
    def per_us(self) -> int:
        """The period in microseconds."""
        return _microseconds(self.per)

    @property
    def _interval_us(self) -> int:
        # Rounded up: never faster than declared.
        return -(-self.per_us // self.limit)


Limit = SlidingWindow | WindowCounter | Gcra


@dataclass(frozen=True, slots=True)
class Cooldown:
    """One use, then none for ``seconds``.

    Args:
        seconds: Above 0 and at most a year.
        scope: What shares the cooldown; by default each user has their own for each command.

    Raises:
        ValueError: A value is out of bounds.
    """

    seconds: float
    scope: Scope = "user"

    def __post_init__(self) -> None:
        _check_seconds("Cooldown(seconds=…)", self.seconds)
        _check_scope("Cooldown(scope=…)", self.scope)

    def rule(self, key: str, *, entity: str = "") -> CooldownRule:
        """Return this cooldown bound to a key, for an ``AdmissionStore``."""
        return CooldownRule(key=key, duration_us=_microseconds(self.seconds), entity=entity)


def _microseconds(seconds: float) -> int:
    return max(1, round(seconds * MICROSECONDS))


def _check_count(what: str, count: int, most: int) -> None:
    if type(count) is not int or not 1 <= count <= most:
        raise ValueError(f"{what}: give a whole number from 1 to {most}, not {count!r}")


def _check_seconds(what: str, seconds: float) -> None:
    if not 0 < seconds * MICROSECONDS <= LONGEST_US:
        raise ValueError(f"{what}: give seconds above 0 and at most a year, not {seconds}")


def _check_scope(what: str, scope: Scope) -> None:
    if isinstance(scope, str) and scope not in SCOPES:
        raise ValueError(f"{what}: {scope!r} is none of {', '.join(sorted(SCOPES))}, nor a function")
