"""Four workers as processes of their own, one Discord and one state server. Counts only, no speed."""

import asyncio
import dataclasses
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from gpadapters.simulator.faults import InjectedFault
from gpadapters.simulator.rate_limits import Allowance
from gpadapters.simulator.server import SimulatedDiscord
from gpcore.domain.request_pacing import MOST_PER_SECOND
from tests.integration.fleet.worker import Account, Orders, work
from tests.settable_clock import SECOND

pytestmark = pytest.mark.integration

WORKERS = 4
# A twentieth of Discord's ten thousand: at 45 a second, the whole budget would take minutes.
HALF = 250
MARGIN = 100
ROOT = Path(__file__).parents[3]
AMPLE = Allowance(limit=100_000, seconds=1.0)


def channels(number: int, *, first: int = 849256214691971078) -> list[str]:
    return [str(first + place) for place in range(number)]


def apart(orders: Orders, number: int) -> list[Orders]:
    """Give each worker as many channels of its own."""
    return [
        dataclasses.replace(orders, channels=channels(number, first=849256214691971078 + number * place))
        for place in range(WORKERS)
    ]


async def fleet(orders: Sequence[Orders]) -> list[Account]:
    """Run a worker for each order, all at once, and return their accounts."""
    running = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.integration.fleet.worker", json.dumps(dataclasses.asdict(order))),
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        for order in orders
    ]
    try:
        written = await asyncio.gather(*(process.communicate() for process in running))
    finally:
        for process in running:
            if process.returncode is None:
                process.kill()
    return [Account(**json.loads(out)) for out, _ in written]


def outcomes(accounts: Sequence[Account]) -> Counter[str]:
    return sum((Counter(account.outcomes) for account in accounts), Counter())


async def test_a_fleet_at_its_limits_full_rate_is_never_told_to_wait(redis_url: str, redis_prefix: str) -> None:
    async with SimulatedDiscord(global_allowance=AMPLE) as discord:
        orders = Orders(
            redis_url=redis_url, prefix=redis_prefix, api_url=discord.url, channels=channels(4), calls=4, at_once=1
        )
        await work(orders)
        accounts = await fleet([dataclasses.replace(orders, calls=40, at_once=12)] * WORKERS)
        statuses = Counter(request.status for request in discord.requests)

    assert statuses == {200: 4 + 40 * WORKERS}
    assert outcomes(accounts) == {"ok": 40 * WORKERS}


async def test_d1_a_fleet_never_lets_more_go_in_a_second_than_the_global_limit(
    redis_url: str, redis_prefix: str
) -> None:
    async with SimulatedDiscord(global_allowance=AMPLE, bot_allowance=AMPLE) as discord:
        orders = Orders(
            redis_url=redis_url, prefix=redis_prefix, api_url=discord.url, channels=[], calls=60, at_once=30
        )
        accounts = await fleet(apart(orders, 30))
        statuses = Counter(request.status for request in discord.requests)

    went = sorted(at for account in accounts for at in account.went_us)
    assert statuses == {200: 60 * WORKERS}
    assert all(later - earlier >= SECOND for earlier, later in zip(went, went[MOST_PER_SECOND:], strict=False))


@pytest.mark.parametrize(
    ("fault", "most"),
    [
        # As many as are under way when the first is refused.
        pytest.param(InjectedFault(kind="error", status=401, times=None), WORKERS * 8, id="401"),
        pytest.param(InjectedFault(kind="error", status=403, code=50013, times=None), HALF, id="403"),
        pytest.param(InjectedFault(kind="429_user", seconds=0.05, times=None), HALF, id="429"),
        pytest.param(InjectedFault(kind="429_edge_html", seconds=600.0, times=None), WORKERS * 8, id="edge"),
    ],
)
async def test_d5_a_fleet_that_is_refused_everything_stops_before_half_of_the_budget(
    redis_url: str, redis_prefix: str, fault: InjectedFault, most: int
) -> None:
    async with SimulatedDiscord() as discord:
        discord.inject(fault)
        orders = Orders(redis_url=redis_url, prefix=redis_prefix, api_url=discord.url, channels=[], calls=200)
        stopping = dataclasses.replace(orders, longest_wait=5.0, background_stop=HALF - MARGIN)
        accounts = await fleet(apart(stopping, 200))
        used = discord.invalid_requests

    assert 0 < used <= most
    assert outcomes(accounts).total() == 200 * WORKERS
    assert "ok" not in outcomes(accounts)
