"""Every event is accounted for after a short, seeded storm."""

import pytest

from tests.faults.ledger import Ledger
from tests.faults.scene import Scene
from tests.faults.soak import CONCURRENCY, PREFETCH, WORKERS, Soak
from tests.servers.redis_process import RedisProcess

SEED = 7
SECONDS = 6.0


def test_the_ledger_tells_what_is_lost_and_what_is_repeated() -> None:
    ledger = Ledger(published={"a": "plain", "b": "plain", "c": "plain", "d": "fails-99"})
    ledger.effects, ledger.parked = {"a": 1, "c": 3}, {"d": "attempts"}
    assert (ledger.lost, ledger.repeated) == (["b"], 2)
    assert ledger.bound(concurrency=20, prefetch=40, workers=2) == 0
    ledger.faults["worker_killed"] = 2
    assert ledger.bound(concurrency=20, prefetch=40, workers=2) == 40
    ledger.faults["redis_killed"] = 1
    assert ledger.bound(concurrency=20, prefetch=40, workers=2) == 120
    assert "lost         1" in ledger.text(bound=120)


@pytest.mark.e2e
async def test_a_storm_of_faults_loses_no_event(scene: Scene, redis_server: RedisProcess) -> None:
    ledger = await Soak(scene, redis_server, None, SEED).run(SECONDS)
    bound = ledger.bound(concurrency=CONCURRENCY, prefetch=PREFETCH, workers=WORKERS)
    assert ledger.published
    assert ledger.faults["worker_killed"] >= 1
    assert not ledger.lost, ledger.text(bound=bound)
    assert ledger.repeated <= bound, ledger.text(bound=bound)
