"""More interactions than can be answered."""

import asyncio
import time

import pytest

from tests.e2e.processes import outcomes
from tests.eventually import eventually, eventually_true
from tests.faults.scene import Scene

pytestmark = [pytest.mark.e2e, pytest.mark.fault]

SLOTS = 2
CAPACITY = SLOTS / 0.2
"""Answers a second: the command ``quick`` holds one of the slots for 0.2 s."""

SECONDS = 10


async def test_at_half_more_than_capacity_the_old_are_shed_and_the_new_are_answered_in_time(scene: Scene) -> None:
    worker = await scene.worker(INTERACTION_CONCURRENCY=str(SLOTS))
    address = await worker.ready()
    published: dict[str, float] = {}
    begin = time.monotonic()
    for number in range(int(1.5 * CAPACITY * SECONDS)):
        await asyncio.sleep(max(0.0, begin + number / (1.5 * CAPACITY) - time.monotonic()))
        published[await scene.command("quick")] = time.time()

    async def all_settled() -> bool:
        return sum(count for (lane, _), count in (await outcomes(address)).items() if lane == "interactions") == len(
            published
        )

    await eventually_true(all_settled)
    settled = await outcomes(address)
    answered = scene.first_answers()
    assert set(settled) - {("interactions", "late")} == {
        ("interactions", "handled"),
        ("interactions", "shed"),
    }, "shed ones are counted"
    assert settled["interactions", "handled"] == len(answered)
    assert len(answered) >= CAPACITY * SECONDS / 2, "overload must not keep it from doing what it can"
    assert all(at - published[one] < 3 for one, at in answered.items())
    newest = list(published)[-int(CAPACITY * SECONDS) :]
    assert sum(one in answered for one in newest) >= len(newest) / 3, "the last ones had the same chance as the first"
    assert await worker.stop() == 0, worker.log


async def test_fifty_long_commands_at_once_are_all_deferred_in_time_by_few_slots(scene: Scene) -> None:
    worker = await scene.worker(INTERACTION_CONCURRENCY=str(SLOTS))
    published = {await scene.command("long", {"seconds": 0.1}): time.time() for _ in range(50)}
    await eventually(lambda: len(scene.first_answers()) == len(published))
    assert all(at - published[one] < 3 for one, at in scene.first_answers().items())
    await scene.all_done(*published)
    assert await worker.stop() == 0, worker.log
