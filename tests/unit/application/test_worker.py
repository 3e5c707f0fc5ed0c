"""The order of ending: nothing new, what waits goes back, what runs finishes, what is stuck is cancelled."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from gpadapters.memory.claim_store import InMemoryClaimStore
from gpcore import CommandContext, Defer, EventContext, MemberJoin, Router
from gpcore.domain import metrics
from gpcore.domain.claims import Ticket
from gpcore.domain.settling import Ack
from gpcore.domain.wire_message import Lane
from gpcore.errors import ConfigurationError
from gpcore.ports.clock import Clock
from tests.unit.application.deliveries import HandFedSource, RecordedDelivery
from tests.unit.application.worlds import Process, World


class JournalledClaims(InMemoryClaimStore):
    def __init__(self, clock: Clock, journal: list[str]) -> None:
        super().__init__(clock)
        self._journal = journal

    async def release(self, ticket: Ticket, *, give_back_attempt: bool = False) -> bool:
        self._journal.append("release" if give_back_attempt else "release and count")
        return await super().release(ticket, give_back_attempt=give_back_attempt)


class StubbornSource(HandFedSource):
    """A broker that does not answer."""

    async def stop(self) -> None:
        await asyncio.Event().wait()


class Fixture:
    """A worker whose handlers take as long as their name says."""

    def __init__(self, world: World, *, source: HandFedSource | None = None) -> None:
        self.world = world
        self.journal: list[str] = []
        self.starts: list[str] = []
        self.store = JournalledClaims(world.clock, self.journal)
        self.sources = {lane: HandFedSource(self.journal) for lane in Lane}
        if source is not None:
            self.sources[Lane.INTERACTIONS] = source
        self.process = Process(
            world, self.router(), slots=2, quick_slots=1, claims=self.store, sources=dict(self.sources)
        )
        self.worker = self.process.worker

    def router(self) -> Router:
        router = Router()

        @router.command("work", defer=Defer.always(), timeout=60)
        async def work(ctx: CommandContext, seconds: int) -> str:
            self.starts.append(f"command {seconds}")
            await self.world.clock.sleep(seconds)
            return "done"

        @router.event("member.join", timeout=60)
        async def welcome(ctx: EventContext[MemberJoin]) -> None:
            self.starts.append("event")
            await self.world.clock.sleep(10)

        return router

    async def command(self, seconds: int) -> RecordedDelivery:
        options = [{"name": "seconds", "type": 4, "value": seconds}]
        return await self._push(
            RecordedDelivery(self.world.command("work", options=options), lane=Lane.INTERACTIONS, journal=self.journal)
        )

    async def event(self) -> RecordedDelivery:
        return await self._push(RecordedDelivery(self.world.event(), lane=Lane.EVENTS, journal=self.journal))

    async def _push(self, delivery: RecordedDelivery) -> RecordedDelivery:
        self.sources[delivery.lane].push(delivery)
        await self.world.clock.advance(0)
        return delivery


@pytest.fixture
async def fixture(world: World) -> AsyncIterator[Fixture]:
    made = Fixture(world)
    await made.worker.start()
    yield made
    assert len(asyncio.all_tasks()) == 1, "nothing is left running"


async def test_a_drain_with_nothing_to_do_ends_at_once(world: World, fixture: Fixture) -> None:
    await world.run(fixture.worker.drain(25))

    assert fixture.worker.draining
    assert fixture.journal == ["stop", "stop", "close", "close"]


async def test_a_worker_that_never_started_can_be_drained(world: World) -> None:
    await world.run(Fixture(world).worker.drain(25))


async def test_a_drain_keeps_its_order(world: World, fixture: Fixture) -> None:
    running = [await fixture.command(5), await fixture.command(59), await fixture.event()]
    waiting = [await fixture.command(1), await fixture.command(1)]
    assert len(fixture.starts) == 3

    drain = asyncio.ensure_future(fixture.worker.drain(25))
    await world.clock.advance(0.1)
    assert fixture.journal == ["stop", "stop", "release", "give_back", "release", "give_back"]
    assert [delivery.settled for delivery in waiting] == [["give_back"]] * 2
    assert [delivery.settled for delivery in running] == [[]] * 3
    assert len(fixture.starts) == 3, "what waited does not start any more"

    await world.clock.advance(22.8)
    assert [delivery.settled for delivery in running] == [["ack"], [], ["ack"]]
    assert not drain.done()
    await world.clock.advance(0.2)

    assert drain.done()
    assert running[1].settled == ["give_back"]
    assert fixture.journal[6:] == ["ack", "ack", "release", "give_back", "close", "close"]


async def test_every_delivery_is_settled_exactly_once(world: World, fixture: Fixture) -> None:
    deliveries = [await fixture.command(seconds) for seconds in (1, 40, 2, 3)] + [await fixture.event()]

    await world.run(fixture.worker.drain(25), seconds=25)

    assert [len(delivery.settled) for delivery in deliveries] == [1] * 5


async def test_what_was_given_back_can_be_claimed_at_once(world: World, fixture: Fixture) -> None:
    stuck = await fixture.command(50)
    await world.run(fixture.worker.drain(5), seconds=5)

    second = Process(world, fixture.router(), claims=fixture.store)

    assert await second.handle(stuck.message, redelivered=True, seconds=51) == Ack("handled")
    assert second.telemetry.counted(metrics.CLAIMS, "interactions", "claimed") == 1


async def test_a_claim_is_kept_as_long_as_its_handler_runs(world: World, fixture: Fixture) -> None:
    delivery = await fixture.command(50)
    await world.clock.advance(45)

    again = Process(world, Router(), claims=fixture.store)
    await again.handle(delivery.message, redelivered=True)

    assert again.telemetry.counted(metrics.CLAIMS, "interactions", "busy") == 1
    await world.run(fixture.worker.drain(25), seconds=10)


async def test_a_broker_that_does_not_answer_does_not_hold_the_drain_up(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    made = Fixture(world, source=StubbornSource())
    await made.worker.start()
    delivery = await made.event()

    await world.run(made.worker.drain(25), seconds=25)

    assert delivery.settled == ["ack"]
    assert "a step of the drain took longer than 2 s and was left behind" in caplog.messages


async def test_a_handler_that_will_not_be_cancelled_is_left_behind(world: World) -> None:
    router, over = Router(), asyncio.Event()

    @router.event("member.join", timeout=60)
    async def stubborn(ctx: EventContext[MemberJoin]) -> None:
        try:
            await over.wait()
        except asyncio.CancelledError:
            await over.wait()

    sources = {lane: HandFedSource() for lane in Lane}
    process = Process(world, router, sources=dict(sources))
    await process.worker.start()
    delivery = RecordedDelivery(world.event(), lane=Lane.EVENTS)
    sources[Lane.EVENTS].push(delivery)
    await world.clock.advance(0)

    await world.run(process.worker.drain(10), seconds=10)

    assert (delivery.settled, sources[Lane.EVENTS].journal) == ([], ["stop", "close"])
    over.set()
    await world.clock.advance(0)
    assert len(delivery.settled) == 1


async def test_a_lane_that_cannot_go_on_ends_the_worker(world: World, fixture: Fixture) -> None:
    failing = asyncio.ensure_future(fixture.worker.failed())
    await world.clock.advance(60)
    assert not failing.done()

    fixture.sources[Lane.EVENTS].refuse(ConfigurationError("the queue has other arguments"))
    await world.clock.advance(0)

    with pytest.raises(ConfigurationError, match="other arguments"):
        failing.result()
    await world.run(fixture.worker.drain(1))


async def test_two_lanes_that_cannot_go_on_are_one_failure(world: World, fixture: Fixture) -> None:
    for source in fixture.sources.values():
        source.refuse(ConfigurationError("the queue has other arguments"))

    with pytest.raises(ConfigurationError):
        await world.run(fixture.worker.failed())
    await world.run(fixture.worker.drain(1))


class Forgetful(InMemoryClaimStore):
    """Has a mistake where leases are prolonged."""

    async def extend(self, tickets: Sequence[Ticket], *, lease_us: int) -> Sequence[bool]:
        raise ZeroDivisionError


async def test_a_worker_whose_leases_are_no_longer_kept_fails(world: World) -> None:
    """It would go on with claims that others take over."""
    made = Fixture(world)
    made.process = Process(world, made.router(), claims=Forgetful(world.clock), sources=dict(made.sources))
    made.worker = made.process.worker
    await made.worker.start()
    await made.command(50)

    with pytest.raises(ZeroDivisionError):
        await world.run(made.worker.failed(), seconds=11)
    await world.run(made.worker.drain(5), seconds=5)


async def test_a_worker_that_never_started_fails_with_its_sources(world: World) -> None:
    made = Fixture(world)
    made.sources[Lane.EVENTS].refuse(ConfigurationError("the queue has other arguments"))

    with pytest.raises(ConfigurationError):
        await world.run(made.worker.failed())


async def test_a_source_that_was_closed_is_no_failure(world: World, fixture: Fixture) -> None:
    fixture.sources[Lane.EVENTS].refuse(None)

    await world.run(fixture.worker.failed())
    await world.run(fixture.worker.drain(1))
