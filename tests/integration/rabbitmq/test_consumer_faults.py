"""What consumers survive: closed channels, lost consumers, cut, frozen and restarted connections."""

import asyncio
from dataclasses import replace

import pytest
from aiormq.abc import AbstractChannel as Wire

from gpadapters.rabbitmq.source import RabbitDeliverySource
from gpcore.domain.metrics import RECONNECTS
from gpcore.domain.wire_message import Lane
from gpcore.errors import PortUnavailableError
from gpcore.ports.delivery import Delivery
from tests.contracts.broker_world import Inbox, a_message
from tests.eventually import eventually
from tests.servers.rabbitmq_process import RabbitProcess
from tests.servers.rabbitmq_sandbox import Sandbox, hasty
from tests.servers.tcp_proxy import TcpProxy

pytestmark = pytest.mark.integration


class Handlers:
    """Runs a task of its own per delivery, as the worker does."""

    def __init__(self) -> None:
        self.tasks: list[asyncio.Task[bool]] = []
        self.go_on = asyncio.Event()

    def __call__(self, delivery: Delivery) -> None:
        self.tasks.append(asyncio.create_task(self._handle(delivery)))

    async def _handle(self, delivery: Delivery) -> bool:
        await self.go_on.wait()
        return await delivery.ack()


async def test_a_handler_is_not_cancelled_when_its_channel_closes(declared_rabbit: Sandbox) -> None:
    handlers = Handlers()
    source = declared_rabbit.source(Lane.EVENTS)
    await source.start(handlers)
    await declared_rabbit.publisher().publish(a_message(), routing_key="member.join")
    await eventually(lambda: handlers.tasks and source.state() == "consuming")
    await _close_channel_of(source)
    await eventually(lambda: len(handlers.tasks) == 2)
    assert not handlers.tasks[0].done(), "the first copy still runs"
    handlers.go_on.set()
    assert await asyncio.gather(*handlers.tasks) == [False, True]
    assert declared_rabbit.telemetry.counted(RECONNECTS, "channel_closed") == 1


async def test_a_consumer_that_the_broker_cancelled_is_rebuilt_at_once(declared_rabbit: Sandbox) -> None:
    settings = replace(declared_rabbit.settings(), watchdog_interval=3600)
    source = declared_rabbit.source(Lane.EVENTS, settings=settings)
    await source.start(Inbox())
    await eventually(lambda: source.state() == "consuming")
    await declared_rabbit.delete(declared_rabbit.names.queue(Lane.EVENTS))
    await eventually(lambda: source.state() == "missing_topology")
    assert declared_rabbit.telemetry.counted(RECONNECTS, "consumer_cancelled") == 1
    await declared_rabbit.topology().apply()
    await eventually(lambda: source.state() == "consuming")


async def test_a_consumer_that_the_broker_forgot_is_rebuilt(declared_rabbit: Sandbox) -> None:
    inbox = Inbox()
    source = declared_rabbit.source(Lane.EVENTS)
    await source.start(inbox)
    await eventually(lambda: source.state() == "consuming")
    await _forget_consumer_of(source)
    await declared_rabbit.publisher().publish(a_message(), routing_key="member.join")
    await eventually(lambda: inbox)
    assert declared_rabbit.telemetry.counted(RECONNECTS, "consumer_lost") == 1


async def test_a_consumer_that_gets_nothing_beside_another_is_rebuilt(declared_rabbit: Sandbox) -> None:
    others, inbox = Inbox(), Inbox()
    other = declared_rabbit.source(Lane.EVENTS, prefetch=1)
    await other.start(others)
    publisher = declared_rabbit.publisher()
    for number in range(3):
        await publisher.publish(a_message(message_id=str(number)), routing_key="member.join")
    await eventually(lambda: others)
    source = declared_rabbit.source(Lane.EVENTS)
    await source.start(inbox)
    await eventually(lambda: len(inbox) == 2 and source.state() == "consuming")
    await _forget_consumer_of(source)
    assert all([await delivery.give_back() for delivery in inbox.deliveries])
    await eventually(lambda: len(inbox) == 4)
    assert declared_rabbit.telemetry.counted(RECONNECTS, "stalled") == 1


async def test_a_frozen_connection_is_given_up_by_the_watchdog(
    declared_rabbit: Sandbox, rabbitmq_proxy: TcpProxy
) -> None:
    settings = replace(hasty(rabbitmq_proxy.url), call_timeout=0.5, connect_timeout=0.5)
    source = declared_rabbit.source(Lane.EVENTS, settings=settings)
    await source.start(Inbox())
    await eventually(lambda: source.state() == "consuming")
    rabbitmq_proxy.freeze()
    await eventually(lambda: source.state() == "connecting")
    rabbitmq_proxy.thaw()
    await eventually(lambda: source.state() == "consuming")
    assert declared_rabbit.telemetry.counted(RECONNECTS, "no_answer") == 1


async def test_a_connection_without_heartbeats_is_given_up_and_that_does_not_look_like_a_cancellation(
    declared_rabbit: Sandbox, rabbitmq_proxy: TcpProxy
) -> None:
    settings = replace(hasty(rabbitmq_proxy.url, heartbeat=1), watchdog_interval=3600, confirm_timeout=60)
    source, publisher = declared_rabbit.source(Lane.EVENTS, settings=settings), declared_rabbit.publisher(settings)
    await source.start(Inbox())
    await eventually(lambda: source.state() == "consuming")
    await publisher.publish(a_message(), routing_key="guild.join")
    rabbitmq_proxy.freeze()
    with pytest.raises(PortUnavailableError, match="given up"):
        await publisher.publish(a_message(), routing_key="guild.join")
    await eventually(lambda: source.state() == "connecting")
    rabbitmq_proxy.thaw()
    await eventually(lambda: source.state() == "consuming")
    await publisher.publish(a_message(), routing_key="guild.join")


async def test_closing_does_not_wait_for_a_broker_that_does_not_answer(
    declared_rabbit: Sandbox, rabbitmq_proxy: TcpProxy
) -> None:
    rabbitmq_proxy.freeze()
    source = declared_rabbit.source(Lane.EVENTS, settings=hasty(rabbitmq_proxy.url))
    await source.start(Inbox())
    await eventually(lambda: rabbitmq_proxy.connections)
    async with asyncio.timeout(3):
        await source.stop()
        await source.close()


async def test_stopping_does_not_wait_for_a_broker_that_fell_silent(
    declared_rabbit: Sandbox, rabbitmq_proxy: TcpProxy
) -> None:
    source = declared_rabbit.source(Lane.EVENTS, settings=replace(hasty(rabbitmq_proxy.url), settle_timeout=0.2))
    await source.start(Inbox())
    await eventually(lambda: source.state() == "consuming")
    rabbitmq_proxy.freeze()
    async with asyncio.timeout(3):
        await source.stop()
    rabbitmq_proxy.thaw()
    assert source.state() == "stopped"


async def test_consuming_resumes_after_an_operator_closed_all_connections(
    declared_rabbit: Sandbox, rabbitmq_node: RabbitProcess
) -> None:
    settings = hasty(rabbitmq_node.url)
    sandbox = Sandbox(rabbitmq_node.url, plan=declared_rabbit.plan)
    await sandbox.topology().apply()
    inbox = Inbox()
    source = sandbox.source(Lane.EVENTS, settings=settings)
    await source.start(inbox)
    await eventually(lambda: source.state() == "consuming")
    await asyncio.to_thread(rabbitmq_node.ctl, "close_all_connections", "test")
    await eventually(lambda: sandbox.telemetry.counted(RECONNECTS, "connection_lost"))
    await sandbox.publisher(settings).publish(a_message(), routing_key="member.join")
    await eventually(lambda: inbox)
    await sandbox.close()


async def test_nothing_persistent_is_lost_when_the_broker_restarts(rabbitmq_own_node: RabbitProcess) -> None:
    sandbox = Sandbox(rabbitmq_own_node.url)
    await sandbox.topology().apply()
    inbox = Inbox()
    source = sandbox.source(Lane.INTERACTIONS)
    publisher = sandbox.publisher()
    await source.start(inbox)
    await publisher.publish(a_message(b"held"), routing_key="interaction.button")
    await publisher.retry(a_message(b"delayed"), lane=Lane.INTERACTIONS, delay=1)
    await eventually(lambda: inbox)
    await asyncio.to_thread(rabbitmq_own_node.stop)
    await eventually(lambda: source.state() == "connecting")
    await asyncio.to_thread(rabbitmq_own_node.start)
    await eventually(lambda: len(inbox) == 3)
    assert sorted(inbox.bodies[1:]) == [b"delayed", b"held"]
    await publisher.publish(a_message(b"new"), routing_key="interaction.button")
    await eventually(lambda: len(inbox) == 4)
    await sandbox.disconnect()


async def _close_channel_of(source: RabbitDeliverySource) -> None:
    """Make the broker close the consumer's channel, as an ack with an unknown tag does."""
    channel, _ = _consumer_of(source)
    await channel.basic_ack(987654)


async def _forget_consumer_of(source: RabbitDeliverySource) -> None:
    """Take the consumer away without the source being told of it."""
    channel, tag = _consumer_of(source)
    await channel.basic_cancel(tag)


def _consumer_of(source: RabbitDeliverySource) -> tuple[Wire, str]:
    """Reach into the source: only its own channel can play these misfortunes."""
    consumption = source._consumption
    assert consumption is not None
    tag = consumption._tag
    assert tag is not None
    return consumption._channel, tag
