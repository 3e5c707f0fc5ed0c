"""Limits outside a worker: any program that shares an ``AdmissionStore`` can ask them."""

from secrets import token_urlsafe
from typing import Final

from gpcore.domain.keys import cooldown_key, entity_name, limit_key
from gpcore.domain.limit_rules import Decision, Rule, check_rules
from gpcore.domain.limits import Cooldown, Limit
from gpcore.ports.admission_store import AdmissionStore

_SCOPE: Final = "bucket"
_NONCE_BYTES: Final = 9
"""Short, because a window's log keeps it for each unit, and never the same twice in a window."""


class Limiter:
    """Limits of one name, each bucket with its own.

    ::

        async with open_stores("redis://localhost") as stores:
            logins = Limiter(stores.admissions, "login", SlidingWindow(5, per=60))
            decision = await logins.acquire("203.0.113.7")

    A bucket is whatever shares the limits: an address, an id, an empty text for one bucket in all. Scopes
    of the declared limits are for handlers and mean nothing here.

    Args:
        store: Decides; ``gpadapters.redis.open_stores`` or ``gpadapters.memory.open_stores`` give one.
        name: Limiters of the same name share their state.
        limits: One to ten limits and cooldowns; all must admit.

    Raises:
        ValueError: No limits, too many, or two of the same kind and period, which would count as one.
    """

    def __init__(self, store: AdmissionStore, name: str, *limits: Limit | Cooldown) -> None:
        self._store: Final = store
        self._name: Final = name
        self._limits: Final = limits
        self._rules("", cost=1)

    async def acquire(self, bucket: str, *, cost: int = 1, nonce: str | None = None) -> Decision:
        """Take ``cost`` units of every limit if all of them admit; a refusal takes nothing.

        Args:
            bucket: What the units are taken from.
            cost: Units. A cooldown starts whatever the cost.
            nonce: Identifies the use. With the same one again a sliding window or a cooldown admits and takes
                nothing, and ``refund`` finds what to give back. By default each call is a use of its own.

        Raises:
            ValueError: The cost is negative or larger than any store decides.
            PortUnavailableError: The store did not answer; units may have been taken once.
        """
        return await self._store.admit(self._rules(bucket, cost=cost), nonce=nonce or token_urlsafe(_NONCE_BYTES))

    async def peek(self, bucket: str, *, cost: int = 1) -> Decision:
        """Return what ``acquire`` would decide now; raises what it raises."""
        return await self._store.peek(self._rules(bucket, cost=cost))

    async def refund(self, bucket: str, *, nonce: str) -> None:
        """Give back what a use took, where it is remembered; raises ``PortUnavailableError``."""
        await self._store.refund(self._rules(bucket, cost=1), nonce=nonce)

    async def reset(self, bucket: str) -> None:
        """Forget all uses of a bucket; raises ``PortUnavailableError``."""
        await self._store.reset(self._rules(bucket, cost=1))

    def _rules(self, bucket: str, *, cost: int) -> list[Rule]:
        rules = [self._rule(limit, bucket, cost) for limit in self._limits]
        check_rules(rules)
        return rules

    def _rule(self, limit: Limit | Cooldown, bucket: str, cost: int) -> Rule:
        entity = entity_name(_SCOPE, bucket)
        if isinstance(limit, Cooldown):
            return limit.rule(cooldown_key(self._name, bucket), entity=entity)
        key = limit_key(self._name, _SCOPE, bucket, per_us=limit.per_us, kind=limit.kind)
        return limit.rule(key, cost=cost, entity=entity)
