"""What every publisher promises."""

import asyncio
from dataclasses import replace

import pytest

from gpcore.domain.headers import dead_letter_headers, retry_headers
from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.errors import PortRejectedError, PortUnavailableError
from tests.contracts.broker_world import KEYS, BrokerWorld, Inbox, a_message
from tests.eventually import eventually, eventually_true

FOREIGN = {"x-death": [{"count": 3}], "X-Delivery-Count": 4, "gp-attempt": 2}


class PublisherContract:
    """Subclass it per adapter, with a fixture ``world`` in which everything is declared."""

    @pytest.mark.parametrize("lane", list(Lane))
    async def test_the_broker_has_the_message_when_publish_returns(self, world: BrokerWorld, lane: Lane) -> None:
        await world.publisher().publish(a_message(priority=5), routing_key=KEYS[lane])
        queue = "interactions" if lane is Lane.INTERACTIONS else "events.guild"
        taken = await _taken(world, queue)
        assert replace(taken, headers=_ours(taken)) == a_message(priority=5)

    async def test_refuses_a_routing_key_that_no_queue_is_bound_for(self, world: BrokerWorld) -> None:
        with pytest.raises(PortRejectedError) as refusal:
            await world.publisher().publish(a_message(), routing_key="weather.rain")
        assert refusal.value.code == 312

    async def test_two_copies_of_one_event_are_refused_both(self, world: BrokerWorld) -> None:
        publisher = world.publisher()
        outcomes = await asyncio.gather(
            *(publisher.publish(a_message(), routing_key="weather.rain") for _ in range(4)), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes] == [PortRejectedError] * 4

    async def test_raises_when_the_broker_cannot_be_reached(self, world: BrokerWorld) -> None:
        publisher = world.publisher()
        await publisher.publish(a_message(), routing_key="member.join")
        world.go_down()
        with pytest.raises(PortUnavailableError):
            await publisher.publish(a_message(), routing_key="member.join")
        world.come_back()
        await eventually_true(lambda: _publishes(publisher.publish(a_message(), routing_key="member.join")))

    async def test_never_sends_the_brokers_own_headers(self, world: BrokerWorld) -> None:
        publisher = world.publisher()
        message = replace(a_message(), headers=FOREIGN)
        await publisher.publish(message, routing_key="member.join")
        await publisher.dead_letter(message, lane=Lane.EVENTS)
        await publisher.retry(message, lane=Lane.EVENTS, delay=600)
        for queue in ("events.guild", "dlq", "retry.10m"):
            headers = {**(await _taken(world, queue)).headers}
            assert headers.pop("x-delivery-count", 0) == 0, "a broker may add its own"
            assert headers == {"gp-attempt": 2}

    @pytest.mark.parametrize("lane", list(Lane))
    async def test_a_retry_comes_back_to_its_lane_after_the_delay(self, world: BrokerWorld, lane: Lane) -> None:
        inbox = Inbox()
        await world.source(lane).start(inbox)
        headers = retry_headers({"shardId": 3}, failures=1, now_ms=7, error="KeyError")
        await world.publisher().retry(replace(a_message(priority=3), headers=headers), lane=lane, delay=0.85)
        await world.pass_time(0.4)
        assert not inbox
        await world.pass_time(0.45)
        await eventually(lambda: inbox)
        [delivery] = inbox.deliveries
        assert _ours(delivery.message) == {"shardId": 3, "gp-attempt": 1, "gp-first-seen-ms": 7, "gp-error": "KeyError"}
        assert delivery.message.body == b"{}"
        assert delivery.message.message_id == a_message().message_id
        assert delivery.message.priority == 3
        assert delivery.broker_deliveries == 0
        assert not delivery.redelivered

    @pytest.mark.parametrize(
        ("delay", "queue"),
        [(0, "retry.1s"), (1.01, "retry.5s"), (30, "retry.30s"), (31, "retry.2m"), (9999, "retry.10m")],
    )
    async def test_a_retry_takes_the_smallest_delay_that_is_long_enough(
        self, world: BrokerWorld, delay: float, queue: str
    ) -> None:
        await world.publisher().retry(a_message(), lane=Lane.EVENTS, delay=delay)
        assert await world.waiting(queue) == 1

    @pytest.mark.parametrize(("lane", "queue"), [(Lane.INTERACTIONS, "interactions.dlq"), (Lane.EVENTS, "dlq")])
    async def test_a_dead_letter_arrives_in_the_lanes_queue(self, world: BrokerWorld, lane: Lane, queue: str) -> None:
        headers = dead_letter_headers({"shardId": 3}, reason="attempts", origin=lane, now_ms=7, error="KeyError")
        await world.publisher().dead_letter(replace(a_message(), headers=headers), lane=lane)
        taken = await _taken(world, queue)
        assert taken.headers["gp-reason"] == "attempts"
        assert taken.headers["gp-origin"] == lane.value
        assert taken.headers["gp-error"] == "KeyError"
        assert taken.body == b"{}"

    async def test_refuses_to_retry_without_the_delay_queue(self, world: BrokerWorld) -> None:
        await world.delete("retry.5s")
        with pytest.raises(PortRejectedError):
            await world.publisher().retry(a_message(), lane=Lane.EVENTS, delay=5)

    async def test_refuses_to_dead_letter_without_the_queue(self, world: BrokerWorld) -> None:
        await world.delete("dlq")
        with pytest.raises(PortRejectedError):
            await world.publisher().dead_letter(a_message(), lane=Lane.EVENTS)


async def _taken(world: BrokerWorld, queue: str) -> WireMessage:
    taken = None
    while taken is None:
        taken = await world.take(queue)
    return taken


def _ours(message: WireMessage) -> dict[str, object]:
    return {name: value for name, value in message.headers.items() if not name.startswith("x-")}


async def _publishes(publish: object) -> bool:
    assert asyncio.iscoroutine(publish)
    try:
        await publish
    except PortUnavailableError:
        return False
    return True
