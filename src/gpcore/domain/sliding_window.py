"""The exact window: a log of the units taken, with their times.

At time ``t`` the window is ``(t - window, t]``, so a unit leaves it at exactly ``taken + window``.
Any window of that length, wherever it starts, holds at most the limit.

A clock that steps back never admits more: new units are written no earlier than the newest one, at
the price of refusing for up to the step.
"""

from itertools import accumulate

from gpcore.domain.limit_rules import NEVER, WindowRule
from gpcore.domain.limit_states import Change, Hit, Judgement


def judge_window(rule: WindowRule, log: tuple[Hit, ...], now_us: int, nonce: str | None) -> Judgement:
    """Judge one use; one whose ``nonce`` is in the window is admitted and takes nothing."""
    at_us = max(now_us, log[-1].at_us) if log else now_us
    live = tuple(hit for hit in log if hit.at_us > at_us - rule.window_us)
    used = sum(hit.units for hit in live)
    remaining = rule.limit - used
    idle_at_us = live[-1].at_us + rule.window_us if live else now_us
    if rule.cost == 0 or any(hit.nonce == nonce for hit in live):
        return Judgement(0, remaining, idle_at_us)
    if rule.cost > remaining:
        retry = NEVER if rule.cost > rule.limit else _lapse(live, rule.cost - remaining) + rule.window_us - now_us
        return Judgement(retry, remaining, idle_at_us)
    log_after = (*live, Hit(at_us, nonce or "", rule.cost))
    return Judgement(0, remaining, idle_at_us, Change(log_after, at_us + rule.window_us), rule.cost)


def _lapse(live: tuple[Hit, ...], units: int) -> int:
    """Return the time of the last of the oldest ``units`` units."""
    taken = accumulate(hit.units for hit in live)
    return next(hit.at_us for hit, so_far in zip(live, taken, strict=True) if so_far >= units)
