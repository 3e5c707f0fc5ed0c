"""Several workers on the same events, one call at a time in any order: I6 to I9.

A scheduler decides which worker's next call goes on, who is killed during which call, whose connection to the broker
is lost while it still runs, and how much time passes in between. A call that is not let go on is a worker that stands
still, for as long as the scheduler likes: its lease lapses, and somebody else takes over.
"""

from collections import Counter
from collections.abc import Callable, Coroutine
from typing import ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from typing_extensions import override

from gpadapters.redis.claim_store import RedisClaimStore
from gpcore import EventContext, MemberJoin, Router
from gpcore.domain.claims import MAX_ATTEMPTS, ClaimResult, Verdict
from gpcore.domain.wire_message import Lane
from gpcore.ports.claim_store import ClaimStore
from tests.property.live_redis import LiveRedis
from tests.property.scheduling import Gate, Parked, Worker
from tests.property.trials import put_to_the_test
from tests.unit.application.worlds import World

pytestmark = [pytest.mark.property, pytest.mark.integration]

MOST_WORKERS = 3
LONGEST = 3_000.0
"""Seconds for the whole ladder of the events, and a lease for each crash."""

workers = st.integers(0, MOST_WORKERS - 1)


class Resource:
    """Somebody else's store that refuses a writer with a lower fence than it has seen."""

    def __init__(self) -> None:
        self.accepted: list[int] = []
        self.refused: list[int] = []

    async def write(self, fence: int) -> None:
        late = bool(self.accepted) and fence < max(self.accepted)
        (self.refused if late else self.accepted).append(fence)


class Interleavings(RuleBasedStateMachine):
    """One event, published once or more, and up to three workers at a time."""

    seen: ClassVar[Counter[str]]

    def __init__(self, live: LiveRedis) -> None:
        super().__init__()
        self.live = live
        self.world = World()
        self.claims = self.store()
        self.message = self.world.event()
        self.resource = Resource()
        self.starts: list[int] = []
        self.ends = 0
        self.copies = 0
        self.kills = 0
        self.workers: dict[int, Worker] = {}
        self.gates: list[Gate] = []
        self.publish()
        self.start(0)
        self.start(1)

    def store(self) -> ClaimStore:
        return self.world.claims

    def bot(self, gate: Gate) -> Router:
        router = Router()

        @router.event("member.join", timeout=600)
        async def welcome(ctx: EventContext[MemberJoin]) -> None:
            gate.check()
            self.starts.append(ctx.fence)
            await gate.around("effect", self.resource.write(ctx.fence))
            self.ends += 1

        return router

    @precondition(lambda self: self.copies < 3)
    @rule()
    def publish(self) -> None:
        self.copies += 1
        self.run(self._publish())

    @precondition(lambda self: len(self.workers) < MOST_WORKERS)
    @rule(number=workers)
    def start(self, number: int) -> None:
        if number not in self.workers:
            self.run(self._start(number))

    @precondition(lambda self: self.parked())
    @rule(data=st.data())
    def go_on(self, data: st.DataObject) -> None:
        worker, call = data.draw(st.sampled_from(self.parked()))
        self.run(worker.step(call))

    @precondition(lambda self: self.parked())
    @rule(times=st.integers(1, 4), latest=st.booleans())
    def go_on_for_a_while(self, times: int, latest: bool) -> None:
        for _ in range(times):
            if calls := self.parked():
                worker, call = calls[-1 if latest else 0]
                self.run(worker.step(call))

    @precondition(lambda self: self.parked())
    @rule(data=st.data(), mid_call=st.booleans())
    def kill(self, data: st.DataObject, mid_call: bool) -> None:
        number = data.draw(st.sampled_from(sorted(self.workers)))
        worker = self.workers.pop(number)
        parked = worker.gate.parked
        self.kills += 1
        self.run(worker.kill(during=parked[0] if mid_call and parked else None))

    @precondition(lambda self: self.parked())
    @rule(data=st.data())
    def lose_connection(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.workers)))
        self.run(self.workers[number].lose_connection())

    @precondition(lambda self: self.parked())
    @rule(others_steps=st.integers(0, 6))
    def stop_a_worker_before_its_effect(self, others_steps: int) -> None:
        # Chance alone seldom stops a worker just there for longer than its lease, and lets another one have the event.
        worker, call = self.parked()[0]
        while call.name in {"claim", "extend"}:
            self.run(worker.step(call))
            if not worker.gate.parked:
                return
            call = worker.gate.parked[0]
        self.run(worker.lose_connection_for_good())
        self.advance(31.0)
        for _ in range(others_steps):
            others = [(other, parked) for other, parked in self.parked() if other is not worker]
            if others:
                self.run(others[0][0].step(others[0][1]))

    @precondition(lambda self: not self.starts)
    @rule(times=st.sampled_from([2, MAX_ATTEMPTS + 2]))
    def die_over_and_over(self, times: int) -> None:
        # Only a poisonous event kills everyone who touches it.
        for _ in range(times):
            for number in list(self.workers):
                self.run(self.workers.pop(number).kill(during=None))
            self.advance(31.0)
            self.start(0)
            starts = len(self.starts)
            while len(self.starts) == starts and (calls := self.parked()):
                self.run(calls[0][0].step(calls[0][1]))

    @rule(seconds=st.sampled_from([0.3, 1.0, 5.0, 31.0]))
    def advance(self, seconds: float) -> None:
        self.live.run(self.world.clock.advance(seconds))

    @override
    def teardown(self) -> None:
        """Let all who live finish, and one more worker come: in the end the event must have an end."""
        self.live.run(self._finish())
        self.check_the_end()

    def check_the_end(self) -> None:
        """Check what the property says of the end."""

    @property
    def done(self) -> bool:
        result = self.live.run(self.claims.claim(self.claim_id, owner="asks", lease_us=1, max_attempts=1))
        assert result.verdict in {Verdict.DONE, Verdict.EXHAUSTED, Verdict.BUSY}
        return result.verdict is Verdict.DONE

    @property
    def claim_id(self) -> str:
        assert self.message.message_id is not None
        return self.message.message_id

    @property
    def parked_for_good(self) -> int:
        return len(self.world.broker.messages(self.world.broker.layout.dead_letter_queue(Lane.EVENTS)))

    @property
    def under_way(self) -> int:
        """Copies in a queue that leads to a worker, or in a worker's hands."""
        broker = self.world.broker
        dead = broker.layout.dead_letter_queue(Lane.EVENTS)
        queues = [queue.name for queue in broker.layout.queues_of(Lane.EVENTS) if queue.name != dead]
        held = sum(len(consumer._held) for consumer in broker._consumers)
        return held + sum(len(broker.messages(name)) for name in queues)

    def parked(self) -> list[tuple[Worker, Parked]]:
        return [(worker, call) for _, worker in sorted(self.workers.items()) for call in worker.gate.parked]

    def run(self, work: Coroutine[object, object, None]) -> None:
        self.live.run(self._and_let_tasks_run(work))

    async def _and_let_tasks_run(self, work: Coroutine[object, object, None]) -> None:
        await work
        await self.world.clock.advance(0)

    async def _publish(self) -> None:
        self.world.broker.publish(self.message, routing_key=self.world.broker.layout.queue(Lane.EVENTS))

    async def _start(self, number: int) -> None:
        worker = Worker(self.world, self.bot, self.claims)
        self.workers[number] = worker
        self.gates.append(worker.gate)
        await worker.start()

    async def _finish(self) -> None:
        await self._start(MOST_WORKERS)
        for worker in self.workers.values():
            await worker.finish()
        passed = 0.0
        while self.under_way or not all(worker.idle for worker in self.workers.values()):
            assert passed <= LONGEST, "it still goes round"
            await self.world.clock.advance(5)
            passed += 5
        for worker in self.workers.values():
            await worker.end()
        await self.world.broker.close()


class Fenced(Interleavings):
    @override
    def check_the_end(self) -> None:
        accepted = self.resource.accepted
        assert accepted == sorted(set(accepted)), "a fence wrote twice, or after a higher one"
        assert accepted or self.parked_for_good, "nobody did it"
        assert len(accepted) + len(self.resource.refused) <= len(self.starts)
        assert set(self.resource.refused) <= set(self.starts)
        self.seen["overtaken"] += bool(self.resource.refused)
        self.seen["done by another"] += len(accepted) > 1


class FewStarts(Interleavings):
    @invariant()
    def nobody_starts_more_often_than_there_are_attempts(self) -> None:
        assert len(self.starts) <= MAX_ATTEMPTS

    @override
    def check_the_end(self) -> None:
        assert len(set(self.starts)) == len(self.starts), "two starts under one claim"
        self.seen["once"] += len(self.starts) == 1
        self.seen["more than once"] += len(self.starts) > 1
        self.seen["given up"] += self.parked_for_good > 0


class NothingLost(Interleavings):
    @invariant()
    def the_event_is_somewhere(self) -> None:
        if not self.under_way and not self.parked_for_good:
            assert self.done
            self.seen["done on the way"] += 1

    @override
    def check_the_end(self) -> None:
        assert self.done or self.parked_for_good
        if self.done and not self.parked_for_good:
            assert self.resource.accepted
        self.seen["done"] += self.done
        self.seen["after a kill"] += self.done and self.kills > 0


class BusyIsNotDone(Interleavings):
    @invariant()
    def whoever_found_it_busy_publishes_it_again_before_the_ack(self) -> None:
        verdicts: dict[object, Verdict] = {}
        for gate in self.gates:
            for task, name, result in gate.diary:
                if isinstance(result, ClaimResult):
                    verdicts[task] = result.verdict
                if name == "retry":
                    self.seen["waited"] += verdicts.pop(task, None) is Verdict.BUSY
                if name == "ack":
                    assert verdicts.get(task) is not Verdict.BUSY, "acknowledged for somebody else"


Over = Callable[[type[Interleavings]], type[Interleavings]]


def in_memory(machine: type[Interleavings]) -> type[Interleavings]:
    """Return the machine as it is."""
    return machine


def on_redis(machine: type[Interleavings]) -> type[Interleavings]:
    """Return the same machine over claims in the real server."""

    class OnRedis(machine):  # type: ignore[misc, valid-type]  # the base is a parameter
        @override
        def store(self) -> ClaimStore:
            return RedisClaimStore(self.live.client, self.live.fresh_prefix(), self.world.clock)

    return OnRedis


both = pytest.mark.parametrize("over", [in_memory, on_redis])


@both
def test_i6_a_resource_that_checks_fences_is_written_once_by_each_owner_and_never_by_an_overtaken_one(
    live_redis: LiveRedis, over: Over
) -> None:
    put_to_the_test(over(Fenced), live_redis, "overtaken", "done by another")


@both
def test_i7_a_handler_starts_at_most_once_for_each_attempt(live_redis: LiveRedis, over: Over) -> None:
    put_to_the_test(over(FewStarts), live_redis, "once", "more than once", "given up")


@both
def test_i8_an_event_is_done_or_parked_or_still_on_its_way_at_any_time(live_redis: LiveRedis, over: Over) -> None:
    put_to_the_test(over(NothingLost), live_redis, "done on the way", "done", "after a kill")


@both
def test_i9_whoever_finds_an_id_busy_never_acknowledges_it_without_a_copy(live_redis: LiveRedis, over: Over) -> None:
    put_to_the_test(over(BusyIsNotDone), live_redis, "waited")
