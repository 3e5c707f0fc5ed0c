"""Limits and cooldowns in Redis."""

from collections.abc import Sequence
from typing import Final

from typing_extensions import override

from gpadapters.redis.admission_script import AdmissionScripts
from gpadapters.redis.client import RedisClient
from gpadapters.redis.scripted_store import ScriptedStore
from gpcore.domain.limit_rules import Decision, Rule, check_nonce, check_rules
from gpcore.ports.admission_store import AdmissionStore
from gpcore.ports.clock import Clock


class RedisAdmissionStore(ScriptedStore, AdmissionStore):
    """Decides in one script and one round trip.

    Args:
        client: The connection.
        key_prefix: Put before every key.
        clock: Only in tests; otherwise the server's own clock decides.
    """

    def __init__(self, client: RedisClient, key_prefix: str = "", clock: Clock | None = None) -> None:
        super().__init__(client, key_prefix, clock)
        self._scripts: Final = AdmissionScripts(client)

    @override
    async def admit(self, rules: Sequence[Rule], *, nonce: str) -> Decision:
        check_nonce(nonce)
        return await self._decide(rules, nonce=nonce, take=True)

    @override
    async def peek(self, rules: Sequence[Rule]) -> Decision:
        return await self._decide(rules, take=False)

    @override
    async def refund(self, rules: Sequence[Rule], *, nonce: str) -> None:
        check_rules(rules)
        await self._scripts.refund(rules, self._keys(rules), nonce=nonce)

    @override
    async def reset(self, rules: Sequence[Rule]) -> None:
        check_rules(rules)
        keys = self._keys(rules)
        await self._client.execute("DEL", *keys, key=keys[0])

    async def _decide(self, rules: Sequence[Rule], *, nonce: str = "", take: bool) -> Decision:
        check_rules(rules)
        verdict = await self._scripts.decide(rules, self._keys(rules), now=self._now(), nonce=nonce, take=take)
        return verdict.decision

    def _keys(self, rules: Sequence[Rule]) -> list[str]:
        return [self._key(rule.key) for rule in rules]
