"""Limits and cooldowns in a Redis Cluster.

A cluster runs a script on the keys of one slot only, so the keys of one entity share a hash tag and
are decided in one step. Several entities are asked one after the other, from narrow to wide; when one
refuses, those before it get back what was just taken. So no limit is ever exceeded, and a limit may seem
fuller than it is between the taking and the giving back.

Taking leaves out what has lapsed, and giving back does not bring it in again. So after a refusal a clock
that steps back may find less taken than it would have without.

Rules that remember nobody cannot be given back. They are asked last, and looked at before they are
taken if there are several entities of them.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from typing_extensions import override

from gpadapters.redis.admission_script import AdmissionScripts, Verdict
from gpadapters.redis.client import RedisClient
from gpadapters.redis.scripted_store import ScriptedStore
from gpcore.domain.limit_rules import NEVER, Decision, Rule, check_nonce, check_rules, remembers_nonces
from gpcore.ports.admission_store import AdmissionStore
from gpcore.ports.clock import Clock

_NARROW_TO_WIDE: Final = ("user", "bucket", "custom", "channel", "guild", "global")


@dataclass(slots=True)
class _Group:
    """Rules that one script decides, with their places in the whole list."""

    places: list[int] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)


class RedisClusterAdmissionStore(ScriptedStore, AdmissionStore):
    """Decides in one script for each entity.

    Args:
        client: Sends a script to the node that holds its keys.
        key_prefix: Put before every key.
        clock: Only in tests; otherwise the nodes' own clocks decide.
    """

    def __init__(self, client: RedisClient, key_prefix: str = "", clock: Clock | None = None) -> None:
        super().__init__(client, key_prefix, clock)
        self._scripts: Final = AdmissionScripts(client)

    @override
    async def admit(self, rules: Sequence[Rule], *, nonce: str) -> Decision:
        check_nonce(nonce)
        check_rules(rules)
        groups = _groups(rules)
        forgetful = [group for group in groups if not remembers_nonces(group.rules[0])]
        if len(forgetful) > 1:
            looked = await self._look(forgetful, nonce)
            if not looked.allowed:
                return await self._look(groups, nonce)
        return await self._take(groups, nonce)

    @override
    async def peek(self, rules: Sequence[Rule]) -> Decision:
        check_rules(rules)
        return await self._look(_groups(rules), "")

    @override
    async def refund(self, rules: Sequence[Rule], *, nonce: str) -> None:
        check_rules(rules)
        await asyncio.gather(*(self._give_back(group.rules, nonce) for group in _groups(rules)))

    @override
    async def reset(self, rules: Sequence[Rule]) -> None:
        check_rules(rules)
        for group in _groups(rules):
            keys = self._keys(group.rules)
            await self._client.execute("DEL", *keys, key=keys[0])

    async def _take(self, groups: Sequence[_Group], nonce: str) -> Decision:
        decisions, took = list[Decision](), list[list[Rule]]()
        for group in groups:
            verdict = await self._ask(group, nonce, take=True)
            if not verdict.decision.allowed:
                await asyncio.gather(*(self._give_back(rules, nonce) for rules in took))
                return _refusal(await self._look(groups, nonce), verdict.decision, group)
            decisions.append(verdict.decision)
            took.append([rule for rule in verdict.took if remembers_nonces(rule)])
        return _combined(groups, decisions)

    async def _look(self, groups: Sequence[_Group], nonce: str) -> Decision:
        verdicts = await asyncio.gather(*(self._ask(group, nonce, take=False) for group in groups))
        return _combined(groups, [verdict.decision for verdict in verdicts])

    async def _ask(self, group: _Group, nonce: str, *, take: bool) -> Verdict:
        keys = self._keys(group.rules)
        return await self._scripts.decide(group.rules, keys, now=self._now(), nonce=nonce, take=take)

    async def _give_back(self, rules: Sequence[Rule], nonce: str) -> None:
        if rules:
            await self._scripts.refund(rules, self._keys(rules), nonce=nonce)

    def _keys(self, rules: Sequence[Rule]) -> list[str]:
        # A rule without an entity is alone, and its whole name chooses the slot.
        return [self._key(f"{{{rule.entity}}}{rule.key}" if rule.entity else rule.key) for rule in rules]


def _groups(rules: Sequence[Rule]) -> list[_Group]:
    """Return the rules by entity, in the order in which to ask them."""
    found: dict[tuple[bool, int, str], _Group] = {}
    for place, rule in enumerate(rules):
        scope = rule.entity.partition(":")[0]
        width = _NARROW_TO_WIDE.index(scope) if scope in _NARROW_TO_WIDE else len(_NARROW_TO_WIDE)
        name = rule.entity or f"={rule.key}"
        group = found.setdefault((not remembers_nonces(rule), width, name), _Group())
        group.places.append(place)
        group.rules.append(rule)
    return [found[order] for order in sorted(found)]


def _combined(groups: Sequence[_Group], decisions: Sequence[Decision]) -> Decision:
    """Return what one script would have answered for all of them."""
    refusals = [
        (group.places[decision.limiting], decision.retry_after_us)
        for group, decision in zip(groups, decisions, strict=True)
        if decision.limiting is not None
    ]
    # The longest wait; of equal ones the rule that stands first in the list.
    limiting, wait = max(refusals, key=lambda one: (one[1] == NEVER, one[1], -one[0]), default=(None, 0))
    return Decision(
        allowed=limiting is None,
        remaining=min(decision.remaining for decision in decisions),
        retry_after_us=wait,
        reset_after_us=max(decision.reset_after_us for decision in decisions),
        now_us=max(decision.now_us for decision in decisions),
        limiting=limiting,
    )


def _refusal(looked: Decision, refused: Decision, group: _Group) -> Decision:
    """Return the refusal, also if a moment later everything would have been admitted."""
    if not looked.allowed or refused.limiting is None:
        return looked
    return replace(
        looked, allowed=False, retry_after_us=refused.retry_after_us, limiting=group.places[refused.limiting]
    )
