"""What Discord tells one worker holds for all of them: they share its answers through Redis."""

from collections.abc import Sequence

import pytest

from gpadapters.simulator.faults import FaultKind, InjectedFault
from gpadapters.simulator.recording import RecordedRequest
from tests.faults.scene import Scene

pytestmark = [pytest.mark.e2e, pytest.mark.fault]

WORKERS = 2
WAIT = 2.0


def of_the_bot(scene: Scene) -> Sequence[RecordedRequest]:
    return [request for request in scene.world.discord.requests if "/roles/" in request.template]


@pytest.mark.parametrize(("kind", "counted"), [("429_global", 1), ("429_shared", 0)])
async def test_row_39_a_429_that_one_worker_met_is_waited_for_by_all(
    scene: Scene, kind: FaultKind, counted: int
) -> None:
    workers = [
        await scene.worker(EVENT_PREFETCH="2", EVENT_CONCURRENCY="2", DISCORD_BOT_TOKEN="a.bot.token")
        for _ in range(WORKERS)
    ]
    await scene.all_done(*[await scene.join("role") for _ in range(4)])
    before = len(of_the_bot(scene))
    scene.world.discord.inject(InjectedFault(kind=kind, seconds=WAIT))
    events = [await scene.join("role") for _ in range(6)]
    await scene.all_done(*events)
    asked = of_the_bot(scene)[before:]
    refused = [request for request in asked if request.status == 429]
    assert len(refused) == 1, "nobody else ran into it"
    # What was under way already when the answer came back is not to be stopped.
    held = [request.at for request in asked if refused[0].at + WAIT / 4 < request.at < refused[0].at + WAIT]
    assert held == []
    assert len({entry.process for entry in scene.diary() if entry.who in events}) == WORKERS, "each had some"
    assert scene.world.discord.invalid_requests == counted
    for worker in workers:
        assert await worker.stop() == 0, worker.log
