"""What the in-memory broker does over time: expiry, limits, turns."""

from collections.abc import AsyncIterator

import pytest

from gpadapters.memory.broker_layout import BrokerLayout, QueueLayout
from gpadapters.memory.clock import VirtualClock
from gpadapters.memory.telemetry import InMemoryTelemetry
from gpcore.domain.metrics import CLAIMS, HANDLER_DURATION, IN_FLIGHT
from gpcore.domain.wire_message import Lane
from gpcore.errors import PortRejectedError
from tests.contracts.broker_world import Inbox, a_message
from tests.eventually import eventually
from tests.unit.memory.memory_world import MemoryWorld

MINUTE = 60


@pytest.fixture
async def world() -> AsyncIterator[MemoryWorld]:
    world = MemoryWorld()
    yield world
    await world.close()


async def test_an_interaction_that_nobody_takes_is_dead_lettered_after_15_minutes_and_forgotten_after_16(
    world: MemoryWorld,
) -> None:
    await world.publisher().publish(a_message(b"lost"), routing_key="interaction.button")
    await world.clock.advance(15 * MINUTE - 1)
    assert await world.waiting("interactions") == 1
    await world.clock.advance(2)
    assert await world.waiting("interactions") == 0
    [dead] = world.broker.messages("t.interactions.dlq")
    assert dead.body == b"lost"
    assert dead.headers["x-death"] == [{"queue": "t.interactions", "reason": "expired", "count": 1}]
    await world.clock.advance(MINUTE)
    assert await world.waiting("interactions.dlq") == 0


async def test_a_returned_message_keeps_its_expiry(world: MemoryWorld) -> None:
    inbox = Inbox()
    source = world.source(Lane.INTERACTIONS)
    await source.start(inbox)
    await world.publisher().publish(a_message(), routing_key="interaction.button")
    await eventually(lambda: inbox)
    await world.clock.advance(16 * MINUTE)
    assert await inbox.deliveries[0].give_back()
    await world.clock.advance(0)
    assert len(inbox) == 1
    assert await world.waiting("interactions.dlq") == 1


async def test_retries_of_one_delay_come_back_in_order(world: MemoryWorld) -> None:
    inbox = Inbox()
    await world.source(Lane.EVENTS).start(inbox)
    for number, delay in enumerate((5, 4.2, 4.6)):
        await world.publisher().retry(a_message(str(number).encode()), lane=Lane.EVENTS, delay=delay)
    await world.clock.advance(4.9)
    assert not inbox, "a message expires only at the head of its queue"
    await world.clock.advance(0.1)
    assert inbox.bodies == [b"0", b"1", b"2"]


async def test_the_longest_retry_waits_ten_minutes(world: MemoryWorld) -> None:
    inbox = Inbox()
    await world.source(Lane.EVENTS).start(inbox)
    await world.publisher().retry(a_message(), lane=Lane.EVENTS, delay=3600)
    await world.clock.advance(599)
    assert not inbox
    await world.clock.advance(1)
    assert len(inbox) == 1


async def test_dead_interactions_are_at_most_a_thousand_and_the_oldest_go(world: MemoryWorld) -> None:
    for number in range(1_002):
        await world.publisher().dead_letter(a_message(str(number).encode()), lane=Lane.INTERACTIONS)
    waiting = world.broker.messages("t.interactions.dlq")
    assert (len(waiting), waiting[0].body) == (1_000, b"2")


async def test_a_full_queue_refuses(world: MemoryWorld) -> None:
    world.broker.declare(QueueLayout(name="small", lane=Lane.EVENTS, max_length=1))
    world.broker.publish(a_message(), routing_key="small")
    with pytest.raises(PortRejectedError, match="full"):
        world.broker.publish(a_message(), routing_key="small")


async def test_consumers_of_one_queue_take_turns(world: MemoryWorld) -> None:
    one, other = Inbox(), Inbox()
    for inbox in (one, other):
        await world.source(Lane.EVENTS).start(inbox)
    await world.clock.advance(0)
    for number in range(4):
        await world.publisher().publish(a_message(str(number).encode()), routing_key="guild.join")
    await world.clock.advance(0)
    assert sorted((list(one.bodies), list(other.bodies))) == [[b"0", b"2"], [b"1", b"3"]]


async def test_dispatch_names_and_messages_reach_the_events_queue_only_when_asked() -> None:
    layout = BrokerLayout(dispatch_names=("GUILD_MEMBER_ADD",), message_events=True)
    keys = {one.routing_key for one in layout.bindings() if one.queue == "gp.events.guild"}
    assert keys == {"member.#", "guild.#", "GUILD_MEMBER_ADD", "message.#", "MESSAGE_CREATE"}
    plain = {one.routing_key for one in BrokerLayout().bindings() if one.queue == "gp.events.guild"}
    assert plain == {"member.#", "guild.#"}


async def test_what_is_held_after_stop_is_handed_out_again_when_the_connection_goes(world: MemoryWorld) -> None:
    inbox, others = Inbox(), Inbox()
    source = world.source(Lane.EVENTS)
    await source.start(inbox)
    await world.publisher().publish(a_message(), routing_key="guild.join")
    await eventually(lambda: inbox)
    await source.stop()
    world.lose_connections()
    assert not await inbox.deliveries[0].ack()
    await world.source(Lane.EVENTS).start(others)
    await eventually(lambda: others)


async def test_telemetry_keeps_what_it_was_told() -> None:
    telemetry = InMemoryTelemetry()
    telemetry.count(CLAIMS, "events", "claimed")
    telemetry.count(CLAIMS, "events", "busy")
    telemetry.count(CLAIMS, "interactions", "claimed")
    telemetry.observe(HANDLER_DURATION, 0.5, "ping", "ok")
    telemetry.observe(HANDLER_DURATION, 0.7, "ping", "ok")
    telemetry.gauge(IN_FLIGHT, 3, "events")
    telemetry.gauge(IN_FLIGHT, 2, "events")
    assert telemetry.counted(CLAIMS) == 3
    assert telemetry.counted(CLAIMS, "events") == 2
    assert telemetry.counts["gp_claims", "events", "busy"] == 1
    assert telemetry.observations["gp_handler_duration_seconds", "ping", "ok"] == [0.5, 0.7]
    assert telemetry.gauges["gp_in_flight", "events"] == 2


async def test_closing_a_source_of_a_stopped_broker_does_not_wait() -> None:
    world = MemoryWorld()
    world.go_down()
    source = world.source(Lane.EVENTS)
    await source.start(Inbox())
    await VirtualClock().advance(0)
    await world.close()
    assert source.state() == "stopped"
