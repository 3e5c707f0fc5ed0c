"""Decides a list of limits and cooldowns, all or nothing.

Each kind judges for itself: ``sliding_window``, ``window_counter``, ``gcra``, ``cooldown``. Here
their judgements become one decision. These functions are the reference; the in-memory store calls
them and the Redis scripts are their port.
"""

from collections.abc import Mapping, Sequence

from gpcore.domain.cooldown import judge_cooldown
from gpcore.domain.gcra import judge_gcra
from gpcore.domain.limit_rules import (
    NEVER,
    CooldownRule,
    CounterRule,
    Decision,
    Rule,
    WindowRule,
    check_nonce,
    check_rules,
)
from gpcore.domain.limit_states import Arrival, Change, Counts, Hold, Judgement, State
from gpcore.domain.sliding_window import judge_window
from gpcore.domain.window_counter import judge_counter


def decide(
    states: Mapping[str, State], *, now_us: int, rules: Sequence[Rule], nonce: str | None
) -> tuple[Mapping[str, Change], Decision]:
    """Decide one use.

    Args:
        states: What is stored under each rule's key. A state of another kind counts as nothing.
        now_us: The store's time.
        rules: One to ``MOST_RULES``, with different keys.
        nonce: Identifies the use, for the kinds that remember it. ``None`` only looks.

    Returns:
        The keys to write with their new states (none if refused or only looking), and the answer.

    Raises:
        ValueError: No rules or too many, a key twice, a nonce that is empty or too long, or a number out of bounds.
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
    """Return the keys whose state changes when ``nonce`` gives back what it took, with the new state.

    Counters and even rates do not remember who took a unit, so they keep it.
    """
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


def _longest_refusal(judged: Sequence[Judgement]) -> int | None:
    refused = [(j.retry_after_us, index) for index, j in enumerate(judged) if j.retry_after_us]
    if not refused:
        return None
    return max(refused, key=lambda pair: (pair[0] == NEVER, pair[0], -pair[1]))[1]


def _judge(rule: Rule, state: State, now_us: int, nonce: str | None) -> Judgement:
    if isinstance(rule, WindowRule):
        return judge_window(rule, state if isinstance(state, tuple) else (), now_us, nonce)
    if isinstance(rule, CounterRule):
        return judge_counter(rule, state if isinstance(state, Counts) else None, now_us)
    if isinstance(rule, CooldownRule):
        return judge_cooldown(rule, state if isinstance(state, Hold) else None, now_us, nonce)
    return judge_gcra(rule, state if isinstance(state, Arrival) else None, now_us)
