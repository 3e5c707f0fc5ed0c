"""Limits and cooldowns bound to a key, as a store decides them, and what it answers.

Numbers are whole: microseconds and units. Their bounds keep every product and sum below 2**53,
so that a store which counts in doubles (Redis' Lua) decides exactly what these rules say.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

_SURROGATE: Final = re.compile("[\ud800-\udfff]")

NEVER: Final = -1
"""``retry_after_us`` of a cost that exceeds the limit: waiting cannot help."""

MOST_RULES: Final = 10

LONGEST_NONCE: Final = 200
"""Characters: an exact log keeps the nonce once for each unit."""

LARGEST_LIMIT: Final = 1000
"""An exact log keeps one entry a unit, so the limit bounds its memory."""

LARGEST_COST: Final = 100
"""Of an exact log, which writes one entry for each unit."""

LARGEST_COUNT: Final = 1_000_000
"""Limit, burst and cost of what only counts."""

LONGEST_US: Final = 366 * 24 * 3600 * 1_000_000
"""A year."""

LARGEST_PRODUCT: Final = 2**51
"""A counter's limit × window: the decision adds up to three such products."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRule:
    """A sliding window, kept as an exact log.

    Attributes:
        key: The state key below the fleet's prefix, such as ``rl:…``; see ``gpcore.domain.keys``.
        limit: Units in any window, 1 to ``LARGEST_LIMIT``.
        window_us: The window in microseconds, at most a year.
        cost: Units that this use takes, 0 to ``LARGEST_COST``.
        entity: What is limited, such as ``user:430305391411331087``. A Redis Cluster decides the
            rules of one entity in one step; without it the key is on its own.
    """

    key: str
    limit: int
    window_us: int
    cost: int = 1
    entity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterRule:
    """A sliding window, estimated from two counters.

    Attributes:
        key: As for ``WindowRule``.
        limit: Units, 1 to ``LARGEST_COUNT``; limit × window_us is at most ``LARGEST_PRODUCT``.
        window_us: The window in microseconds, at most a year.
        cost: Units that this use takes, 0 to ``LARGEST_COUNT``.
        entity: As for ``WindowRule``.
    """

    key: str
    limit: int
    window_us: int
    cost: int = 1
    entity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GcraRule:
    """One unit each interval, and some at once after a pause.

    Attributes:
        key: As for ``WindowRule``.
        interval_us: Microseconds between units, 1 up; interval_us × burst is at most a year.
        burst: Units at once after a pause, 1 to ``LARGEST_COUNT``.
        cost: Units that this use takes, 0 to ``LARGEST_COUNT``.
        entity: As for ``WindowRule``.
    """

    key: str
    interval_us: int
    burst: int = 1
    cost: int = 1
    entity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CooldownRule:
    """A pause after each use.

    Attributes:
        key: The state key below the fleet's prefix, such as ``cd:ping:430305391411331087``.
        duration_us: How long it lasts, in microseconds, at most a year.
        entity: As for ``WindowRule``.
    """

    key: str
    duration_us: int
    entity: str = ""


Rule = WindowRule | CounterRule | GcraRule | CooldownRule


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

    @property
    def retry_after(self) -> timedelta | None:
        """The wait until the same request is admitted, zero if it was; ``None`` if it never is."""
        return None if self.retry_after_us == NEVER else timedelta(microseconds=self.retry_after_us)


def remembers_nonces(rule: Rule) -> bool:
    """Tell whether a use can be recognised later: asked again for nothing, and given back."""
    return isinstance(rule, WindowRule | CooldownRule)


def check_nonce(nonce: str) -> None:
    """Refuse an empty nonce, which would make all uses one, and one that no store could write.

    Raises:
        ValueError: It is empty, longer than ``LONGEST_NONCE``, or holds half a surrogate pair.
    """
    if not nonce:
        raise ValueError("an empty nonce would make all uses one")
    if len(nonce) > LONGEST_NONCE:
        raise ValueError(f"a nonce of {len(nonce)} characters; give at most {LONGEST_NONCE}, such as an id")
    if not nonce.isascii() and _SURROGATE.search(nonce):
        raise ValueError("a nonce with half a surrogate pair cannot be stored")


def check_rules(rules: Sequence[Rule]) -> None:
    """Refuse what no store could decide.

    Raises:
        ValueError: No rules or too many, a key twice, or a number out of bounds.
    """
    if not 1 <= len(rules) <= MOST_RULES:
        raise ValueError(f"{len(rules)} rules: give 1 to {MOST_RULES}")
    if len({rule.key for rule in rules}) < len(rules):
        raise ValueError(f"two rules share a key: {', '.join(rule.key for rule in rules)}")
    for rule in rules:
        if not {"{", "}"}.isdisjoint(rule.entity):
            raise ValueError(f"{rule.key}: the entity {rule.entity!r} has braces; see keys.entity_name")
        _check_rule(rule)


def _check_rule(rule: Rule) -> None:
    if isinstance(rule, CooldownRule):
        _check_number(rule.key, "duration_us", rule.duration_us, 1, LONGEST_US)
    elif isinstance(rule, WindowRule):
        _check_number(rule.key, "limit", rule.limit, 1, LARGEST_LIMIT)
        _check_number(rule.key, "window_us", rule.window_us, 1, LONGEST_US)
        _check_number(rule.key, "cost", rule.cost, 0, LARGEST_COST)
    elif isinstance(rule, CounterRule):
        _check_number(rule.key, "window_us", rule.window_us, 1, LONGEST_US)
        most = min(LARGEST_COUNT, LARGEST_PRODUCT // rule.window_us)
        _check_number(rule.key, "limit", rule.limit, 1, most)
        _check_number(rule.key, "cost", rule.cost, 0, LARGEST_COUNT)
    else:
        _check_number(rule.key, "burst", rule.burst, 1, LARGEST_COUNT)
        _check_number(rule.key, "interval_us", rule.interval_us, 1, LONGEST_US // rule.burst)
        _check_number(rule.key, "cost", rule.cost, 0, LARGEST_COUNT)


def _check_number(key: str, what: str, value: object, least: int, most: int) -> None:
    # A float (NaN above all) or a bool would pass the comparisons and then mean something else.
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{key}: {what} is {value!r}; give a whole number from {least} to {most}")
