"""Every panel's query and every alarm, asked of a real Prometheus that scraped a demo and a worker on real servers."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Sequence

import pytest

from gpadapters.wire.encoding import encode_frame
from gpcore.domain.metrics import CATALOGUE
from tests.builders import a_dispatch
from tests.dashboards.conftest import Prometheus
from tests.dashboards.panels import Query, queries
from tests.e2e.conftest import Start, World
from tests.e2e.processes import GpProcess
from tests.eventually import eventually

pytestmark = pytest.mark.e2e

PATIENCE = 60.0
AFTER_AN_INCIDENT = [one.name for one in CATALOGUE if one.appears]
Scraping = Callable[[Sequence[str]], Awaitable[Prometheus]]


async def a_demo(start: Start) -> str:
    demo: GpProcess = await start("demo", "--seconds", "300", "--seed", "7", env={})
    await eventually(lambda: re.search(r"http://(\S+)/metrics", demo.log), within=30)
    [address] = re.findall(r"http://(\S+)/metrics", demo.log)
    return str(address)


async def a_worker(start: Start, world: World) -> str:
    worker = await start("worker", "run", "examples.gallery:router", env=world.env)
    return (await worker.ready()).removeprefix("http://")


async def keep_publishing(world: World) -> None:
    while True:
        now_ms = time.time_ns() // 1_000_000
        dispatch = a_dispatch("01-command-no-options", now_ms=now_ms, age_ms=10)
        sent = encode_frame(dispatch.name, dispatch.raw, received_at_ms=now_ms)
        await world.publisher.publish(sent.message, routing_key=sent.routing_key)
        await asyncio.sleep(0.2)


async def unanswered(prometheus: Prometheus, asked: Sequence[Query]) -> list[Query]:
    return [query for query in asked if not await prometheus.query(query.itself) and not excused(query)]


def excused(query: Query) -> bool:
    """Whether it asks for what nobody has provoked, and says so by giving a zero."""
    return query.may_have_nothing_yet and any(
        name in query.text for name in [*AFTER_AN_INCIDENT, 'outcome!="returned"']
    )


async def test_every_panel_shows_something_and_every_alarm_can_be_evaluated(
    scraping: Scraping, start: Start, world: World
) -> None:
    asked = list(queries())
    prometheus = await scraping([await a_demo(start), await a_worker(start, world)])
    publishing = asyncio.create_task(keep_publishing(world))
    give_up = time.monotonic() + PATIENCE
    try:
        while (missing := await unanswered(prometheus, asked)) and time.monotonic() < give_up:
            await asyncio.sleep(1)
    finally:
        publishing.cancel()
        await asyncio.wait([publishing])

    assert missing == []
    assert len(asked) > 30
    rules = [rule for group in (await prometheus.ask("rules"))["groups"] for rule in group["rules"]]
    assert [rule["name"] for rule in rules if rule["health"] != "ok"] == []
    paging = [rule["name"] for rule in rules if rule["alerts"] and rule["labels"]["severity"] == "page"]
    assert paging == [], "a fleet at work must wake nobody"
