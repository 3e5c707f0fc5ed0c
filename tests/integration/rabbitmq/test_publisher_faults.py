"""What publishing does when the broker is full, silent or gone."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from gpadapters.rabbitmq.declaration import TopologyPlan
from gpadapters.rabbitmq.publisher import RabbitPublisher
from gpcore.domain.wire_message import Lane
from gpcore.errors import PortRejectedError, PortTimeoutError, PortUnavailableError
from tests.contracts.broker_world import a_message
from tests.eventually import PATIENCE, eventually
from tests.servers.rabbitmq_process import RabbitProcess
from tests.servers.rabbitmq_sandbox import Sandbox, hasty
from tests.servers.tcp_proxy import TcpProxy

pytestmark = pytest.mark.integration


@pytest.fixture
async def small_rabbit(rabbit: Sandbox) -> Sandbox:
    """Give a broker whose events queue holds one message."""
    rabbit.plan = TopologyPlan(names=rabbit.plan.names, events_max_length=1)
    await rabbit.topology().apply()
    return rabbit


@pytest.fixture
async def frozen_later(rabbitmq_proxy: TcpProxy) -> AsyncIterator[TcpProxy]:
    """Give a proxy that the test freezes, and that lets everything end afterwards."""
    yield rabbitmq_proxy
    rabbitmq_proxy.thaw()


async def test_a_full_queue_refuses(small_rabbit: Sandbox) -> None:
    publisher = small_rabbit.publisher()
    with pytest.raises(PortRejectedError, match="full"):
        await _fill(publisher)


async def test_a_retry_that_expires_into_a_full_queue_is_kept_until_there_is_room(rabbitmq_node: RabbitProcess) -> None:
    sandbox = Sandbox(rabbitmq_node.url)
    sandbox.plan = TopologyPlan(names=sandbox.names, events_max_length=1)
    await sandbox.topology().apply()
    publisher, queue = sandbox.publisher(), sandbox.names.queue(Lane.EVENTS)
    await publisher.retry(a_message(b"delayed"), lane=Lane.EVENTS, delay=1)
    with pytest.raises(PortRejectedError):
        await _fill(publisher)
    await asyncio.sleep(1.2)
    bodies: list[bytes] = []
    async with asyncio.timeout(PATIENCE):
        while b"delayed" not in bodies:
            taken = await sandbox.take(queue)
            bodies += [taken.body] if taken is not None else []
    assert bodies[0] == b"filler"
    await sandbox.close()


async def test_a_broker_that_does_not_confirm_is_not_waited_for_for_ever(
    declared_rabbit: Sandbox, frozen_later: TcpProxy
) -> None:
    publisher = declared_rabbit.publisher(replace(hasty(frozen_later.url), confirm_timeout=0.3, connect_timeout=1))
    await publisher.publish(a_message(), routing_key="member.join")
    frozen_later.freeze()
    with pytest.raises(PortTimeoutError):
        await publisher.publish(a_message(), routing_key="member.join")
    frozen_later.thaw()
    await publisher.publish(a_message(), routing_key="member.join")


async def test_a_missing_exchange_does_not_disturb_retries(rabbit: Sandbox) -> None:
    publisher = rabbit.publisher()
    channel = await rabbit.wire()
    await channel.queue_declare(rabbit.names.retry_queue(Lane.EVENTS, 600), durable=True)
    outcomes = await asyncio.gather(
        *(publisher.publish(a_message(message_id=str(n)), routing_key="member.join") for n in range(5)),
        *(publisher.retry(a_message(message_id=f"r{n}"), lane=Lane.EVENTS, delay=600) for n in range(5)),
        return_exceptions=True,
    )
    assert outcomes[5:] == [None] * 5
    assert all(isinstance(outcome, PortRejectedError | PortUnavailableError) for outcome in outcomes[:5])


async def test_headers_that_cannot_be_encoded_are_refused(declared_rabbit: Sandbox) -> None:
    publisher = declared_rabbit.publisher()
    with pytest.raises(PortRejectedError, match="encoded"):
        await publisher.publish(replace(a_message(), headers={"odd": object()}), routing_key="member.join")
    await publisher.publish(a_message(), routing_key="member.join")


async def test_a_closed_publisher_fails_at_once(declared_rabbit: Sandbox) -> None:
    publisher = declared_rabbit.publisher()
    await publisher.publish(a_message(), routing_key="member.join")
    await publisher.close()
    with pytest.raises(PortUnavailableError, match="closed"):
        await publisher.publish(a_message(), routing_key="member.join")


async def test_closing_ends_an_attempt_to_connect(rabbit: Sandbox, frozen_later: TcpProxy) -> None:
    frozen_later.freeze()
    publisher = rabbit.publisher(hasty(frozen_later.url))
    publish = asyncio.create_task(publisher.publish(a_message(), routing_key="member.join"))
    await eventually(lambda: frozen_later.connections)
    async with asyncio.timeout(3):
        await publisher.close()
        with pytest.raises(PortUnavailableError):
            await publish


async def test_whoever_publishes_meanwhile_shares_one_attempt_to_connect(
    declared_rabbit: Sandbox, rabbitmq_proxy: TcpProxy
) -> None:
    publisher = declared_rabbit.publisher(hasty(rabbitmq_proxy.url))
    first = asyncio.create_task(publisher.publish(a_message(message_id="0"), routing_key="member.join"))
    await asyncio.sleep(0)
    others = [
        asyncio.create_task(publisher.publish(a_message(message_id=str(n)), routing_key="member.join"))
        for n in range(1, 10)
    ]
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.gather(*others)
    assert rabbitmq_proxy.connections == 1


async def _fill(publisher: RabbitPublisher) -> None:
    """Publish far more than fits; a broker counts a quorum queue's length a little late."""
    for _ in range(1000):
        await publisher.publish(a_message(b"filler"), routing_key="member.join")
