from collections.abc import Sequence

from gpcore.domain import limiting
from gpcore.domain.limiting import State
from gpcore.domain.limits import Decision, Rule


class Book:
    """Applies the pure decisions to a dictionary."""

    def __init__(self) -> None:
        self.states: dict[str, State] = {}

    def decide(self, rules: Sequence[Rule], now: int, nonce: str | None) -> Decision:
        changes, decision = limiting.decide(self.states, now_us=now, rules=rules, nonce=nonce)
        self.states.update({key: change.state for key, change in changes.items()})
        return decision

    def refund(self, rules: Sequence[Rule], nonce: str) -> None:
        self.states.update(limiting.refund(self.states, rules=rules, nonce=nonce))

    def reset(self, rules: Sequence[Rule]) -> None:
        for rule in rules:
            self.states.pop(rule.key, None)
