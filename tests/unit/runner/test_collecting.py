"""The collector looks seldom while a worker runs, and as before afterwards."""

import gc

from gpcore import Router
from gprunner.settings import Settings
from gprunner.worker import Worker


async def test_the_collector_looks_seldom_while_a_worker_runs_and_as_before_afterwards() -> None:
    usual = gc.get_threshold()
    async with Worker(Router(), Settings.load(need=(), port=0), embedded=True, drain_seconds=10):
        seldom = gc.get_threshold()

    assert seldom[0] > usual[0] > 0
    assert seldom[1:] == usual[1:]
    assert gc.get_threshold() == usual
