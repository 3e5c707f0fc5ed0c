"""Workers that come and go over one broker, one state and one Discord."""

import asyncio

from gpadapters.memory.discord import InMemoryFirstResponder, InMemoryFollowups
from gpadapters.memory.publisher import InMemoryPublisher
from gpadapters.memory.source import InMemoryDeliverySource
from gpadapters.wire.json_codec import JsonCodec
from gpcore.application.lanes import LaneRunner
from gpcore.application.routing import Router
from gpcore.domain.claims import LEASE_US, MAX_ATTEMPTS, Verdict
from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.ports.admission_store import AdmissionStore
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
)
from tests.unit.application.worlds import Process, World

UNHARMED = Harm(at=0)


class Fleet:
    """What outlives the workers, and the worker that runs now.

    Attributes:
        claims: The claims that workers started from now on share, in memory unless replaced.
        admissions: Their limits likewise.
    """

    def __init__(self) -> None:
        self.world = World()
        self.claims: ClaimStore = self.world.claims
        self.admissions: AdmissionStore = self.world.admissions
        self.fuse = Fuse(UNHARMED)
        self._process: Process | None = None

    async def start(self, router: Router, harm: Harm) -> None:
        """Start a worker with a process state of its own."""
        await self.start_behind(Fuse(harm), router)

    async def start_behind(self, fuse: Fuse, router: Router) -> None:
        """Start a worker whose every call goes through a fuse."""
        world = self.world
        sources = {lane: InMemoryDeliverySource(world.broker, lane=lane, prefetch=10) for lane in Lane}
        self.fuse = fuse
        self._process = Process(
            world,
            router,
            responder=FusedResponder(InMemoryFirstResponder(world.discord), fuse),
            followups=FusedFollowups(InMemoryFollowups(world.discord), fuse),
            claims=FusedClaims(self.claims, fuse),
            admissions=FusedAdmissions(self.admissions, fuse),
            publisher=FusedPublisher(InMemoryPublisher(world.broker), fuse),
            sources={lane: FusedSource(source, fuse) for lane, source in sources.items()},
        )
        runners = list(self._process.runners.values())
        fuse.cancel = lambda: _cancel(runners)
        await self._process.worker.start()

    async def end(self) -> None:
        """End the worker: a dead one's connections break at once, any other is drained."""
        assert self._process is not None
        for runner in self._process.runners.values():
            await runner.source.stop()
        if self.fuse.dead:
            for runner in self._process.runners.values():
                await runner.source.close()
                await runner.cancel()
        draining = asyncio.ensure_future(self._process.worker.drain(0))
        while not draining.done():
            await self.world.clock.advance(0.1)
        draining.result()

    def put(self, message: WireMessage, lane: Lane) -> None:
        """Let an ingestor publish a message."""
        self.world.broker.publish(message, routing_key=self.world.broker.layout.queue(lane))

    async def settle_down(self, lane: Lane, *, within: float) -> None:
        """Let time pass until the message is in no queue that leads back to a worker."""
        passed = 0.0
        while not self.settled(lane):
            assert passed <= within, "it still goes round"
            await self.world.clock.advance(5)
            passed += 5

    def settled(self, lane: Lane) -> bool:
        layout = self.world.broker.layout
        dead = layout.dead_letter_queue(lane)
        queues = [queue.name for queue in layout.queues_of(lane) if queue.name != dead]
        waiting = any(self.world.broker.messages(name) for name in queues)
        assert self._process is not None
        return not waiting and self._process.runners[lane].in_flight == 0

    def dead_letters(self, lane: Lane) -> int:
        return len(self.world.broker.messages(self.world.broker.layout.dead_letter_queue(lane)))

    async def is_done(self, message: WireMessage) -> bool:
        """Tell whether the state says that the id was processed."""
        envelope = JsonCodec().decode(message, received_at_ms=self.world.now_ms)
        claim_id = envelope.interaction_id or envelope.event_id
        result = await self.claims.claim(claim_id, owner="whoever asks", lease_us=LEASE_US, max_attempts=MAX_ATTEMPTS)
        return result.verdict is Verdict.DONE


def _cancel(runners: list[LaneRunner]) -> None:
    """Do what a drain does whose time is over: nothing new, and cancel what runs."""
    task = asyncio.ensure_future(_stop_and_cancel(runners))
    task.add_done_callback(_check)


async def _stop_and_cancel(runners: list[LaneRunner]) -> None:
    for runner in runners:
        await runner.stop_consuming()
    for runner in runners:
        await runner.cancel()


def _check(task: "asyncio.Task[None]") -> None:
    if not task.cancelled():
        task.result()
