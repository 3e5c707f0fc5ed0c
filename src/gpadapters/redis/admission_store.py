"""Limits and cooldowns in Redis."""

from collections.abc import Sequence
from typing import Final

from typing_extensions import override

from gpadapters.redis.client import RedisClient
from gpadapters.redis.connecting import Argument
from gpadapters.redis.scripted_store import ScriptedStore
from gpadapters.redis.scripts import load
from gpcore.domain.limit_rules import (
    CooldownRule,
    CounterRule,
    Decision,
    GcraRule,
    Rule,
    check_nonce,
    check_rules,
    remembers_nonces,
)
from gpcore.ports.admission_store import AdmissionStore
from gpcore.ports.clock import Clock

_LOOKING: Final = ""
_PARTS: Final = ("admission", "window", "counter", "gcra", "cooldown")


class RedisAdmissionStore(ScriptedStore, AdmissionStore):
    """Decides in one script and one round trip.

    Args:
        client: The connection.
        key_prefix: Put before every key.
        clock: Only in tests; otherwise the server's own clock decides.
    """

    def __init__(self, client: RedisClient, key_prefix: str = "", clock: Clock | None = None) -> None:
        super().__init__(client, key_prefix, clock)
        self._admit: Final = load(*_PARTS, "admit", repeatable=True)
        self._admit_once: Final = load(*_PARTS, "admit", repeatable=False)
        self._refund: Final = load("admission", "refund", repeatable=True)

    @override
    async def admit(self, rules: Sequence[Rule], *, nonce: str) -> Decision:
        check_nonce(nonce)
        return await self._decide(rules, nonce)

    @override
    async def peek(self, rules: Sequence[Rule]) -> Decision:
        return await self._decide(rules, _LOOKING)

    @override
    async def refund(self, rules: Sequence[Rule], *, nonce: str) -> None:
        check_rules(rules)
        await self._client.evaluate(self._refund, self._keys(rules), [nonce, *map(_kind, rules)])

    @override
    async def reset(self, rules: Sequence[Rule]) -> None:
        check_rules(rules)
        await self._client.execute("DEL", *self._keys(rules))

    async def _decide(self, rules: Sequence[Rule], nonce: str) -> Decision:
        check_rules(rules)
        arguments: list[Argument] = [self._now(), nonce]
        for rule in rules:
            arguments.extend(_arguments(rule))
        # A use that is not recognised would count again if its lost call were sent again.
        repeatable = nonce == _LOOKING or all(map(remembers_nonces, rules))
        script = self._admit if repeatable else self._admit_once
        reply = await self._client.evaluate(script, self._keys(rules), arguments)
        allowed, remaining, retry_after, reset_after, now, limiting = map(int, reply)
        return Decision(
            allowed=bool(allowed),
            remaining=remaining,
            retry_after_us=retry_after,
            reset_after_us=reset_after,
            now_us=now,
            limiting=limiting if limiting >= 0 else None,
        )

    def _keys(self, rules: Sequence[Rule]) -> list[str]:
        return [self._key(rule.key) for rule in rules]


def _kind(rule: Rule) -> str:
    return str(_arguments(rule)[0])


def _arguments(rule: Rule) -> tuple[Argument, ...]:
    if isinstance(rule, CooldownRule):
        return "cooldown", 1, rule.duration_us, 1
    if isinstance(rule, GcraRule):
        return "gcra", rule.burst, rule.interval_us, rule.cost
    return "counter" if isinstance(rule, CounterRule) else "window", rule.limit, rule.window_us, rule.cost
