"""Redis misbehaves under a worker."""

import asyncio
import time

import pytest

from tests.e2e.processes import metric, outcomes
from tests.eventually import eventually, eventually_true
from tests.faults.scene import Scene
from tests.servers.redis import connected
from tests.servers.redis_process import RedisProcess
from tests.servers.tcp_proxy import TcpProxy

pytestmark = pytest.mark.e2e


async def test_row_02_a_lost_reply_to_a_claim_costs_nothing(scene: Scene, redis_proxy: TcpProxy) -> None:
    worker = await scene.worker(REDIS_URL=redis_proxy.url)
    address = await worker.ready()
    await scene.all_done(await scene.join())
    redis_proxy.drop_replies = 1
    event = await scene.join()
    await scene.all_done(event)
    assert scene.effects()[event] == 1
    assert sum((await metric(address, "gp_retries_total")).values()) == 0
    claims = await metric(address, "gp_claims_total")
    assert claims == {'lane="events",verdict="claimed"': 1, 'lane="events",verdict="owned"': 1}
    assert await worker.stop() == 0, worker.log


async def test_row_05_redis_dies_one_event_runs_unguarded_the_other_waits_and_nothing_is_burnt(
    scene: Scene, redis_server: RedisProcess
) -> None:
    worker = await scene.worker(REDIS_URL=redis_server.url)
    address = await worker.ready()
    redis_server.kill()
    waits, runs = await scene.join(leaves=True), await scene.join()
    command = await scene.command("quick")
    await scene.all_done(runs)
    await eventually(lambda: command in scene.first_answers())
    assert waits not in scene.effects()
    redis_server.start()
    await scene.all_done(waits)
    await eventually_true(lambda: settled(address, 3))
    assert await outcomes(address) == {("events", "handled"): 2, ("interactions", "handled"): 1}
    assert set(scene.effects().values()) == {1}
    assert await worker.stop() == 0, worker.log


@pytest.mark.fault
async def test_row_06_a_slow_redis_does_not_keep_interactions_from_their_defer(
    scene: Scene, redis_proxy: TcpProxy
) -> None:
    worker = await scene.worker(REDIS_URL=redis_proxy.url)
    redis_proxy.delay = 2.0
    published = {await scene.command("long", {"seconds": 0.5}): time.time() for _ in range(10)}
    await eventually(lambda: set(published) <= set(scene.first_answers()))
    assert all(at - published[one] < 3 for one, at in scene.first_answers().items())
    redis_proxy.delay = 0.0
    await scene.all_done(*published)
    assert await worker.stop() == 0, worker.log


async def test_row_07_a_redis_that_became_a_replica_is_survived(scene: Scene, redis_server: RedisProcess) -> None:
    worker = await scene.worker(REDIS_URL=redis_server.url)
    async with connected(redis_server.url) as client:
        await client.execute("REPLICAOF", "127.0.0.1", "1")
        waits, runs = await scene.join(leaves=True), await scene.join()
        await scene.all_done(runs)
        assert waits not in scene.effects()
        await client.execute("REPLICAOF", "NO", "ONE")
    await scene.all_done(waits)
    assert set(scene.effects().values()) == {1}
    assert await worker.stop() == 0, worker.log


@pytest.mark.fault
async def test_row_11_a_flush_while_a_handler_runs_is_found_at_its_end(
    scene: Scene, redis_server: RedisProcess
) -> None:
    worker = await scene.worker(REDIS_URL=redis_server.url)
    address = await worker.ready()
    event = await scene.join("slow-1.5")
    await eventually_true(lambda: has_keys(redis_server))
    async with connected(redis_server.url) as client:
        await client.execute("FLUSHALL")
    await scene.all_done(event)
    await eventually_true(lambda: settled(address, 1))
    assert (await metric(address, "gp_claim_completions_total"))['result="recreated"'] == 1
    assert scene.effects()[event] == 1
    assert await worker.stop() == 0, worker.log


@pytest.mark.fault
async def test_row_15_a_worker_paused_beyond_its_lease_is_overtaken_and_changes_nothing_more(scene: Scene) -> None:
    paused = await scene.worker(PROCESSING_TIMEOUT_MS="300000")
    overtaken = await paused.ready()
    event = await scene.join("slow-1")
    await asyncio.sleep(0.5)
    paused.process.send_signal(19)  # SIGSTOP: not even a clock handler runs
    second = await scene.worker()
    address = await second.ready()
    await scene.all_done(event, within=120)
    paused.process.send_signal(18)  # SIGCONT
    await eventually(lambda: scene.effects()[event] == 2)
    await eventually_true(lambda: metric(overtaken, "gp_claim_completions_total"))
    assert set(await metric(overtaken, "gp_claim_completions_total")) == {'result="already"'}
    assert await paused.stop() == 0, paused.log
    assert (await outcomes(address))["events", "handled"] == 1
    assert await scene.dead_letters() == {}
    assert await second.stop() == 0, second.log


async def settled(address: str, count: int) -> bool:
    return sum((await outcomes(address)).values()) == count


async def has_keys(server: RedisProcess) -> bool:
    async with connected(server.url) as client:
        return bool(await client.execute("DBSIZE"))
