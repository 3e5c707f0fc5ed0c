"""What all dead letters promise."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from gpcore.domain.wire_message import Lane, WireMessage
from gpcore.errors import PortRejectedError, PortUnavailableError
from gpcore.ports.dead_letters import DeadLetters
from gpcore.ports.delivery import Delivery
from tests.contracts.broker_world import BrokerWorld, Inbox, a_message
from tests.eventually import eventually, eventually_true

FOREIGN = {"x-death": [{"count": 3}], "X-Delivery-Count": 4, "gp-attempt": 2}


class DeadLettersContract:
    """Subclass it per adapter, with a fixture ``world`` in which everything is declared."""

    @pytest.mark.parametrize("lane", list(Lane))
    async def test_hands_out_each_once_and_in_order(self, world: BrokerWorld, lane: Lane) -> None:
        sent = await _dead(world, 5, lane=lane)
        async with world.dead_letters().open(lane) as shelf:
            assert shelf.depth == 5
            taken = [await shelf.take() for _ in range(6)]
        assert taken.pop() is None
        assert _bodies(taken) == sent
        assert {delivery.lane for delivery in taken if delivery is not None} == {lane}

    async def test_thirty_looks_lose_nothing_and_keep_the_order(self, world: BrokerWorld) -> None:
        sent = await _dead(world, 5)
        letters = world.dead_letters()
        for _ in range(30):
            assert await _all(letters) == sent

    async def test_what_was_not_settled_is_back_in_its_place(self, world: BrokerWorld) -> None:
        sent = await _dead(world, 5)
        letters = world.dead_letters()
        async with letters.open(Lane.EVENTS) as shelf:
            for number in range(4):
                delivery = await shelf.take()
                assert delivery is not None
                assert number != 2 or await delivery.ack()
        assert await _all(letters) == sent[:2] + sent[3:]

    async def test_an_error_while_it_is_open_loses_nothing(self, world: BrokerWorld) -> None:
        sent = await _dead(world, 3)
        letters = world.dead_letters()
        with pytest.raises(ZeroDivisionError):
            await _take_one_and_fail(letters)
        assert await _all(letters) == sent

    async def test_a_broker_that_goes_away_loses_nothing(self, world: BrokerWorld) -> None:
        sent = await _dead(world, 3)
        letters = world.dead_letters()
        async with letters.open(Lane.EVENTS) as shelf:
            await shelf.take()
            world.go_down()
            with pytest.raises(PortUnavailableError):
                await shelf.take()
        with pytest.raises(PortUnavailableError):
            await _all(letters)
        with pytest.raises(PortUnavailableError):
            await letters.resubmit(a_message(), lane=Lane.EVENTS)
        world.come_back()
        await eventually_true(lambda: _holds(letters, sent))

    async def test_an_empty_queue_has_nothing(self, world: BrokerWorld) -> None:
        async with world.dead_letters().open(Lane.EVENTS) as shelf:
            assert shelf.depth == 0
            assert await shelf.take() is None

    async def test_refuses_to_open_without_the_queue(self, world: BrokerWorld) -> None:
        await world.delete("dlq")
        with pytest.raises(PortRejectedError):
            await _all(world.dead_letters())

    @pytest.mark.parametrize("lane", list(Lane))
    async def test_resubmits_to_the_lanes_own_queue(self, world: BrokerWorld, lane: Lane) -> None:
        inbox = Inbox()
        message = replace(a_message(priority=5), headers=FOREIGN)
        await world.dead_letters().resubmit(message, lane=lane)
        await world.source(lane).start(inbox)
        await eventually(lambda: inbox)
        [delivery] = inbox.deliveries
        assert delivery.message.body == message.body
        assert delivery.message.message_id == message.message_id
        assert delivery.message.priority == 5

    async def test_never_sends_the_brokers_own_headers(self, world: BrokerWorld) -> None:
        await world.dead_letters().resubmit(replace(a_message(), headers=FOREIGN), lane=Lane.EVENTS)
        taken = None
        while taken is None:
            taken = await world.take("events.guild")
        headers = dict(taken.headers)
        assert headers.pop("x-delivery-count", 0) == 0, "a broker may add its own"
        assert headers == {"gp-attempt": 2}

    async def test_refuses_to_resubmit_without_the_queue(self, world: BrokerWorld) -> None:
        await world.delete("events.guild")
        with pytest.raises(PortRejectedError):
            await world.dead_letters().resubmit(a_message(), lane=Lane.EVENTS)


async def _dead(world: BrokerWorld, count: int, *, lane: Lane = Lane.EVENTS) -> list[bytes]:
    publisher = world.publisher()
    messages = [WireMessage(body=b"%d" % number, message_id=str(UUID(int=number))) for number in range(count)]
    for message in messages:
        await publisher.dead_letter(message, lane=lane)
    return [message.body for message in messages]


async def _take_one_and_fail(letters: DeadLetters) -> None:
    async with letters.open(Lane.EVENTS) as shelf:
        await shelf.take()
        raise ZeroDivisionError


async def _all(letters: DeadLetters) -> list[bytes]:
    async with letters.open(Lane.EVENTS) as shelf:
        return _bodies([await shelf.take() for _ in range(shelf.depth)])


async def _holds(letters: DeadLetters, expected: list[bytes]) -> bool:
    try:
        return await _all(letters) == expected
    except PortUnavailableError:
        return False


def _bodies(taken: Sequence[Delivery | None]) -> list[bytes]:
    return [delivery.message.body for delivery in taken if delivery is not None]
