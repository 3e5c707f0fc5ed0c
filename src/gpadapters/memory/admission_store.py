"""Limits and cooldowns in this process."""

from collections.abc import Mapping, Sequence

from typing_extensions import override

from gpadapters.memory.expiring_states import ExpiringStates
from gpcore.domain import limiting
from gpcore.domain.limit_rules import Decision, Rule, check_rules
from gpcore.domain.limit_states import State
from gpcore.errors import PortUnavailableError
from gpcore.ports.admission_store import AdmissionStore
from gpcore.ports.clock import Clock


class InMemoryAdmissionStore(AdmissionStore):
    """Keeps state for one process; nothing awaits between a read and its write.

    Attributes:
        unavailable: Set it, and every call fails as if the store were down. For tests.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._states: ExpiringStates[State] = ExpiringStates()
        self.unavailable = False

    @override
    async def admit(self, rules: Sequence[Rule], *, nonce: str) -> Decision:
        self._check_available()
        now_us = self._clock.now_us()
        changes, decision = limiting.decide(self._of(rules), now_us=now_us, rules=rules, nonce=nonce)
        for key, change in changes.items():
            self._states.put(key, change.state, deadline_us=change.idle_at_us, now_us=now_us)
        return decision

    @override
    async def peek(self, rules: Sequence[Rule]) -> Decision:
        self._check_available()
        now_us = self._clock.now_us()
        return limiting.decide(self._of(rules), now_us=now_us, rules=rules, nonce=None)[1]

    @override
    async def refund(self, rules: Sequence[Rule], *, nonce: str) -> None:
        self._check_available()
        check_rules(rules)
        for key, state in limiting.refund(self._of(rules), rules=rules, nonce=nonce).items():
            if state is None:
                self._states.discard(key)
            else:
                self._states.replace(key, state)

    @override
    async def reset(self, rules: Sequence[Rule]) -> None:
        self._check_available()
        check_rules(rules)
        for rule in rules:
            self._states.discard(rule.key)

    def stored(self, key: str) -> State:
        """Return what is kept under a key, perhaps lapsed; for tests."""
        return self._states.get(key)

    def _of(self, rules: Sequence[Rule]) -> Mapping[str, State]:
        return {rule.key: self._states.get(rule.key) for rule in rules}

    def _check_available(self) -> None:
        if self.unavailable:
            raise PortUnavailableError("the in-memory admission store was made unavailable")
