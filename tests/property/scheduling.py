"""Workers whose every call waits until a scheduler lets it go on: any interleaving, one call at a time."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

from gpadapters.memory.discord import InMemoryFirstResponder, InMemoryFollowups
from gpadapters.memory.publisher import InMemoryPublisher
from gpadapters.memory.source import InMemoryDeliverySource
from gpcore.application.routing import Router
from gpcore.domain.wire_message import Lane
from gpcore.ports.claim_store import ClaimStore
from tests.property.crashing import (
    Fuse,
    FusedAdmissions,
    FusedClaims,
    FusedFollowups,
    FusedPublisher,
    FusedResponder,
    FusedSource,
    Harm,
    Killed,
)
from tests.unit.application.worlds import Process, World

Value = TypeVar("Value")


@dataclass(eq=False)
class Parked:
    """A call that waits to be let go on.

    Attributes:
        name: What it is.
        task: The delivery's task that makes it.
        gate: Its result says whether the worker dies on return.
        over: Set when the call has come back, or its caller was cancelled.
    """

    name: str
    task: object
    gate: "asyncio.Future[bool]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    over: asyncio.Event = field(default_factory=asyncio.Event)


class Gate(Fuse):
    """Parks every call of one process.

    Attributes:
        parked: What waits, oldest first.
        diary: Task, name and result of what came back, in order.
        open: Set it, and nothing waits any more.
    """

    def __init__(self) -> None:
        super().__init__(Harm(at=0))
        self.parked: list[Parked] = []
        self.diary: list[tuple[object, str, object]] = []
        self.open = False
        self.killed = False

    @property
    def dead(self) -> bool:
        return self.killed

    async def around(self, name: str, work: Coroutine[Any, Any, Value]) -> Value:
        if self.killed:
            work.close()
            raise Killed
        call = Parked(name, asyncio.current_task())
        try:
            if not self.open:
                self.parked.append(call)
                await self._wait(call, work)
            result = await work
            self.diary.append((call.task, name, result))
            if self.killed:
                raise Killed
            return result
        finally:
            call.over.set()

    async def aside(self, name: str, work: Coroutine[Any, Any, Value]) -> Value:
        return await self.around(name, work)

    async def _wait(self, call: Parked, work: Coroutine[Any, Any, object]) -> None:
        try:
            dies_first = await call.gate
        except BaseException:
            work.close()
            raise
        finally:
            self.parked.remove(call)
        if dies_first:
            work.close()
            raise Killed


class Worker:
    """One worker process with everything behind its gate."""

    def __init__(self, world: World, bot: Callable[[Gate], Router], claims: ClaimStore) -> None:
        self.gate = Gate()
        self._world = world
        sources = {lane: InMemoryDeliverySource(world.broker, lane=lane, prefetch=10) for lane in Lane}
        self._sources = list(sources.values())
        self._process = Process(
            world,
            bot(self.gate),
            responder=FusedResponder(InMemoryFirstResponder(world.discord), self.gate),
            followups=FusedFollowups(InMemoryFollowups(world.discord), self.gate),
            claims=FusedClaims(claims, self.gate),
            admissions=FusedAdmissions(world.admissions, self.gate),
            publisher=FusedPublisher(InMemoryPublisher(world.broker), self.gate),
            sources={lane: FusedSource(source, self.gate) for lane, source in sources.items()},
        )

    async def start(self) -> None:
        await self._process.worker.start()

    async def step(self, call: Parked) -> None:
        """Let one call go on and come back."""
        call.gate.set_result(False)
        await call.over.wait()

    async def kill(self, *, during: Parked | None) -> None:
        """Kill the process; a call that is under way still has its effect, but its reply is lost."""
        self.gate.killed = True
        dying = [task for runner in self._process.runners.values() for task in runner._tasks]
        for call in list(self.gate.parked):
            call.gate.set_result(call is not during)
            await call.over.wait()
        for source in self._sources:
            await source.close()
        for task in dying:
            task.cancel()
        await asyncio.gather(*dying, return_exceptions=True)
        await self._process.worker.drain(0)

    async def lose_connection(self) -> None:
        """Lose the broker's trust: what is held here is handed out again, while it still runs."""
        for source in self._sources:
            if source._consumer is not None:
                self._world.broker.disconnect(source._consumer)

    async def lose_connection_for_good(self) -> None:
        """Do as ``lose_connection``, but without another connection: so stands a process that is stopped."""
        for source in self._sources:
            await source.stop()
        await self.lose_connection()

    async def finish(self) -> None:
        """Let everything go on by itself from now on."""
        self.gate.open = True
        for call in list(self.gate.parked):
            call.gate.set_result(False)
            await call.over.wait()

    async def end(self) -> None:
        await self._process.worker.drain(0)

    @property
    def idle(self) -> bool:
        return all(runner.in_flight == 0 for runner in self._process.runners.values())
