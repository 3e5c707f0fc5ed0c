"""The worker itself misbehaves, or is harmed."""

import asyncio

import pytest

from tests.e2e.processes import metric, outcomes
from tests.eventually import eventually_true
from tests.faults.scene import Scene

pytestmark = pytest.mark.e2e


@pytest.mark.fault
async def test_row_12_a_worker_killed_before_the_effect_leaves_it_to_another(scene: Scene) -> None:
    first = await scene.worker()
    event = await scene.join("slow-1")
    await asyncio.sleep(0.5)
    await first.kill()
    assert event not in scene.effects()
    second = await scene.worker()
    await scene.all_done(event)
    assert scene.effects()[event] == 1
    assert await second.stop() == 0, second.log


@pytest.mark.fault
async def test_row_16_the_same_message_to_two_workers_has_one_effect(scene: Scene) -> None:
    workers = [await scene.worker(EVENT_PREFETCH="1") for _ in range(2)]
    addresses = [await worker.ready() for worker in workers]
    event = await scene.join("slow-1", copies=2)
    await scene.all_done(event)
    await eventually_true(lambda: both_settled(addresses))
    assert scene.effects()[event] == 1
    for worker in workers:
        assert await worker.stop() == 0, worker.log


async def both_settled(addresses: list[str]) -> bool:
    counted = [await outcomes(address) for address in addresses]
    return sum(one.get(("events", "duplicate"), 0) for one in counted) == 1


@pytest.mark.fault
async def test_row_25_an_event_loop_blocked_beyond_the_heartbeats_goes_on(scene: Scene) -> None:
    worker = await scene.worker(PROCESSING_TIMEOUT_MS="60000")
    address = await worker.ready()
    events = [await scene.join(name) for name in ("plain", "blocked-40", "plain", "plain")]
    await scene.all_done(*events, within=120)
    await worker.ready()
    assert "event loop stood still" in worker.log
    assert (await metric(address, "gp_event_loop_lag_seconds_bucket"))['le="30.0"'] < (
        await metric(address, "gp_event_loop_lag_seconds_bucket")
    )['le="+Inf"']
    assert max(scene.effects().values()) <= 2, "its lease had lapsed: once more at most"
    assert await scene.dead_letters() == {}
    assert await worker.stop() == 0, worker.log


async def test_row_26_a_handler_that_never_returns_ends_with_the_ladder(scene: Scene) -> None:
    worker = await scene.worker(PROCESSING_TIMEOUT_MS="300", EVENT_CONCURRENCY="1", EVENT_RETRY_DELAYS="1s")
    await scene.join("stuck")
    neighbour = await scene.join()
    await scene.all_done(neighbour)
    parked: dict[str, str] = {}

    async def is_parked() -> bool:
        parked.update(await scene.dead_letters())
        return bool(parked)

    await eventually_true(is_parked)
    assert list(parked.values()) == ["attempts"]
    assert await worker.stop() == 0, worker.log


@pytest.mark.fault
async def test_row_30_a_transient_error_is_tried_again_until_it_works(scene: Scene) -> None:
    worker = await scene.worker(EVENT_RETRY_DELAYS="1s,2s")
    address = await worker.ready()
    event = await scene.join("fails-3")
    await scene.all_done(event)
    await eventually_true(lambda: handled(address))
    assert await outcomes(address) == {("events", "retried"): 2, ("events", "handled"): 1}
    assert scene.effects()[event] == 1
    assert await worker.stop() == 0, worker.log


async def handled(address: str) -> bool:
    return ("events", "handled") in await outcomes(address)


async def test_row_34_an_interaction_that_is_too_old_is_shed_without_a_call(scene: Scene) -> None:
    worker = await scene.worker()
    address = await worker.ready()
    await scene.command("quick", age=2.9)

    async def is_late() -> bool:
        return (await outcomes(address)).get(("interactions", "late")) == 1

    await eventually_true(is_late)
    assert not scene.world.discord.requests
    assert await worker.stop() == 0, worker.log


async def test_row_48_a_publishers_skewed_clock_leads_to_no_late_answer(scene: Scene) -> None:
    worker = await scene.worker()
    address = await worker.ready()
    ahead = [await scene.command("quick", age=-age) for age in (1.0, 4.0)]
    await scene.command("quick", age=5.0)

    async def all_settled() -> bool:
        return sum((await outcomes(address)).values()) == 3

    await eventually_true(all_settled)
    assert set(scene.first_answers()) == set(ahead)
    assert await worker.stop() == 0, worker.log
