"""The estimated window: two counters, whatever the limit.

Time is cut into aligned windows. The units of the sliding window are estimated as this window's,
plus the previous one's in proportion to the part of it that the sliding window still covers:
``previous * (window - elapsed) / window + current``. All of it is compared multiplied by the window
length, in whole numbers, so nothing is rounded.

An aligned window holds at most the limit. Any window holds at most ``2 * limit - 1`` units: uses at
the very end of one aligned window are taken for uses spread evenly over it.

A clock that steps back to an earlier window counts as the start of the one that was seen last, so
it refuses for up to the step and never admits more.
"""

from gpcore.domain.limit_rules import NEVER, CounterRule
from gpcore.domain.limit_states import Change, Counts, Judgement


def judge_counter(rule: CounterRule, stored: Counts | None, now_us: int) -> Judgement:
    """Judge one use. A use is not recognised when it comes again: it counts again."""
    window_us = rule.window_us
    counts = _rolled(stored, now_us, window_us)
    uncovered = window_us - max(0, now_us - counts.start_us)
    room = (rule.limit - counts.current) * window_us - counts.previous * uncovered
    remaining = room // window_us
    idle_at_us = _idle_at(counts, now_us, window_us)
    if rule.cost == 0:
        return Judgement(0, remaining, idle_at_us)
    if rule.cost > remaining:
        retry = NEVER if rule.cost > rule.limit else _admitted_at(rule, counts) - now_us
        return Judgement(retry, remaining, idle_at_us)
    after = Counts(counts.start_us, counts.current + rule.cost, counts.previous)
    return Judgement(0, remaining, idle_at_us, Change(after, _idle_at(after, now_us, window_us)), rule.cost)


def _rolled(stored: Counts | None, now_us: int, window_us: int) -> Counts:
    """Return the counts as they stand in the window of ``now_us``, or in a later one already seen."""
    start_us = now_us - now_us % window_us
    if stored is None or stored.start_us < start_us - window_us:
        return Counts(start_us, 0, 0)
    if stored.start_us < start_us:
        return Counts(start_us, 0, stored.current)
    return stored


def _idle_at(counts: Counts, now_us: int, window_us: int) -> int:
    if counts.current:
        return counts.start_us + 2 * window_us
    return counts.start_us + window_us if counts.previous else now_us


def _admitted_at(rule: CounterRule, counts: Counts) -> int:
    """Return the first instant at which the refused cost fits, when nobody else comes.

    In this window the previous one's units fade. If that is not enough, this window's units fade
    in the next one, and are gone at its end.
    """
    window_us = rule.window_us
    room = rule.limit - counts.current - rule.cost
    if room >= 0:
        # Refused although there is room, so the previous window's units are what is in the way.
        return counts.start_us + window_us - room * window_us // counts.previous
    return counts.start_us + 2 * window_us - (rule.limit - rule.cost) * window_us // counts.current
