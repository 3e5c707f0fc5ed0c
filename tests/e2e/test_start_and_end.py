"""Starting without the peers, and ending against resistance."""

import asyncio
import json
import signal
import time

import aiohttp
import pytest

from gpadapters.wire.encoding import encode_v2
from gprunner import synthetic
from tests.e2e.conftest import APPLICATION_ID, Start, World
from tests.e2e.processes import GpProcess
from tests.eventually import eventually

pytestmark = pytest.mark.e2e

GALLERY = "examples.gallery:router"
NOBODY = "127.0.0.1:1"


async def status(address: str, path: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(address + path) as response:
        return response.status


async def publish_command(world: World, name: str) -> None:
    now_ms = time.time_ns() // 1_000_000
    user = synthetic.user("430305391411331087", "alice.example")
    origin = synthetic.Origin(now_ms=now_ms, application_id=APPLICATION_ID, user=user)
    sent = encode_v2("INTERACTION_CREATE", synthetic.command([name], [], origin), published_at_ms=now_ms)
    await world.publisher.publish(sent.message, routing_key=sent.routing_key)


@pytest.mark.parametrize("topology", ["verify", "apply"])
async def test_a_worker_without_a_broker_lives_is_not_ready_and_ends_when_told(
    world: World, start: Start, topology: str
) -> None:
    env = world.env | {"RABBITMQ_URL": f"amqp://gp:hunter2@{NOBODY}/", "GP_TOPOLOGY": topology}
    worker = await start("worker", "run", GALLERY, env=env)
    address = await worker.health_address()
    assert await status(address, "/livez") == 200
    assert await status(address, "/readyz") == 503
    assert await worker.stop(within=10) == 0, worker.log
    assert "hunter2" not in worker.log


async def test_a_worker_without_state_is_not_ready_but_answers(world: World, start: Start) -> None:
    env = world.env | {"REDIS_URL": f"redis://{NOBODY}/0"}
    worker = await start("worker", "run", GALLERY, env=env)
    address = await worker.health_address()
    await eventually(lambda: "worker consumes" in worker.log)
    await publish_command(world, "check-eligibility")
    await eventually(lambda: [request.status for request in world.discord.requests] == [204])
    assert await status(address, "/livez") == 200
    assert await status(address, "/readyz") == 503
    async with aiohttp.ClientSession() as session, session.get(f"{address}/health") as response:
        report = json.loads(await response.text())
    assert report["peers"]["redis"]["ok"] is False
    assert report["lanes"]["interactions"]["state"] == "consuming"
    assert await worker.stop() == 0, worker.log


async def a_blocked_worker(world: World, start: Start, *arguments: str) -> GpProcess:
    worker = await start("worker", "run", "tests.e2e.blocking_bot:router", *arguments, env=world.env)
    await worker.ready()
    await publish_command(world, "block")
    await eventually(lambda: world.discord.requests)
    return worker


async def test_a_second_signal_ends_at_once_whatever_the_event_loop_does(world: World, start: Start) -> None:
    worker = await a_blocked_worker(world, start)
    worker.process.send_signal(signal.SIGTERM)
    await asyncio.sleep(0.3)  # two signals at the same moment are one
    assert await worker.stop(within=5) == 1
    assert "asked a second time" in worker.log


async def test_a_worker_that_cannot_end_in_time_is_ended(world: World, start: Start) -> None:
    worker = await a_blocked_worker(world, start, "--shutdown-timeout", "10")
    assert await worker.stop(signal.SIGINT, within=20) == 130
    assert "did not end in time" in worker.log


async def test_ctrl_c_drains_and_says_so_by_exit_code(world: World, start: Start) -> None:
    worker = await start("worker", "run", GALLERY, env=world.env)
    await worker.ready()
    assert await worker.stop(signal.SIGINT) == 130


async def test_a_port_that_is_taken_is_named(world: World, start: Start) -> None:
    first = await start("worker", "run", GALLERY, env=world.env)
    port = (await first.ready()).rpartition(":")[2]
    second = await start("worker", "run", GALLERY, env=world.env | {"PORT": port})
    assert await second.ended() == 2
    assert f"cannot listen on 127.0.0.1:{port}" in second.log
    assert await first.stop() == 0
