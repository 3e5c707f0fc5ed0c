"""The events lane: from a delivery to its disposition."""

import asyncio

import pytest

from gpadapters.wire.encoding import encode_frame
from gpcore import Dispatch, EventContext, MemberJoin, Router
from gpcore.domain.claims import MAX_ATTEMPTS
from gpcore.domain.settling import Ack, DeadLetter, GiveBack, Retry
from gpcore.domain.wire_message import Lane
from tests.builders import an_event_message
from tests.unit.application.deliveries import RecordedDelivery
from tests.unit.application.joins import Joins, claim_for_another
from tests.unit.application.worlds import Process, World


async def test_an_event_is_handled_once(world: World) -> None:
    bot = Joins()
    process = Process(world, bot.router)
    message = world.event()

    assert await process.process(message) == Ack("handled")
    assert await process.process(message, redelivered=True) == Ack("duplicate")

    [ctx] = bot.starts
    assert isinstance(ctx.event, MemberJoin)
    assert (ctx.event.user_id, ctx.event_id, ctx.fence) == ("1055998240358531089", message.message_id, 1)


async def test_a_busy_event_waits_without_burning_an_attempt(world: World) -> None:
    bot = Joins()
    message = world.event()
    await claim_for_another(world, message)
    await world.clock.advance(10)

    disposition = await Process(world, bot.router).process(message)

    assert isinstance(disposition, Retry)
    assert (disposition.outcome, disposition.counts, disposition.error) == ("busy", False, None)
    assert 24 <= disposition.after <= 30, "what is left of the lease, on the ladder"
    assert bot.starts == []


async def test_an_event_whose_owner_died_is_taken_over_with_a_larger_fence(world: World) -> None:
    bot = Joins()
    message = world.event()
    await claim_for_another(world, message)
    await world.clock.advance(31)

    assert await Process(world, bot.router).process(message, redelivered=True) == Ack("handled")
    assert bot.starts[0].fence == 2


async def test_an_event_that_killed_every_worker_is_dead_lettered(world: World) -> None:
    message = world.event()
    for _ in range(MAX_ATTEMPTS):
        await claim_for_another(world, message)
        await world.clock.advance(31)

    bot = Joins()
    assert await Process(world, bot.router).process(message, redelivered=True) == DeadLetter("attempts")
    assert bot.starts == []


async def test_two_copies_in_one_process_are_handled_once(world: World) -> None:
    async def body(ctx: EventContext[MemberJoin]) -> None:
        await world.clock.sleep(1)

    bot = Joins(body)
    process = Process(world, bot.router)
    message = world.event()
    first = asyncio.ensure_future(process.process(message, seconds=2))
    await asyncio.sleep(0)
    second = asyncio.ensure_future(process.events.handle(RecordedDelivery(message, lane=Lane.EVENTS, redelivered=True)))

    assert (await first, await second) == (Ack("handled"), Ack("joined"))
    assert len(bot.starts) == 1


@pytest.mark.parametrize(
    ("fixture", "wire_format", "outcome"),
    [
        ("29-guild-create-join", "v1", "unhandled"),
        ("26-guild-member-update-roles", "frame", "unhandled"),
    ],
)
async def test_an_event_that_nobody_handles_is_acknowledged(
    world: World, fixture: str, wire_format: str, outcome: str
) -> None:
    message = an_event_message(fixture, wire_format=wire_format, now_ms=world.now_ms)  # type: ignore[arg-type]  # one of the formats

    assert await Process(world, Joins().router).process(message) == Ack(outcome)


async def test_an_event_of_an_unknown_type_is_acknowledged_under_its_own_name(world: World) -> None:
    message = an_event_message(eventType="weather.rain")

    assert await Process(world, Joins().router).process(message) == Ack("unknown_event_type")


async def test_a_dispatch_that_gp_does_not_model_is_handled_by_discords_name(world: World) -> None:
    seen: list[Dispatch] = []
    router = Router()

    @router.event("GUILD_ROLE_CREATE")
    async def role(ctx: EventContext[Dispatch]) -> None:
        seen.append(ctx.event)

    raw = {"guild_id": "849255963033731074", "role": {"id": "861033568665731085"}}
    message = encode_frame("GUILD_ROLE_CREATE", raw, sequence=7).message

    assert await Process(world, router).process(message) == Ack("handled")
    assert seen == [Dispatch(name="GUILD_ROLE_CREATE", data=raw, guild_id="849255963033731074")]


async def test_an_interaction_in_the_events_queue_is_acknowledged(world: World) -> None:
    assert await Process(world, Joins().router).process(world.command("ping")) == Ack("wrong_queue")


async def test_no_more_handlers_run_than_there_are_slots(world: World) -> None:
    async def body(ctx: EventContext[MemberJoin]) -> None:
        await world.clock.sleep(1)

    bot = Joins(body)
    process = Process(world, bot.router, slots=2)
    tasks = [
        asyncio.ensure_future(process.events.handle(RecordedDelivery(world.event(), lane=Lane.EVENTS)))
        for _ in range(5)
    ]

    await world.clock.advance(0.5)
    assert len(bot.starts) == 2
    await world.clock.advance(3)

    assert [task.result() for task in tasks] == [Ack("handled")] * 5


async def test_an_event_that_waits_for_a_slot_goes_back_unclaimed_when_the_slots_close(world: World) -> None:
    async def body(ctx: EventContext[MemberJoin]) -> None:
        await world.clock.sleep(1)

    process = Process(world, Joins(body).router, slots=1)
    messages = [world.event(), world.event()]
    tasks = [
        asyncio.ensure_future(process.events.handle(RecordedDelivery(message, lane=Lane.EVENTS)))
        for message in messages
    ]
    await world.clock.advance(0.5)

    process.event_slots.close()
    await world.clock.advance(1)

    assert [task.result() for task in tasks] == [Ack("handled"), GiveBack("drained")]
    bot = Joins()
    await Process(world, bot.router).process(messages[1])
    assert bot.starts[0].fence == 1
