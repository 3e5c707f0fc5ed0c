"""The admission scripts: how a list of rules is put to them, and what they answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

from gpadapters.redis.client import RedisClient
from gpadapters.redis.connecting import Argument
from gpadapters.redis.scripts import load
from gpcore.domain.limit_rules import CooldownRule, CounterRule, Decision, GcraRule, Rule, remembers_nonces

_PARTS: Final = ("admission", "window", "counter", "gcra", "cooldown")


@dataclass(slots=True)
class Verdict:
    """The reply to a list of rules."""

    _rules: Sequence[Rule]
    _reply: Sequence[int]

    @property
    def decision(self) -> Decision:
        """What was decided."""
        allowed, remaining, retry_after, reset_after, now, limiting = self._reply[:6]
        return Decision(
            allowed=allowed == 1,
            remaining=remaining,
            retry_after_us=retry_after,
            reset_after_us=reset_after,
            now_us=now,
            limiting=limiting if limiting >= 0 else None,
        )

    @property
    def took(self) -> Sequence[Rule]:
        """Which rules took their units; one whose use was recognised takes none."""
        return [self._rules[index] for index in self._reply[6:]]


class AdmissionScripts:
    """Runs the scripts on one client."""

    def __init__(self, client: RedisClient) -> None:
        self._client: Final = client
        self._admit: Final = load(*_PARTS, "admit", repeatable=True)
        self._admit_once: Final = load(*_PARTS, "admit", repeatable=False)
        self._refund: Final = load("admission", "refund", repeatable=True)

    async def decide(
        self, rules: Sequence[Rule], keys: Sequence[str], *, now: str, nonce: str = "", take: bool, once: bool = False
    ) -> Verdict:
        """Decide in one round trip.

        Args:
            rules: What is asked, checked already.
            keys: The stored name of each rule's key, all on one node.
            now: A test's time in microseconds, or ``0`` for the server's.
            nonce: The use; empty for a look by nobody in particular.
            take: Whether to take the units if all rules admit.
            once: Whether a lost reply is an error although asking again would do no harm: who is asked again
                does not tell what was taken before.

        Raises:
            PortError: The server did not decide.
        """
        arguments: list[Argument] = [now, nonce, "take" if take else "look"]
        for rule in rules:
            arguments.extend(_arguments(rule))
        # A use that is not recognised would count again if its lost call were sent again.
        repeatable = not take or (not once and all(map(remembers_nonces, rules)))
        reply = await self._client.evaluate(self._admit if repeatable else self._admit_once, keys, arguments)
        return Verdict(rules, cast("Sequence[int]", reply))

    async def refund(self, rules: Sequence[Rule], keys: Sequence[str], *, nonce: str) -> None:
        """Give back what the use took; raises ``PortError``."""
        await self._client.evaluate(self._refund, keys, [nonce, *(_arguments(rule)[0] for rule in rules)])


def _arguments(rule: Rule) -> tuple[Argument, ...]:
    if isinstance(rule, CooldownRule):
        return "cooldown", 1, rule.duration_us, 1
    if isinstance(rule, GcraRule):
        return "gcra", rule.burst, rule.interval_us, rule.cost
    return "counter" if isinstance(rule, CounterRule) else "window", rule.limit, rule.window_us, rule.cost
