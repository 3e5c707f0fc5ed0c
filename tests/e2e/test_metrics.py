"""A scrape under load holds every documented metric; those that need an incident name the test that provokes it."""

import asyncio
import re
import time
from pathlib import Path

import aiohttp
import pytest

from gpadapters.wire.encoding import encode_frame
from gpcore.domain import metrics
from gpcore.domain.metrics import CATALOGUE, STATE_DURATION, Metric
from tests.builders import a_dispatch
from tests.e2e.conftest import Start, World
from tests.e2e.processes import GpProcess, metric
from tests.eventually import eventually_true

pytestmark = pytest.mark.e2e

TESTS = Path(__file__).parents[1]
_WHERE = re.compile(r"(http://\S+)/metrics")

PROVOKED = {
    metrics.MISSES: "unit/application/test_waiting.py",
    metrics.LOST_ACKS: "unit/application/test_settlement.py",
    metrics.RETRIES: "unit/application/test_settlement.py",
    metrics.DEAD_LETTERS: "unit/application/test_settlement.py",
    metrics.RECONNECTS: "integration/rabbitmq/test_consumer_faults.py",
    metrics.STATE_FAILURES: "unit/application/test_state_down.py",
    metrics.STATE_DURATION: "e2e/test_metrics.py",
    metrics.LIMIT_WAITS: "unit/discord/test_bot_ports.py",
}


def sampled(exposition: str, one: Metric) -> bool:
    suffix = {"counter": "_total", "histogram": "_count", "gauge": ""}[one.kind]
    return re.search(rf"^{one.name}{suffix}[ {{]", exposition, re.MULTILINE) is not None


async def test_a_scrape_under_load_holds_every_metric_that_needs_no_incident() -> None:
    demo = await GpProcess.start("demo", "--seconds", "60", "--seed", "7", env={})
    try:
        await eventually_true(lambda: _is_told(demo), within=30)
        [address] = _WHERE.findall(demo.log)
        missing: set[str] = {"everything"}

        async def complete() -> bool:
            nonlocal missing
            async with aiohttp.ClientSession() as session, session.get(f"{address}/metrics") as response:
                exposition = await response.text()
            missing = {one.name for one in CATALOGUE if not one.appears and not sampled(exposition, one)}
            return not missing

        give_up = time.monotonic() + 30
        while not await complete() and time.monotonic() < give_up:
            await asyncio.sleep(0.2)
        assert missing == set()
    finally:
        await demo.kill()


async def _is_told(demo: GpProcess) -> bool:
    return _WHERE.search(demo.log) is not None


async def test_a_worker_with_servers_measures_its_calls_to_the_state(world: World, start: Start) -> None:
    worker = await start("worker", "run", "examples.gallery:router", env=world.env)
    address = await worker.ready()
    now_ms = time.time_ns() // 1_000_000
    dispatch = a_dispatch("01-command-no-options", now_ms=now_ms, age_ms=10)
    sent = encode_frame(dispatch.name, dispatch.raw, received_at_ms=now_ms)
    await world.publisher.publish(sent.message, routing_key=sent.routing_key)

    async def measured() -> bool:
        return any('"claim"' in labels for labels in await metric(address, f"{STATE_DURATION.name}_count"))

    await eventually_true(measured, within=20)


def test_every_metric_that_needs_an_incident_has_a_test_that_provokes_it() -> None:
    constants = {value.name: name for name, value in vars(metrics).items() if isinstance(value, Metric)}

    assert set(PROVOKED) == {one for one in CATALOGUE if one.appears}
    for one, file in PROVOKED.items():
        assert constants[one.name] in (TESTS / file).read_text(), f"{file} does not look at {one.name}"
