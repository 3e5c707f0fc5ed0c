"""Claims in Redis."""

import asyncio
from collections.abc import Sequence
from typing import Final

from typing_extensions import override

from gpadapters.redis.client import Field, RedisClient
from gpadapters.redis.scripted_store import ScriptedStore
from gpadapters.redis.scripts import load
from gpcore.domain.claiming import ClaimRequest
from gpcore.domain.claims import DONE_KEPT_US, ClaimResult, Completion, Progress, Reopening, Ticket, Verdict
from gpcore.domain.keys import claim_key
from gpcore.ports.claim_reopener import ClaimReopener
from gpcore.ports.claim_store import ClaimStore
from gpcore.ports.clock import Clock


class RedisClaimStore(ScriptedStore, ClaimStore, ClaimReopener):
    """Keeps each claim in a hash; one script for each transition.

    Args:
        client: The connection for ``claim`` and ``note``, which an interaction waits for.
        key_prefix: Put before every key.
        clock: Only in tests; otherwise the server's own clock decides.
        background: The connection for ``complete``, ``release``, ``extend`` and ``reopen``, which may take
            longer but matter more; ``client`` if left out.
    """

    def __init__(
        self,
        client: RedisClient,
        key_prefix: str = "",
        clock: Clock | None = None,
        *,
        background: RedisClient | None = None,
    ) -> None:
        super().__init__(client, key_prefix, clock)
        self._background = background or client
        self._claim: Final = load("claims", "claim", repeatable=True)
        self._note: Final = load("claims", "note", repeatable=True)
        self._complete: Final = load("claims", "complete", repeatable=True)
        self._release: Final = load("claims", "release", repeatable=True)
        self._extend: Final = load("claims", "extend", repeatable=True)
        self._reopen: Final = load("claims", "reopen", repeatable=True)

    @override
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
        request = ClaimRequest(
            claim_id=claim_id,
            owner=owner,
            lease_us=lease_us,
            max_attempts=max_attempts,
            intent=intent,
            ephemeral=ephemeral,
        )
        arguments = (self._now(), owner, lease_us, max_attempts, intent.value, int(ephemeral), DONE_KEPT_US)
        return _claim_result(request, await self._client.evaluate(self._claim, self._keys(claim_id), arguments))

    @override
    async def note(self, ticket: Ticket, progress: Progress, *, ephemeral: bool = False, lease_us: int = 0) -> bool:
        arguments = (self._now(), ticket.owner, ticket.fence, progress.value, int(ephemeral), lease_us)
        written = await self._client.evaluate(self._note, self._keys(ticket.claim_id), arguments)
        return bool(written[0])

    @override
    async def complete(self, ticket: Ticket) -> Completion:
        arguments = (self._now(), ticket.owner, ticket.fence, DONE_KEPT_US)
        reply = await self._background.evaluate(self._complete, self._keys(ticket.claim_id), arguments)
        return Completion(_text(reply[0]))

    @override
    async def release(self, ticket: Ticket, *, give_back_attempt: bool = False) -> bool:
        arguments = (self._now(), ticket.owner, ticket.fence, int(give_back_attempt))
        released = await self._background.evaluate(self._release, self._keys(ticket.claim_id), arguments)
        return bool(released[0])

    @override
    async def extend(self, tickets: Sequence[Ticket], *, lease_us: int) -> Sequence[bool]:
        # A script each, since a cluster keeps the keys apart; they leave as one exchange all the same.
        return await asyncio.gather(*(self._extended(ticket, lease_us) for ticket in tickets))

    @override
    async def reopen(self, claim_id: str) -> Reopening:
        reply = await self._background.evaluate(self._reopen, self._keys(claim_id), (self._now(),))
        return Reopening(_text(reply[0]))

    async def _extended(self, ticket: Ticket, lease_us: int) -> bool:
        arguments = (self._now(), ticket.owner, ticket.fence, lease_us)
        extended = await self._background.evaluate(self._extend, self._keys(ticket.claim_id), arguments)
        return bool(extended[0])

    def _keys(self, claim_id: str) -> list[str]:
        return [self._key(claim_key(claim_id))]


def _claim_result(request: ClaimRequest, reply: Sequence[Field]) -> ClaimResult:
    verdict, fence, attempts, progress, ephemeral, retry_after = reply
    return ClaimResult(
        verdict=Verdict(_text(verdict)),
        ticket=Ticket(claim_id=request.claim_id, owner=request.owner, fence=int(fence)),
        attempts=int(attempts),
        progress=Progress(_text(progress)),
        ephemeral=bool(int(ephemeral)),
        retry_after_us=int(retry_after),
    )


def _text(field: Field) -> str:
    return field.decode() if isinstance(field, bytes) else str(field)
