"""A fleet of small processes."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from gpcore.errors import ConfigurationError
from gprunner.fleet.child import Child
from gprunner.fleet.fleet import Fleet
from tests.eventually import eventually

GOOD = "import os; print('http://here/health', flush=True); os.read(0, 1)"
CRASHING = "raise SystemExit(3)"
MISCONFIGURED = "raise SystemExit(2)"


def a_child(name: str, program: str) -> Child:
    return Child(name, [sys.executable, "-c", program], {"PORT": "0"})


@asynccontextmanager
async def running(fleet: Fleet) -> AsyncIterator["asyncio.Task[None]"]:
    task = asyncio.create_task(fleet.run())
    yield task
    fleet.kill()
    await asyncio.wait((task,))


async def test_children_tell_their_address_and_end_when_asked() -> None:
    fleet = Fleet([a_child("0", GOOD), a_child("1", GOOD)])
    async with running(fleet) as task:
        await eventually(lambda: all(child.address == "http://here" for child in fleet.children))
        fleet.stop()
        await asyncio.wait_for(task, 20)
    assert fleet.stopping
    assert fleet.restarts == {"0": 0, "1": 0}
    assert all(child.pid is None and child.address is None for child in fleet.children)


async def test_a_child_that_is_only_just_being_started_ends_too() -> None:
    child = a_child("0", GOOD)
    task = asyncio.create_task(child.run())
    await asyncio.sleep(0)
    child.drain()
    assert await asyncio.wait_for(task, 20) == 0


async def test_a_crashing_child_is_started_again_and_stopping_ends_the_pause() -> None:
    fleet = Fleet([a_child("0", CRASHING), a_child("1", GOOD)])
    async with running(fleet) as task:
        await eventually(lambda: fleet.restarts["0"] >= 2)
        fleet.stop()
        await asyncio.wait_for(task, 20)
    assert fleet.restarts["1"] == 0


async def test_a_child_that_was_killed_is_started_again() -> None:
    fleet = Fleet([a_child("0", GOOD)])
    async with running(fleet):
        await eventually(lambda: fleet.children[0].address)
        fleet.children[0].kill()
        await eventually(lambda: fleet.restarts["0"] == 1 and fleet.children[0].address)


async def test_a_misconfigured_child_ends_the_fleet() -> None:
    fleet = Fleet([a_child("0", MISCONFIGURED), a_child("1", GOOD)])
    with pytest.raises(ConfigurationError, match="worker 0"):
        await asyncio.wait_for(fleet.run(), 20)
    assert all(child.pid is None for child in fleet.children)


async def test_a_forgiving_fleet_waits_until_the_configuration_is_mended() -> None:
    fleet = Fleet([a_child("0", MISCONFIGURED)], forgiving=True)
    async with running(fleet):
        await eventually(lambda: fleet.restarts["0"] >= 1)


async def test_renewed_children_are_new_processes_without_a_restart_counted() -> None:
    fleet = Fleet([a_child("0", GOOD)])
    async with running(fleet):
        await eventually(lambda: fleet.children[0].address)
        before = fleet.children[0].pid
        fleet.renew()
        await eventually(lambda: fleet.children[0].address and fleet.children[0].pid != before)
    assert fleet.restarts == {"0": 0}


async def test_what_does_not_run_can_be_drained_and_killed() -> None:
    child = a_child("0", GOOD)
    child.drain()
    child.kill()
    assert child.pid is None
