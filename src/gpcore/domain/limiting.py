"""Decides a list of limits and cooldowns, all or nothing.

A window is an exact log: the units taken, with their times. At time ``t`` the window is
``(t - window, t]``, so a unit leaves it at exactly ``taken + window``. A cooldown is held until an
instant and is free at exactly that instant.

A clock that steps back never admits more than the limit: new units are written no earlier than the
newest one, at the price of refusing for up to the step.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from gpcore.domain.limits import (
    LARGEST_COST,
    LARGEST_LIMIT,
    NEVER,
    CooldownRule,
    Decision,
    Rule,
    WindowRule,
)

MOST_RULES: Final = 10
LONGEST_US: Final = 366 * 24 * 3600 * 1_000_000
"""A year; keeps every sum of times exact where a store counts in doubles."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Units that one nonce took from a window at one time."""

    at_us: int
    nonce: str
    units: int


@dataclass(frozen=True, slots=True)
class Hold:
    """A cooldown that runs until ``until_us``, started by ``owner``."""

    until_us: int
    owner: str


State = tuple[Hit, ...] | Hold | None
"""What is stored under one key: a window's log in order of time, a cooldown, or nothing."""


@dataclass(frozen=True, slots=True)
class Change:
    """A key's new state, and the time at which it is as good as nothing."""

    state: State
    idle_at_us: int


@dataclass(frozen=True, slots=True)
class _Judgement:
    """One rule's own answer. ``taking`` is what taking the units would change, if anything."""

    retry_after_us: int
    remaining: int
    idle_at_us: int
    taking: Change | None = None
    cost: int = 0


def decide(
    states: Mapping[str, State], *, now_us: int, rules: Sequence[Rule], nonce: str | None
) -> tuple[Mapping[str, Change], Decision]:
    """Decide one use.

    Args:
        states: What is stored under each rule's key. A state of the other kind counts as nothing.
        now_us: The store's time.
        rules: One to ``MOST_RULES``, with different keys.
        nonce: Identifies the use; its own units never refuse it. ``None`` only looks.

    Returns:
        The keys to write with their new states (none if refused or only looking), and the answer.

    Raises:
        ValueError: No rules or too many, a key twice, an empty nonce, or a number out of bounds.
    """
    check_rules(rules)
    if nonce is not None:
        check_nonce(nonce)
    judged = [_judge(rule, states.get(rule.key), now_us, nonce) for rule in rules]
    limiting = _longest_refusal(judged)
    taken = [j.taking if limiting is None and nonce is not None else None for j in judged]
    changes = {rule.key: change for rule, change in zip(rules, taken, strict=True) if change}
    left = [j.remaining - (j.cost if change else 0) for j, change in zip(judged, taken, strict=True)]
    idle = [change.idle_at_us if change else j.idle_at_us for j, change in zip(judged, taken, strict=True)]
    return changes, Decision(
        allowed=limiting is None,
        remaining=max(0, min(left)),
        retry_after_us=0 if limiting is None else judged[limiting].retry_after_us,
        reset_after_us=max(0, max(idle) - now_us),
        now_us=now_us,
        limiting=limiting,
    )


def refund(states: Mapping[str, State], *, rules: Sequence[Rule], nonce: str) -> Mapping[str, State]:
    """Return the keys whose state changes when ``nonce`` gives back what it took, with the new state."""
    changes: dict[str, State] = {}
    for rule in rules:
        state = states.get(rule.key)
        if isinstance(rule, WindowRule) and isinstance(state, tuple):
            kept = tuple(hit for hit in state if hit.nonce != nonce)
            if kept != state:
                changes[rule.key] = kept or None
        elif isinstance(rule, CooldownRule) and isinstance(state, Hold) and state.owner == nonce:
            changes[rule.key] = None
    return changes


def check_nonce(nonce: str) -> None:
    """Refuse an empty nonce, which would make all uses one.

    Raises:
        ValueError: It is empty.
    """
    if not nonce:
        raise ValueError("an empty nonce would make all uses one")


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
        if isinstance(rule, CooldownRule):
            _check_number(rule.key, "duration_us", rule.duration_us, 1, LONGEST_US)
        else:
            _check_number(rule.key, "limit", rule.limit, 1, LARGEST_LIMIT)
            _check_number(rule.key, "window_us", rule.window_us, 1, LONGEST_US)
            _check_number(rule.key, "cost", rule.cost, 0, LARGEST_COST)


def _check_number(key: str, what: str, value: object, least: int, most: int) -> None:
    # A float (NaN above all) or a bool would pass the comparisons and then mean something else.
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{key}: {what} is {value!r}; give a whole number from {least} to {most}")


def _longest_refusal(judged: Sequence[_Judgement]) -> int | None:
    refused = [(j.retry_after_us, index) for index, j in enumerate(judged) if j.retry_after_us]
    if not refused:
        return None
    return max(refused, key=lambda pair: (pair[0] == NEVER, pair[0], -pair[1]))[1]


def _judge(rule: Rule, state: State, now_us: int, nonce: str | None) -> _Judgement:
    if isinstance(rule, CooldownRule):
        return _judge_cooldown(rule, state if isinstance(state, Hold) else None, now_us, nonce)
    return _judge_window(rule, state if isinstance(state, tuple) else (), now_us, nonce)


def _judge_window(rule: WindowRule, log: tuple[Hit, ...], now_us: int, nonce: str | None) -> _Judgement:
    at_us = max(now_us, log[-1].at_us) if log else now_us
    live = tuple(hit for hit in log if hit.at_us > at_us - rule.window_us)
    used = sum(hit.units for hit in live)
    remaining = rule.limit - used
    idle_at_us = live[-1].at_us + rule.window_us if live else now_us
    if rule.cost == 0 or any(hit.nonce == nonce for hit in live):
        return _Judgement(0, remaining, idle_at_us)
    if rule.cost > remaining:
        retry = NEVER if rule.cost > rule.limit else _lapse(live, rule.cost - remaining) + rule.window_us - now_us
        return _Judgement(retry, remaining, idle_at_us)
    log_after = (*live, Hit(at_us, nonce or "", rule.cost))
    return _Judgement(0, remaining, idle_at_us, Change(log_after, at_us + rule.window_us), rule.cost)


def _lapse(live: tuple[Hit, ...], units: int) -> int:
    """Return the time of the last of the oldest ``units`` units."""
    taken = accumulate(hit.units for hit in live)
    return next(hit.at_us for hit, so_far in zip(live, taken, strict=True) if so_far >= units)


def _judge_cooldown(rule: CooldownRule, hold: Hold | None, now_us: int, nonce: str | None) -> _Judgement:
    if hold is None or hold.until_us <= now_us:
        until_us = now_us + rule.duration_us
        return _Judgement(0, 1, now_us, Change(Hold(until_us, nonce or ""), until_us), 1)
    if hold.owner == nonce:
        return _Judgement(0, 0, hold.until_us)
    return _Judgement(hold.until_us - now_us, 0, hold.until_us)
