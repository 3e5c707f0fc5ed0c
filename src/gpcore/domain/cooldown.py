"""The cooldown: held until an instant, free at exactly that instant.

It decides as a sliding window with room for one unit would.
"""

from gpcore.domain.limit_rules import CooldownRule
from gpcore.domain.limit_states import Change, Hold, Judgement


def judge_cooldown(rule: CooldownRule, hold: Hold | None, now_us: int, nonce: str | None) -> Judgement:
    """Judge one use; the owner of a running cooldown is admitted, which does not start it anew."""
    if hold is None or hold.until_us <= now_us:
        until_us = now_us + rule.duration_us
        return Judgement(0, 1, now_us, Change(Hold(until_us, nonce or ""), until_us), 1)
    if hold.owner == nonce:
        return Judgement(0, 0, hold.until_us)
    return Judgement(hold.until_us - now_us, 0, hold.until_us)
