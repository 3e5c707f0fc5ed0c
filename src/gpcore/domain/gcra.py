"""The even rate (GCRA): one unit each interval, and a burst after a pause.

The state is one time: when the next unit would come if all units so far had come evenly. A use of
``cost`` units moves it by as many intervals and is admitted unless it would then lie more than
``burst`` intervals ahead. In any time span of length L at most ``ceil(L / interval + burst) - 1``
units are admitted.

Source: the Generic Cell Rate Algorithm, ITU-T I.371, in its virtual-scheduling form.

A clock that steps back refuses for up to the step. Cutting the stored time down to what could be
reached under the new clock would change nothing while refusals write nothing, so it is left alone.
"""

from gpcore.domain.limit_rules import NEVER, GcraRule
from gpcore.domain.limit_states import Arrival, Change, Judgement


def judge_gcra(rule: GcraRule, stored: Arrival | None, now_us: int) -> Judgement:
    """Judge one use. A use is not recognised when it comes again: it counts again."""
    arrival_us = max(now_us, stored.at_us) if stored else now_us
    ahead_us = rule.burst * rule.interval_us
    remaining = (now_us + ahead_us - arrival_us) // rule.interval_us
    if rule.cost == 0:
        return Judgement(0, remaining, arrival_us)
    after_us = arrival_us + rule.cost * rule.interval_us
    if rule.cost > remaining:
        retry = NEVER if rule.cost > rule.burst else after_us - ahead_us - now_us
        return Judgement(retry, remaining, arrival_us)
    return Judgement(0, remaining, arrival_us, Change(Arrival(after_us), after_us), rule.cost)
