"""Copies of one interaction or event: the id decides, not the message that carried it."""

import asyncio
import json
from dataclasses import replace
from uuid import uuid4

import pytest

from gpadapters.memory.source import InMemoryDeliverySource
from gpcore import CommandContext, Router
from gpcore.domain import metrics
from gpcore.domain.claims import Progress
from gpcore.domain.settling import Ack, Retry
from gpcore.domain.wire_message import Lane, WireMessage
from tests.unit.application.aftermath import a_retried, answer_at_discord, leave_claim
from tests.unit.application.counting_bot import CountingBot
from tests.unit.application.deliveries import RecordedDelivery, RecordedPublisher
from tests.unit.application.joins import Joins
from tests.unit.application.worlds import Process, World


def published_again(message: WireMessage) -> WireMessage:
    """Return the same interaction as another ingestor publishes it, under an event id of its own."""
    event_id = str(uuid4())
    body = json.loads(message.body) | {"eventId": event_id}
    return replace(message, body=json.dumps(body).encode(), message_id=event_id)


@pytest.mark.parametrize("name", ["auto", "always", "never"])
async def test_two_publishes_of_one_interaction_under_two_event_ids_are_answered_once(
    world: World, bot: CountingBot, name: str
) -> None:
    message = world.command(name)
    copy = published_again(message)
    assert copy.message_id != message.message_id
    first, second = Process(world, bot.router), Process(world, bot.router)
    both = [
        asyncio.ensure_future(process.interactions.handle(RecordedDelivery(one, lane=Lane.INTERACTIONS)))
        for process, one in ((first, message), (second, copy))
    ]

    await world.clock.advance(3)

    assert bot.starts == [name]
    assert world.texts(message) == ["done"]
    assert both[0].result() == Ack("handled")
    # Whoever came between the answer and the end waits, and finds it done then.
    waited = both[1].result()
    assert waited == Ack("duplicate") or (isinstance(waited, Retry) and not waited.counts)
    assert await second.handle(a_retried(copy, failures=0)) == Ack("duplicate")


async def test_two_publishes_in_one_worker_join(world: World) -> None:
    starts: list[str] = []
    router = Router()

    @router.command("slow")
    async def slow(ctx: CommandContext) -> str:
        starts.append("slow")
        await world.clock.sleep(0.1)
        return "done"

    process, message = Process(world, router), world.command("slow")
    both = [
        asyncio.ensure_future(process.interactions.handle(RecordedDelivery(one, lane=Lane.INTERACTIONS)))
        for one in (message, published_again(message))
    ]

    await world.clock.advance(1)

    assert [task.result() for task in both] == [Ack("handled"), Ack("joined")]
    assert starts == ["slow"]


async def test_a_copy_under_another_event_id_resumes_after_the_defer(
    world: World, bot: CountingBot, process: Process
) -> None:
    message = world.command("always")
    await answer_at_discord(world, message, ephemeral=True)
    await leave_claim(world, message, Progress.DEFERRED, ephemeral=True, lease_us=1)
    await world.clock.advance(0.1)

    assert await process.handle(published_again(message)) == Ack("handled")
    assert world.calls() == ["deferred_message", "edit"]
    assert bot.starts == ["always"]


async def test_when_all_who_wait_for_the_state_hold_their_slots_the_lane_rests(world: World) -> None:
    """Nothing is published, returned or acknowledged: the broker hands out no more than the prefetch."""
    world.claims.unavailable = True
    bot, publisher = Joins(if_state_down="wait"), RecordedPublisher()
    source = InMemoryDeliverySource(world.broker, lane=Lane.EVENTS, prefetch=4)
    process = Process(world, bot.router, slots=2, publisher=publisher, sources={Lane.EVENTS: source})
    queue = world.broker.layout.queue(Lane.EVENTS)
    messages = [world.event() for _ in range(10)]
    for message in messages:
        world.broker.publish(message, routing_key=queue)
    await process.worker.start()

    await world.clock.advance(300)

    asked = process.telemetry.counted(metrics.STATE_FAILURES, "claim")
    assert len(world.broker.messages(queue)) == 6
    assert process.runners[Lane.EVENTS].in_flight == 4
    assert (bot.starts, publisher.published) == ([], [])
    # Two slots that each ask every few seconds, not ten events that each go round and round.
    assert asked <= 2 * 300 / 5 + 20

    world.claims.unavailable = False
    await world.clock.advance(60)

    assert sorted(ctx.event_id for ctx in bot.starts) == sorted(str(message.message_id) for message in messages)
    assert {ctx.fence for ctx in bot.starts} == {1}, "no attempt was burnt"
    assert publisher.published == []
    await world.run(process.worker.drain(0), seconds=3)
