"""What the worker promises when there is much to do."""

import asyncio
import time

import pytest

from gpadapters.wire.encoding import encode_v2
from gprunner import synthetic
from tests.e2e.conftest import APPLICATION_ID, Start, World
from tests.e2e.processes import GpProcess
from tests.eventually import eventually

pytestmark = [pytest.mark.e2e, pytest.mark.fault]

GALLERY = "examples.gallery:router"
DEFERRED = 5


def a_command(name: str) -> tuple[str, synthetic.Raw]:
    now_ms = time.time_ns() // 1_000_000
    user = synthetic.user("430305391411331087", "alice.example")
    origin = synthetic.Origin(now_ms=now_ms, application_id=APPLICATION_ID, user=user)
    raw = synthetic.command(name.split(), [], origin)
    return raw["id"], raw


async def publish(world: World, dispatch: str, raw: synthetic.Raw, sequence: int = 0) -> None:
    now_ms = time.time_ns() // 1_000_000
    sent = encode_v2(dispatch, raw, published_at_ms=now_ms, sequence=sequence)
    await world.publisher.publish(sent.message, routing_key=sent.routing_key)


def callbacks(world: World) -> dict[str, tuple[int, float]]:
    """Return each answered interaction's callback type and the time of its first answer."""
    found = {}
    for request in world.discord.requests:
        if request.template.endswith("/callback") and request.status == 204 and isinstance(request.body, dict):
            found[request.interaction_id or ""] = (request.body["type"], request.at)
    return found


async def test_fifty_slow_commands_are_all_deferred_within_three_seconds(world: World, start: Start) -> None:
    worker = await start("worker", "run", GALLERY, env=world.env)
    await worker.ready()
    published: dict[str, float] = {}
    for _ in range(50):
        interaction_id, raw = a_command("slow")
        published[interaction_id] = time.time()
        await publish(world, "INTERACTION_CREATE", raw)
    await eventually(lambda: len(callbacks(world)) == len(published))
    for interaction_id, (kind, at) in callbacks(world).items():
        assert kind == DEFERRED
        assert at - published[interaction_id] < 3
    await worker.kill()


async def test_two_workers_share_the_queues_and_one_that_is_stopped_loses_nothing(world: World, start: Start) -> None:
    first, second = [await start("worker", "run", GALLERY, env=world.env) for _ in range(2)]
    for worker in (first, second):
        await worker.ready()
    interactions, members = [], []
    stopping: asyncio.Task[int] | None = None
    for number in range(150):
        interaction_id, raw = a_command("check-eligibility")
        interactions.append(interaction_id)
        await publish(world, "INTERACTION_CREATE", raw)
        member = synthetic.user(synthetic.fresh_id(1_700_000_000_000 + number), f"member{number}")
        members.append(member["id"])
        await publish(world, "GUILD_MEMBER_ADD", synthetic.member_join(user=member, joined_at="2026-11-23T12:00:00Z"))
        if number == 75:
            stopping = asyncio.create_task(first.stop())
    assert stopping is not None
    assert await stopping == 0, first.log
    await eventually(lambda: set(callbacks(world)) == set(interactions))
    await eventually(lambda: joined(first) | joined(second) >= set(members))

    answers = [request.status for request in world.discord.requests if request.template.endswith("/callback")]
    assert answers == [204] * 150
    assert all(kind == 4 for kind, _ in callbacks(world).values())
    assert joined(first), "the first worker had no share"
    assert len(joined(first)) + len(joined(second)) == len(members), "an event ran twice"
    assert await second.stop() == 0, second.log


def joined(worker: GpProcess) -> set[str]:
    """Return the members whose event a worker's handler has run for, as it logged them."""
    return {line.partition('"message": "')[2].partition(" joined")[0] for line in worker.lines if " joined" in line}


async def test_a_handler_that_runs_may_finish_after_sigterm(world: World, start: Start) -> None:
    worker = await start("worker", "run", GALLERY, env=world.env)
    await worker.ready()
    user = synthetic.user("430305391411331087", "alice.example")
    origin = synthetic.Origin(now_ms=time.time_ns() // 1_000_000, application_id=APPLICATION_ID, user=user)
    raw = synthetic.command(["slow"], [{"name": "seconds", "type": 10, "value": 2.0}], origin)
    await publish(world, "INTERACTION_CREATE", raw)
    await eventually(lambda: raw["id"] in callbacks(world))
    assert await worker.stop() == 0, worker.log
    edits = [request for request in world.discord.requests if request.method == "PATCH"]
    assert [request.body["content"] for request in edits if isinstance(request.body, dict)] == ["There you go."]


async def test_a_stuck_handler_goes_back_and_another_worker_finishes_it(world: World, start: Start) -> None:
    worker = await start("worker", "run", GALLERY, "--shutdown-timeout", "10", env=world.env)
    await worker.ready()
    interaction_id, raw = a_command("slow")
    await publish(world, "INTERACTION_CREATE", raw)
    await eventually(lambda: interaction_id in callbacks(world))
    assert await worker.stop() == 0, worker.log
    second = await start("worker", "run", GALLERY, env=world.env)
    await second.ready()
    await eventually(lambda: any(request.method == "PATCH" for request in world.discord.requests), within=30)
    answers = [one.status for one in world.discord.requests if one.template.endswith("/callback")]
    # Killed before it could note that the defer had arrived, the first leaves the second to ask, which Discord refuses.
    assert answers[0] == 204
    assert set(answers[1:]) <= {400}
    assert await second.stop() == 0, second.log


async def test_what_a_killed_worker_had_deferred_is_finished_by_another(world: World, start: Start) -> None:
    first = await start("worker", "run", GALLERY, env=world.env)
    await first.ready()
    user = synthetic.user("430305391411331087", "alice.example")
    origin = synthetic.Origin(now_ms=time.time_ns() // 1_000_000, application_id=APPLICATION_ID, user=user)
    raw = synthetic.command(["slow"], [{"name": "seconds", "type": 10, "value": 3.0}], origin)
    await publish(world, "INTERACTION_CREATE", raw)
    await eventually(lambda: raw["id"] in callbacks(world))
    await first.kill()

    second = await start("worker", "run", GALLERY, env=world.env)
    await second.ready()
    # The dead worker's lease of 30 seconds has to run out first.
    await eventually(lambda: any(one.method == "PATCH" for one in world.discord.requests), within=60)
    edits = [request.body for request in world.discord.requests if request.method == "PATCH"]
    assert [body["content"] for body in edits if isinstance(body, dict)] == ["There you go."]
    answers = [one.status for one in world.discord.requests if one.template.endswith("/callback")]
    # Killed before it could note that the defer had arrived, the first leaves the second to ask, which Discord refuses.
    assert answers[0] == 204
    assert set(answers[1:]) <= {400}
    assert await second.stop() == 0, second.log
