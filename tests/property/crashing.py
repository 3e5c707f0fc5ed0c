"""Ports of a worker that dies or is cancelled at its n-th call."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from gpcore.domain.claims import ClaimResult, Completion, Progress, Reopening, Ticket
from gpcore.domain.limit_rules import Decision, Rule
from gpcore.domain.messages import Callback, OutgoingMessage, SentMessage
from gpcore.domain.secrets import Secret
from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.ports.admission_store import AdmissionStore
from gpcore.ports.claim_reopener import ClaimReopener
from gpcore.ports.claim_store import ClaimStore
from gpcore.ports.dead_letters import DeadLetters, DeadLetterShelf
from gpcore.ports.delivery import Delivery, DeliverySource, Receive
from gpcore.ports.first_responder import FirstResponder
from gpcore.ports.followups import ORIGINAL, Followups
from gpcore.ports.publisher import Publisher

Value = TypeVar("Value")


class Killed(BaseException):
    """The process is no more; nothing that it does afterwards has any effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Harm:
    """What happens at which call.

    Attributes:
        at: The number of the call, from 1; 0 for none.
        how: ``kill`` as SIGKILL does, ``cancel`` as the end of a drain does.
        after: Whether the call has its effect first, and only its reply is lost.
    """

    at: int
    how: Literal["kill", "cancel"] = "kill"
    after: bool = False


class Fuse:
    """Counts the calls of one process and does the harm.

    Attributes:
        calls: Names of the calls, in order.
        blown: Whether the harm was done.
        cancel: Called to cancel every delivery.
    """

    def __init__(self, harm: Harm) -> None:
        self.calls: list[str] = []
        self.blown = False
        self.cancel: Callable[[], None] = _nothing
        self._harm = harm

    @property
    def dead(self) -> bool:
        return self.blown and self._harm.how == "kill"

    def check(self) -> None:
        """Stop a dead process from going on by itself."""
        if self.dead:
            raise Killed

    async def aside(self, name: str, work: Coroutine[Any, Any, Value]) -> Value:
        """Do the work of a call that is none of a delivery's own, so no point to crash at; the dead do none."""
        if self.dead:
            work.close()
            raise Killed
        return await work

    async def around(self, name: str, work: Coroutine[Any, Any, Value]) -> Value:
        """Do the work of one call, unless the harm prevents it."""
        if self.dead:
            work.close()
            raise Killed
        self.calls.append(name)
        mine = len(self.calls) == self._harm.at
        if mine and not self._harm.after:
            try:
                await self._do_harm()
            except BaseException:
                work.close()
                raise
        try:
            # A real call waits for its peer, before and after the peer has done it.
            await asyncio.sleep(0)
            self.check()
        except BaseException:
            work.close()
            raise
        result = await work
        await asyncio.sleep(0)
        if mine:
            await self._do_harm()
        return result

    def strike(self) -> None:
        """Do the harm now, wherever the process is."""
        self.blown = True
        if self._harm.how == "kill":
            raise Killed
        self.cancel()

    async def _do_harm(self) -> None:
        self.strike()
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            # Whoever is called on behalf of a delivery is cancelled here.
            await asyncio.Event().wait()


class FusedResponder(FirstResponder):
    def __init__(self, inner: FirstResponder, fuse: Fuse) -> None:
        self._inner, self._fuse = inner, fuse

    async def respond(self, interaction_id: str, token: Secret, callback: Callback, *, timeout: float) -> None:
        name = callback.type.name.lower()
        await self._fuse.around(name, self._inner.respond(interaction_id, token, callback, timeout=timeout))


class FusedFollowups(Followups):
    def __init__(self, inner: Followups, fuse: Fuse) -> None:
        self._inner, self._fuse = inner, fuse

    async def edit(self, token: Secret, message: OutgoingMessage, *, message_id: str = ORIGINAL) -> SentMessage:
        return await self._fuse.around("edit", self._inner.edit(token, message, message_id=message_id))

    async def thinking(self, token: Secret) -> bool:
        return await self._fuse.around("thinking", self._inner.thinking(token))

    async def create(self, token: Secret, message: OutgoingMessage) -> SentMessage:
        return await self._fuse.around("create", self._inner.create(token, message))

    async def delete(self, token: Secret, *, message_id: str = ORIGINAL) -> None:
        await self._fuse.around("delete", self._inner.delete(token, message_id=message_id))


class FusedClaims(ClaimStore):
    def __init__(self, inner: ClaimStore, fuse: Fuse) -> None:
        self._inner, self._fuse = inner, fuse

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
        work = self._inner.claim(
            claim_id, owner=owner, lease_us=lease_us, max_attempts=max_attempts, intent=intent, ephemeral=ephemeral
        )
        return await self._fuse.around("claim", work)

    async def note(self, ticket: Ticket, progress: Progress, *, ephemeral: bool = False, lease_us: int = 0) -> bool:
        work = self._inner.note(ticket, progress, ephemeral=ephemeral, lease_us=lease_us)
        return await self._fuse.around(progress.value, work)

    async def complete(self, ticket: Ticket) -> Completion:
        return await self._fuse.around("complete", self._inner.complete(ticket))

    async def release(self, ticket: Ticket, *, give_back_attempt: bool = False) -> bool:
        return await self._fuse.around("release", self._inner.release(ticket, give_back_attempt=give_back_attempt))

    async def extend(self, tickets: Sequence[Ticket], *, lease_us: int) -> Sequence[bool]:
        return await self._fuse.aside("extend", self._inner.extend(tickets, lease_us=lease_us))


class FusedAdmissions(AdmissionStore):
    def __init__(self, inner: AdmissionStore, fuse: Fuse) -> None:
        self._inner, self._fuse = inner, fuse

    async def admit(self, rules: Sequence[Rule], *, nonce: str) -> Decision:
        return await self._fuse.around("admit", self._inner.admit(rules, nonce=nonce))

    async def peek(self, rules: Sequence[Rule]) -> Decision:
        return await self._fuse.around("peek", self._inner.peek(rules))

    async def refund(self, rules: Sequence[Rule], *, nonce: str) -> None:
        await self._fuse.around("refund", self._inner.refund(rules, nonce=nonce))

    async def reset(self, rules: Sequence[Rule]) -> None:
        await self._fuse.around("reset", self._inner.reset(rules))


class FusedPublisher(Publisher):
    def __init__(self, inner: Publisher, fuse: Fuse) -> None:
        self._inner, self._fuse = inner, fuse

    async def publish(self, message: WireMessage, *, routing_key: str) -> None:
        await self._fuse.around("publish", self._inner.publish(message, routing_key=routing_key))

    async def retry(self, message: WireMessage, *, lane: Lane, delay: float) -> None:
        await self._fuse.around("retry", self._inner.retry(message, lane=lane, delay=delay))

    async def dead_letter(self, message: WireMessage, *, lane: Lane) -> None:
        await self._fuse.around("dead_letter", self._inner.dead_letter(message, lane=lane))


class FusedReopener(ClaimReopener):
    def __init__(self, inner: ClaimReopener, fuse: Fuse) -> None:
        self._inner, self._fuse = inner, fuse

    async def reopen(self, claim_id: str) -> Reopening:
        return await self._fuse.around("reopen", self._inner.reopen(claim_id))


class FusedDeadLetters(DeadLetters):
    def __init__(self, inner: DeadLetters, fuse: Fuse) -> None:
        self._inner, self._fuse = inner, fuse

    @asynccontextmanager
    async def open(self, lane: Lane) -> AsyncIterator[DeadLetterShelf]:
        async with self._inner.open(lane) as shelf:
            yield FusedShelf(shelf, self._fuse)

    async def resubmit(self, message: WireMessage, *, lane: Lane) -> None:
        await self._fuse.around("resubmit", self._inner.resubmit(message, lane=lane))


class FusedShelf(DeadLetterShelf):
    def __init__(self, inner: DeadLetterShelf, fuse: Fuse) -> None:
        self._inner, self._fuse = inner, fuse

    @property
    def depth(self) -> int:
        return self._inner.depth

    async def take(self) -> Delivery | None:
        taken = await self._fuse.around("take", self._inner.take())
        return None if taken is None else FusedDelivery(taken, self._fuse)


class FusedDelivery(Delivery):
    def __init__(self, inner: Delivery, fuse: Fuse) -> None:
        self._inner, self._fuse = inner, fuse

    @property
    def lane(self) -> Lane:
        return self._inner.lane

    @property
    def message(self) -> WireMessage:
        return self._inner.message

    @property
    def redelivered(self) -> bool:
        return self._inner.redelivered

    @property
    def broker_deliveries(self) -> int:
        return self._inner.broker_deliveries

    async def ack(self) -> bool:
        return await self._fuse.around("ack", self._inner.ack())

    async def give_back(self) -> bool:
        return await self._fuse.around("give_back", self._inner.give_back())


class FusedSource(DeliverySource):
    def __init__(self, inner: DeliverySource, fuse: Fuse) -> None:
        self._inner, self._fuse = inner, fuse

    async def start(self, receive: Receive) -> None:
        await self._inner.start(lambda delivery: receive(FusedDelivery(delivery, self._fuse)))

    def state(self) -> str:
        return self._inner.state()

    def ready(self) -> int | None:
        return self._inner.ready()

    async def failed(self) -> None:
        await self._inner.failed()

    async def stop(self) -> None:
        await self._inner.stop()

    async def close(self) -> None:
        await self._inner.close()


def _nothing() -> None:
    """Stand in until the process is there to be cancelled."""
