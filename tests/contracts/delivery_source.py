"""What every delivery source and its deliveries promise."""

import asyncio

import pytest

from gpcore.domain.wire_message import Lane
from gpcore.errors import ConfigurationError
from tests.contracts.broker_world import KEYS, BrokerWorld, Inbox, a_message
from tests.eventually import eventually, eventually_true


class DeliverySourceContract:
    """Subclass it per adapter, with a fixture ``world`` in which everything is declared."""

    @pytest.mark.parametrize("lane", list(Lane))
    async def test_hands_over_body_and_properties(self, world: BrokerWorld, lane: Lane) -> None:
        inbox = Inbox()
        source = world.source(lane)
        await source.start(inbox)
        await world.publisher().publish(a_message(b"\x00body", priority=8), routing_key=KEYS[lane])
        await eventually(lambda: inbox)
        [delivery] = inbox.deliveries
        assert delivery.message == a_message(b"\x00body", priority=8)
        assert delivery.lane is lane
        assert not delivery.redelivered
        assert delivery.broker_deliveries == 0
        await eventually(lambda: source.state() == "consuming")  # a delivery may overtake the consumer's confirmation

    async def test_sends_only_the_first_settlement(self, world: BrokerWorld) -> None:
        inbox = Inbox()
        await world.source(Lane.EVENTS).start(inbox)
        await world.publisher().publish(a_message(), routing_key="member.join")
        await eventually(lambda: inbox)
        [delivery] = inbox.deliveries
        assert await delivery.ack()
        assert not await delivery.ack()
        assert not await delivery.give_back()
        await world.publisher().publish(a_message(b"next"), routing_key="member.join")
        await eventually(lambda: len(inbox) > 1)
        assert inbox.bodies == [b"{}", b"next"]

    async def test_settling_says_so_and_does_not_raise_when_the_connection_is_gone(self, world: BrokerWorld) -> None:
        inbox = Inbox()
        await world.source(Lane.EVENTS).start(inbox)
        publisher = world.publisher()
        await publisher.publish(a_message(b"1", message_id="1"), routing_key="member.join")
        await publisher.publish(a_message(b"2", message_id="2"), routing_key="member.join")
        await eventually(lambda: len(inbox) == 2)
        world.lose_connections()
        await eventually(lambda: len(inbox) == 4)
        assert not await inbox.deliveries[0].ack()
        assert not await inbox.deliveries[1].give_back()
        assert sorted(inbox.bodies[2:]) == [b"1", b"2"]
        assert all([await delivery.ack() for delivery in inbox.deliveries[2:]])

    async def test_a_delivery_given_back_comes_again_at_once(self, world: BrokerWorld) -> None:
        inbox = Inbox()
        await world.source(Lane.EVENTS).start(inbox)
        await world.publisher().publish(a_message(), routing_key="member.join")
        await eventually(lambda: inbox)
        assert await inbox.deliveries[0].give_back()
        await eventually(lambda: len(inbox) == 2)
        assert inbox.deliveries[1].redelivered
        assert inbox.deliveries[1].broker_deliveries == 1
        assert await inbox.deliveries[1].ack()

    async def test_knows_after_a_while_how_many_messages_wait(self, world: BrokerWorld) -> None:
        inbox = Inbox()
        source = world.source(Lane.EVENTS, prefetch=1)
        await source.start(inbox)
        publisher = world.publisher()
        for _ in range(3):
            await publisher.publish(a_message(), routing_key="member.join")
        await eventually(lambda: inbox)
        await eventually(lambda: source.ready() == 2)

    async def test_holds_at_most_prefetch_deliveries_unsettled(self, world: BrokerWorld) -> None:
        inbox = Inbox()
        await world.source(Lane.EVENTS, prefetch=2).start(inbox)
        publisher = world.publisher()
        for number in range(5):
            await publisher.publish(a_message(str(number).encode()), routing_key="member.join")
        await eventually(lambda: len(inbox) == 2)
        await asyncio.sleep(0.05)
        assert len(inbox) == 2
        assert await inbox.deliveries[0].ack()
        await eventually(lambda: len(inbox) == 3)
        await asyncio.sleep(0.05)
        assert inbox.bodies == [b"0", b"1", b"2"]

    async def test_keeps_trying_after_a_connection_is_lost(self, world: BrokerWorld) -> None:
        inbox = Inbox()
        source = world.source(Lane.EVENTS)
        await source.start(inbox)
        await eventually(lambda: source.state() == "consuming")
        for lost in range(2):
            world.go_down()
            await eventually(lambda: source.state() == "connecting")
            world.come_back()
            await eventually(lambda: source.state() == "consuming")
            await world.publisher().publish(a_message(), routing_key="member.join")
            await eventually(lambda: inbox)
            assert await inbox.deliveries.pop().ack(), f"after {lost + 1}"

    async def test_hands_out_nothing_after_stop(self, world: BrokerWorld) -> None:
        inbox = Inbox()
        source = world.source(Lane.EVENTS, prefetch=1000)
        await source.start(inbox)
        publisher = world.publisher()
        for number in range(50):
            await publisher.publish(a_message(message_id=str(number)), routing_key="member.join")
        await source.stop()
        handed_out = len(inbox)
        assert source.state() == "stopped"
        await publisher.publish(a_message(message_id="late"), routing_key="member.join")
        await eventually_true(lambda: _waits(world, "events.guild", 51 - handed_out))
        assert len(inbox) == handed_out

    async def test_stopping_at_any_moment_hands_out_nothing_afterwards_and_loses_nothing(
        self, world: BrokerWorld
    ) -> None:
        publisher = world.publisher()
        for number in range(30):
            await publisher.publish(a_message(message_id=str(number)), routing_key="member.join")
        for moment in range(12):
            inbox = Inbox()
            source = world.source(Lane.EVENTS, prefetch=7)
            await source.start(inbox)
            await asyncio.sleep(moment * 0.004)
            handed_out = len(inbox)
            await source.stop()
            await asyncio.sleep(0.01)
            assert len(inbox) == handed_out
            await source.close()
        await eventually_true(lambda: _waits(world, "events.guild", 30))

    async def test_deliveries_can_be_settled_after_stop(self, world: BrokerWorld) -> None:
        inbox = Inbox()
        source = world.source(Lane.EVENTS)
        await source.start(inbox)
        await world.publisher().publish(a_message(), routing_key="member.join")
        await eventually(lambda: inbox)
        await source.stop()
        assert await inbox.deliveries[0].ack()
        await source.close()
        assert await world.waiting("events.guild") == 0

    async def test_close_leaves_what_is_unsettled_to_the_next_consumer(self, world: BrokerWorld) -> None:
        inbox, others = Inbox(), Inbox()
        source = world.source(Lane.EVENTS)
        await source.start(inbox)
        await world.publisher().publish(a_message(), routing_key="member.join")
        await eventually(lambda: inbox)
        await source.close()
        assert not await inbox.deliveries[0].ack()
        await world.source(Lane.EVENTS).start(others)
        await eventually(lambda: others)
        assert others.deliveries[0].redelivered

    async def test_hands_out_interactions_by_priority(self, world: BrokerWorld) -> None:
        publisher = world.publisher()
        for priority in (8, 10, 9):
            await publisher.publish(
                a_message(str(priority).encode(), priority=priority), routing_key=KEYS[Lane.INTERACTIONS]
            )
        inbox = Inbox()
        await world.source(Lane.INTERACTIONS).start(inbox)
        await eventually(lambda: len(inbox) == 3)
        assert inbox.bodies == [b"10", b"9", b"8"]

    async def test_an_event_that_is_given_back_for_ever_is_dead_lettered(self, world: BrokerWorld) -> None:
        inbox = Inbox()
        await world.source(Lane.EVENTS).start(inbox)
        await world.publisher().publish(a_message(), routing_key="member.join")
        for returned in range(21):
            await eventually(lambda: inbox)
            delivery = inbox.deliveries.pop()
            assert delivery.broker_deliveries == returned
            assert await delivery.give_back()
        await eventually_true(lambda: _waits(world, "dlq", 1))
        assert not inbox

    async def test_waits_for_a_missing_queue(self, world: BrokerWorld) -> None:
        await world.delete("retry.5s")
        inbox = Inbox()
        source = world.source(Lane.EVENTS)
        await source.start(inbox)
        await eventually(lambda: source.state() == "missing_topology")
        await world.topology().apply()
        await eventually(lambda: source.state() == "consuming")

    async def test_consumes_again_when_its_queue_is_deleted_and_declared_again(self, world: BrokerWorld) -> None:
        inbox = Inbox()
        source = world.source(Lane.EVENTS)
        await source.start(inbox)
        await eventually(lambda: source.state() == "consuming")
        await world.delete("events.guild")
        await eventually(lambda: source.state() == "missing_topology")
        await world.topology().apply()
        await eventually(lambda: source.state() == "consuming")
        await world.publisher().publish(a_message(), routing_key="member.join")
        await eventually(lambda: inbox)

    async def test_fails_when_the_topology_contradicts_the_declaration(self, world: BrokerWorld) -> None:
        await world.delete("interactions")
        await world.declare_differently("interactions")
        source = world.source(Lane.INTERACTIONS)
        await source.start(Inbox())
        with pytest.raises(ConfigurationError) as refusal:
            await source.failed()
        assert "900" in str(refusal.value), "what gp declares"
        assert "5" in str(refusal.value), "what is there"
        assert source.state() == "refused"

    async def test_failed_waits_until_close(self, world: BrokerWorld) -> None:
        source = world.source(Lane.EVENTS)
        await source.start(Inbox())
        failed = asyncio.create_task(source.failed())
        await eventually(lambda: source.state() == "consuming")
        await source.stop()
        assert not failed.done()
        await source.close()
        await failed

    async def test_can_be_closed_while_it_connects(self, world: BrokerWorld) -> None:
        world.go_down()
        source = world.source(Lane.EVENTS)
        await source.start(Inbox())
        assert source.state() == "connecting"
        await source.stop()
        await source.close()
        assert source.state() == "stopped"


async def _waits(world: BrokerWorld, queue: str, count: int) -> bool:
    return await world.waiting(queue) == count
