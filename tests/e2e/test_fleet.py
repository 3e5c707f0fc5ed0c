"""``gp worker run --workers N``: one parent, several processes."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.e2e.conftest import Start, World
from tests.e2e.processes import GpProcess, metric
from tests.e2e.test_start_and_end import publish_command
from tests.eventually import eventually, eventually_true

pytestmark = [pytest.mark.e2e, pytest.mark.fault]

GALLERY = "examples.gallery:router"


async def health(address: str) -> dict[str, Any]:
    async with aiohttp.ClientSession() as session, session.get(f"{address}/health") as response:
        report: dict[str, Any] = await response.json()
        return report


async def a_fleet(world: World, start: Start, *arguments: str, bot: str = GALLERY) -> tuple[GpProcess, str]:
    parent = await start("worker", "run", bot, *arguments, env=world.env)
    await eventually(lambda: parent.output)
    address = parent.output[0].removesuffix("/health")
    await eventually_true(lambda: is_ready(address), within=40)
    return parent, address


async def is_ready(address: str) -> bool:
    async with aiohttp.ClientSession() as session, session.get(f"{address}/readyz") as response:
        return response.status == 200


async def pids(address: str) -> list[int]:
    return [report["pid"] for report in (await health(address))["workers"].values()]


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_the_parent_answers_for_all_and_replaces_a_crashed_child(world: World, start: Start) -> None:
    parent, address = await a_fleet(world, start, "--workers", "2")
    first, second = before = await pids(address)
    assert {*before, parent.process.pid} == {first, second, parent.process.pid}
    assert len({*before, parent.process.pid}) == 3
    os.kill(first, signal.SIGKILL)
    await eventually_true(lambda: replaced(address, first), within=40)
    assert second in await pids(address), "the other one was left alone"
    report = await health(address)
    assert (report["status"], report["workers"]["0"]["restarts"]) == ("healthy", 1)
    assert await metric(address, "gp_worker_restarts_total") == {'worker="0"': 1.0, 'worker="1"': 0.0}
    assert set(await metric(address, "gp_worker_up")) == {'worker="0"', 'worker="1"'}
    await publish_command(world, "check-eligibility")
    await eventually(lambda: world.discord.requests)
    deliveries = await metric(address, "gp_deliveries_total")
    assert [value for labels, value in deliveries.items() if "worker=" in labels] == [1.0]
    assert await parent.stop() == 0, parent.log


async def replaced(address: str, pid: int) -> bool:
    return pid not in await pids(address) and await is_ready(address)


async def test_sigterm_to_the_whole_group_drains_every_child(world: World, start: Start) -> None:
    parent, address = await a_fleet(world, start, "--workers", "2")
    children = await pids(address)
    for pid in children:
        os.kill(pid, signal.SIGTERM)
    parent.process.send_signal(signal.SIGTERM)
    assert await parent.ended() == 0, parent.log
    assert "asked a second time" not in parent.log
    assert not any(lives(pid) for pid in children)


async def test_a_second_signal_ends_parent_and_children_at_once(world: World, start: Start) -> None:
    parent, address = await a_fleet(world, start, "--workers", "2", bot="tests.e2e.blocking_bot:router")
    children = await pids(address)
    await publish_command(world, "block")
    await eventually(lambda: world.discord.requests)
    parent.process.send_signal(signal.SIGINT)
    await asyncio.sleep(0.3)  # two signals at the same moment are one
    assert await parent.stop(signal.SIGINT, within=5) == 130
    await eventually(lambda: not any(lives(pid) for pid in children))


async def test_children_end_when_their_parent_dies(world: World, start: Start) -> None:
    parent, address = await a_fleet(world, start, "--workers", "2")
    children = await pids(address)
    await parent.kill()
    await eventually(lambda: not any(lives(pid) for pid in children), within=40)


async def test_a_child_that_cannot_be_configured_ends_the_fleet(world: World, start: Start) -> None:
    parent = await start("worker", "run", "examples.nowhere:router", "--workers", "2", env=world.env)
    assert await parent.ended() == 2
    assert "no module 'examples.nowhere'" in parent.log


async def test_an_embedded_worker_has_no_siblings(start: Start) -> None:
    parent = await start("worker", "run", GALLERY, "--embedded", "--workers", "2", env={})
    assert await parent.ended() == 2
    assert "--embedded" in parent.log


async def test_a_changed_file_starts_the_worker_again(world: World, start: Start, tmp_path: Path) -> None:
    source = tmp_path / "fresh_bot.py"
    source.write_text("from gpcore import Router\nrouter = Router()\n")
    parent, address = await a_fleet(world, start, "--reload", "--app-dir", str(tmp_path), bot="fresh_bot:router")
    [before] = await pids(address)
    source.write_text("from gpcore import Router\n\nrouter = Router()\n")
    await eventually_true(lambda: replaced(address, before), within=40)
    assert (await health(address))["workers"]["0"]["restarts"] == 0, "it is no crash"
    assert await parent.stop() == 0, parent.log
