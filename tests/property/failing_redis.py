"""A real server's state for workers on a virtual clock, and a line to it that fails when told to.

A call to the server is over before any virtual time passes: it runs on a loop of another thread, and the
worker's loop waits for it.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from threading import Thread
from typing import Any, Literal, TypeVar

from gpadapters.redis.admission_store import RedisAdmissionStore
from gpadapters.redis.claim_store import RedisClaimStore
from gpadapters.redis.client import RedisClient
from gpcore.domain.claims import ClaimResult, Completion, Progress, Ticket
from gpcore.domain.limit_rules import Decision, Rule
from gpcore.ports.admission_store import AdmissionStore
from gpcore.ports.claim_store import ClaimStore
from gpcore.ports.clock import Clock
from tests.servers.dropping_proxy import DroppingProxy, dropping_proxy
from tests.servers.redis import a_client

Value = TypeVar("Value")
When = Literal["never", "before", "after"]

EVERY_REPLY = 1_000_000


class FailingRedis:
    """Runs calls against the server.

    Attributes:
        plan: What goes wrong at the next calls: nothing, the line is dead before, or the reply never comes.
            The last word holds for all that follow.
        failed: How many calls met something.
    """

    def __init__(self, socket: Path, folder: Path) -> None:
        self.plan: list[When] = ["never"]
        self.failed = 0
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever)
        self._thread.start()
        self._line: AbstractAsyncContextManager[tuple[DroppingProxy, str]] = dropping_proxy(socket, folder)
        self._proxy, url = self._there(self._line.__aenter__())
        self.client: RedisClient = a_client(url)

    def run(self, call: Callable[[], Coroutine[Any, Any, Value]]) -> Value:
        """Make a call and wait for it, as the plan has it."""
        when = self.plan.pop(0) if len(self.plan) > 1 else self.plan[0]
        self.failed += when != "never"
        return self._there(self._made(call, when))

    async def _made(self, call: Callable[[], Coroutine[Any, Any, Value]], when: When) -> Value:
        self._proxy.dead = when == "before"
        self._proxy.drop_replies = EVERY_REPLY if when == "after" else 0
        try:
            return await call()
        finally:
            self._proxy.dead = False
            self._proxy.drop_replies = 0

    def _there(self, work: Coroutine[Any, Any, Value]) -> Value:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def close(self) -> None:
        self._there(self.client.close())
        self._there(self._line.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class ClaimsOverThere(ClaimStore):
    """The claims on the server."""

    def __init__(self, redis: FailingRedis, prefix: str, clock: Clock) -> None:
        self._redis = redis
        self._store = RedisClaimStore(redis.client, prefix, clock)

    async def claim(
        self,
        claim_id: str,
        *,
        owner: str,
        lease_us: int,
        max_attempts: int,
        intent: Progress = Progress.NONE,
        ephemeral: bool = False,
    ) -> ClaimResult:
        return self._redis.run(
            lambda: self._store.claim(
                claim_id, owner=owner, lease_us=lease_us, max_attempts=max_attempts, intent=intent, ephemeral=ephemeral
            )
        )

    async def note(self, ticket: Ticket, progress: Progress, *, ephemeral: bool = False, lease_us: int = 0) -> bool:
        return self._redis.run(lambda: self._store.note(ticket, progress, ephemeral=ephemeral, lease_us=lease_us))

    async def complete(self, ticket: Ticket) -> Completion:
        return self._redis.run(lambda: self._store.complete(ticket))

    async def release(self, ticket: Ticket, *, give_back_attempt: bool = False) -> bool:
        return self._redis.run(lambda: self._store.release(ticket, give_back_attempt=give_back_attempt))

    async def extend(self, tickets: Sequence[Ticket], *, lease_us: int) -> Sequence[bool]:
        return self._redis.run(lambda: self._store.extend(tickets, lease_us=lease_us))


class AdmissionsOverThere(AdmissionStore):
    """The limits on the server."""

    def __init__(self, redis: FailingRedis, prefix: str, clock: Clock) -> None:
        self._redis = redis
        self._store = RedisAdmissionStore(redis.client, prefix, clock)

    async def admit(self, rules: Sequence[Rule], *, nonce: str) -> Decision:
        return self._redis.run(lambda: self._store.admit(rules, nonce=nonce))

    async def peek(self, rules: Sequence[Rule]) -> Decision:
        return self._redis.run(lambda: self._store.peek(rules))

    async def refund(self, rules: Sequence[Rule], *, nonce: str) -> None:
        self._redis.run(lambda: self._store.refund(rules, nonce=nonce))

    async def reset(self, rules: Sequence[Rule]) -> None:
        self._redis.run(lambda: self._store.reset(rules))
