"""The broker, or the way to it, misbehaves under a worker."""

import asyncio
import json
import re

import pytest
from pamqp.commands import Basic

from gpcore.domain.wire_message import Lane
from tests.e2e.processes import outcomes
from tests.eventually import eventually, eventually_true
from tests.faults.scene import Scene
from tests.servers.rabbitmq_process import RabbitProcess
from tests.servers.tcp_proxy import TcpProxy

pytestmark = pytest.mark.e2e


async def test_row_17_a_connection_cut_while_a_handler_runs_leads_to_one_effect(
    scene: Scene, rabbitmq_proxy: TcpProxy
) -> None:
    worker = await scene.worker(RABBITMQ_URL=rabbitmq_proxy.url)
    address = await worker.ready()
    event = await scene.join("slow-4")
    await eventually(lambda: scene.effects("began")[event] == 1)
    rabbitmq_proxy.cut()
    await scene.all_done(event)
    await eventually_true(lambda: has_outcome(address, "joined"))
    assert scene.effects("began")[event] == scene.effects()[event] == 1
    assert await worker.stop() == 0, worker.log


async def test_row_19_connections_cut_again_and_again_lose_nothing(scene: Scene, rabbitmq_proxy: TcpProxy) -> None:
    worker = await scene.worker(RABBITMQ_URL=rabbitmq_proxy.url)
    events = []
    for number in range(60):
        events.append(await scene.join("slow-0.05"))
        if number % 20 == 10:
            rabbitmq_proxy.cut()
    await scene.all_done(*events)
    assert max(scene.effects().values()) == 1, "a guarded event runs once, however often it is delivered"
    assert await worker.stop() == 0, worker.log


@pytest.mark.fault
async def test_row_21_a_half_open_connection_is_noticed(scene: Scene, rabbitmq_proxy: TcpProxy) -> None:
    frozen = await scene.worker(RABBITMQ_URL=rabbitmq_proxy.url)
    rabbitmq_proxy.freeze()
    other = await scene.worker()
    events = [await scene.join() for _ in range(20)]
    # What the broker had pushed into the dead connection comes back when it has missed its heartbeats.
    await scene.all_done(*events, within=90)
    rabbitmq_proxy.thaw()
    await frozen.ready()
    assert max(scene.effects().values()) == 1
    for worker in (frozen, other):
        assert await worker.stop() == 0, worker.log


async def test_row_23_other_arguments_on_the_broker_end_the_worker_and_are_left_alone(scene: Scene) -> None:
    queue = scene.sandbox.names.queue(Lane.INTERACTIONS)
    channel = await scene.sandbox.wire()
    await channel.queue_declare(queue, durable=True, arguments={"x-message-ttl": 5000})
    worker = await scene.worker(ready=False)
    assert await worker.ended() == 2
    assert "900000" in worker.log, "what gp declares"
    assert "5000" in worker.log, "what is there"
    assert await scene.sandbox.waiting(queue) == 0
    await channel.close()


@pytest.mark.fault
async def test_row_24_without_topology_a_worker_waits_and_says_once_what_to_do(scene: Scene) -> None:
    worker = await scene.worker(ready=False, GP_TOPOLOGY="verify")
    await eventually(lambda: "gp topology apply" in worker.log)
    apply = await scene.begin("topology", "apply", env={**scene.world.env, "EVENT_RETRY_DELAYS": "1s,2s,3s"})
    assert await apply.ended() == 0, apply.log
    await worker.ready()
    assert worker.log.count("gp topology apply") == 2, "once for each lane"
    assert await worker.stop() == 0, worker.log


async def test_row_31_a_retry_that_cannot_be_published_keeps_the_original(scene: Scene) -> None:
    worker = await scene.worker()
    address = await worker.ready()
    await scene.sandbox.delete(scene.sandbox.names.prefix + ".retry.1s")
    event = await scene.join("fails-3")
    await scene.all_done(event)
    counted = await outcomes(address)
    assert counted["events", "publish_failed"] == 1, "its claim counted the attempt: the next rung is another queue"
    assert scene.effects()[event] == 1
    assert await scene.dead_letters() == {}
    assert await worker.stop() == 0, worker.log


async def test_row_44_high_priorities_are_served_before_a_flood_of_low_ones(scene: Scene) -> None:
    declared = await scene.worker()
    await declared.stop()
    queue = scene.sandbox.names.queue(Lane.INTERACTIONS)
    channel = await scene.sandbox.wire()
    for number in range(310):
        high = number >= 300
        await channel.basic_publish(
            json.dumps(high).encode(), routing_key=queue, properties=_priority(8 if high else 1), mandatory=True
        )
    await channel.close()
    taken = [await scene.sandbox.take(queue) for _ in range(20)]
    assert [json.loads(one.body) for one in taken if one is not None] == [True] * 10 + [False] * 10


@pytest.mark.fault
async def test_row_20_a_broker_that_is_away_for_a_while_loses_nothing(fragile: Scene, node: RabbitProcess) -> None:
    worker = await fragile.worker()
    events = [await fragile.join("slow-1") for _ in range(60)]
    await asyncio.to_thread(node.stop)
    await asyncio.sleep(5)
    lines = len(worker.lines)
    await asyncio.sleep(5)
    assert len(worker.lines) - lines < 60, "a hot loop would say much more"
    await asyncio.to_thread(node.start)
    await fragile.all_done(*events, within=90)
    assert max(fragile.effects().values()) == 1
    assert await worker.stop() == 0, worker.log


@pytest.mark.fault
async def test_row_27_a_delivery_held_beyond_the_consumer_timeout_is_survived(
    fragile: Scene, node: RabbitProcess
) -> None:
    node.ctl("eval", "application:set_env(rabbit, consumer_timeout, 1000).")
    node.ctl("eval", "application:set_env(rabbit, channel_tick_interval, 1000).")
    try:
        worker = await fragile.worker()
        event = await fragile.join("slow-6")
        await eventually(lambda: "channel_closed" in worker.log, within=60)
        await fragile.all_done(event)
        assert fragile.effects()[event] == 1
        assert await worker.stop() == 0, worker.log
    finally:
        node.ctl("eval", "application:set_env(rabbit, consumer_timeout, 1800000).")


@pytest.mark.fault
async def test_row_42_sigterm_without_a_broker_ends_promptly(fragile: Scene, node: RabbitProcess) -> None:
    worker = await fragile.worker()
    await asyncio.to_thread(node.stop)
    try:
        assert await worker.stop(within=15) == 0, worker.log
    finally:
        await asyncio.to_thread(node.start)


@pytest.mark.fault
async def test_row_43_under_a_memory_alarm_publishing_waits_and_consumers_go_on(
    fragile: Scene, node: RabbitProcess
) -> None:
    # One after the other, so that the one that fails has its turn when the alarm is long there.
    worker = await fragile.worker(EVENT_CONCURRENCY="1")
    address = await worker.ready()
    events = [await fragile.join("slow-0.5") for _ in range(20)]
    failing = await fragile.join("fails-2")
    node.ctl("set_vm_memory_high_watermark", "absolute", "1")
    try:
        assert failing not in fragile.effects("began"), "the alarm came too late"
        await fragile.all_done(*events)
        await eventually_true(lambda: has_outcome(address, "publish_failed"))
        assert failing not in fragile.effects(), "its retry cannot be published"
    finally:
        node.ctl("set_vm_memory_high_watermark", "absolute", "512MiB")
    await fragile.all_done(failing, within=60)
    assert max(fragile.effects().values()) == 1
    assert await fragile.dead_letters() == {}
    assert await worker.stop() == 0, worker.log


@pytest.mark.fault
async def test_row_33_dead_letters_that_find_their_queue_full_stay_where_they_are_until_there_is_room(
    fragile: Scene, node: RabbitProcess
) -> None:
    worker = await fragile.worker(EVENT_RETRY_DELAYS="1s")
    address = await worker.ready()
    names = fragile.sandbox.names
    full = names.dead_letter_queue(Lane.EVENTS)
    node.ctl(
        *("set_policy", "--apply-to", "queues", "full", f"^{re.escape(full)}$"),
        json.dumps({"max-length": 1, "overflow": "reject-publish"}),
    )
    failing = [await fragile.join("fails-99") for _ in range(3)]
    await eventually_true(lambda: has_outcome(address, "publish_failed"))
    neighbours = [await fragile.join() for _ in range(5)]
    await fragile.all_done(*neighbours)
    assert await fragile.sandbox.waiting(full) == 1, "no more than there is room for"
    node.ctl("clear_policy", "full")
    parked: dict[str, str] = {}

    async def all_parked() -> bool:
        parked.update(await fragile.dead_letters())
        return {fragile.id_of(one) for one in parked} == set(failing)

    await eventually_true(all_parked, within=60)
    assert set(parked.values()) == {"attempts"}
    assert not set(failing) & set(fragile.effects())
    assert await worker.stop() == 0, worker.log


async def has_outcome(address: str, *words: str) -> bool:
    return any(outcome in words for _, outcome in await outcomes(address))


def _priority(priority: int) -> Basic.Properties:
    return Basic.Properties(priority=priority, delivery_mode=2)
