"""A message that kills whatever process handles it."""

import asyncio

import pytest

from gpcore.domain.suspicion import MOST_VANISHED
from gpcore.domain.wire_message import Lane
from tests.eventually import eventually
from tests.faults.scene import Scene

pytestmark = [pytest.mark.e2e, pytest.mark.fault]


async def test_row_29_poison_that_kills_the_process_is_parked_and_its_neighbours_survive(scene: Scene) -> None:
    names = ["slow-0.2"] * 5 + ["poison"] + ["slow-0.2"] * 5
    worker = await scene.worker(EVENT_PREFETCH="10")
    ids = [await scene.join(name) for name in names]
    [poison] = [user_id for user_id, name in scene.joined.items() if name == "poison"]
    deaths = 0
    while not (parked := await scene.dead_letters()):
        if worker.process.returncode is not None:
            assert worker.process.returncode == 9, worker.log
            deaths += 1
            worker = await scene.worker(EVENT_PREFETCH="10", ready=False)
        await asyncio.sleep(0.1)
    assert list(parked.values()) == ["attempts"]
    neighbours = set(ids) - {poison}
    await scene.all_done(*neighbours)
    assert deaths == scene.effects("died")[poison] == 4, "the first attempt and one for each rung"
    assert await scene.dead_letters() == {}
    assert max(scene.effects().values()) == 1
    assert await worker.stop() == 0, worker.log


async def test_row_29_an_interaction_that_kills_the_process_is_given_up_and_its_user_told(scene: Scene) -> None:
    worker = await scene.worker()
    poison = await scene.command("poison")
    deaths = 0
    while not (parked := await scene.dead_letters(Lane.INTERACTIONS)):
        if worker.process.returncode is not None:
            assert worker.process.returncode == 9, worker.log
            deaths += 1
            worker = await scene.worker(ready=False)
        await asyncio.sleep(0.1)
    await worker.ready()
    assert parked == {next(iter(parked)): "killed_workers"}
    assert deaths == scene.effects("died")[poison] == MOST_VANISHED
    neighbour = await scene.command("long", {"seconds": 0.1})
    await scene.all_done(neighbour)
    await eventually(lambda: poison not in scene.thinking())
    assert scene.told()[poison] == 1
    assert await worker.stop() == 0, worker.log
