"""``gp dlq`` against a real broker."""

import json
import time

import pytest

from gpadapters.rabbitmq.declaration import TopologyPlan
from gpadapters.rabbitmq.names import Names
from gpadapters.rabbitmq.topology import RabbitTopology
from gpadapters.wire.encoding import encode_v2
from gpadapters.wire.json_codec import JsonCodec
from gpcore.domain.headers import dead_letter_headers
from gpcore.domain.wire_message import Lane, WireMessage
from gprunner import synthetic
from tests.e2e.conftest import APPLICATION_ID, Start, World
from tests.e2e.processes import GpProcess
from tests.servers.rabbitmq_sandbox import Sandbox, hasty

pytestmark = pytest.mark.e2e

BOTH = "events,interactions"


@pytest.fixture
async def sandbox(world: World) -> Sandbox:
    """Give hands to look at the world's queues, everything declared."""
    plan = TopologyPlan(names=Names(world.prefix))
    await RabbitTopology(hasty(world.rabbitmq_url), plan).apply()
    return Sandbox(world.rabbitmq_url, plan=plan)


def a_member(number: int) -> WireMessage:
    user = synthetic.user(synthetic.fresh_id(1_700_000_000_000 + number), f"member{number}")
    raw = synthetic.member_join(user=user, joined_at="2026-11-23T12:00:00Z")
    return encode_v2("GUILD_MEMBER_ADD", raw, published_at_ms=time.time_ns() // 1_000_000, sequence=number).message


async def bury(
    world: World, message: WireMessage, reason: str, lane: Lane = Lane.EVENTS, *, seconds_ago: float = 60
) -> str:
    headers = dead_letter_headers(
        message.headers, reason=reason, origin=lane, now_ms=int((time.time() - seconds_ago) * 1000)
    )
    buried = JsonCodec().redact(WireMessage(body=message.body, message_id=message.message_id, headers=headers))
    await world.publisher.dead_letter(buried, lane=lane)
    return message.message_id or ""


async def run(start: Start, *arguments: str, env: dict[str, str]) -> tuple[int, GpProcess]:
    process = await start("dlq", *arguments, env=env)
    return await process.ended(), process


async def test_letters_are_listed_shown_put_back_and_thrown_away(world: World, start: Start, sandbox: Sandbox) -> None:
    ids = [await bury(world, a_member(number), "attempts") for number in range(3)]
    ids.append(await bury(world, a_member(3), "permanent"))
    user = synthetic.user("430305391411331087", "alice.example")
    origin = synthetic.Origin(now_ms=time.time_ns() // 1_000_000, application_id=APPLICATION_ID, user=user)
    raw = synthetic.command(["ping"], [], origin)
    command = encode_v2("INTERACTION_CREATE", raw, published_at_ms=origin.now_ms).message
    command_id = await bury(world, command, "future_interaction", Lane.INTERACTIONS)

    code, gp = await run(start, "ls", "--json", env=world.env)
    assert code == 0, gp.log
    groups = {(one["lane"], one["reason"], one["type"]): one["count"] for one in json.loads("\n".join(gp.output))}
    assert groups == {
        ("events", "attempts", "member.join"): 3,
        ("events", "permanent", "member.join"): 1,
        ("interactions", "future_interaction", "interaction.command.ping"): 1,
    }
    code, gp = await run(start, "ls", "--each", "--reason", "permanent", env=world.env)
    assert [line.split()[0] for line in gp.output] == ["ID", ids[3]]

    code, gp = await run(start, "show", command_id, "--json", env=world.env)
    assert code == 0, gp.log
    shown = "\n".join(gp.output)
    assert json.loads(shown)["body"]["raw"]["token"] == "[redacted]"
    assert raw["token"] not in shown
    code, gp = await run(start, "show", ids[0], env=world.env)
    assert (code, gp.output[0].split()) == (0, ["id:", ids[0]])
    assert (await run(start, "show", "nothing", env=world.env))[0] == 1

    code, gp = await run(start, "replay", "--reason", "attempts", env=world.env)
    assert (code, gp.output) == (0, [f"would replay {one}" for one in ids[:3]])
    assert "--yes" in gp.log
    old = await bury(world, a_member(9), "forgotten", seconds_ago=90_000)
    code, gp = await run(start, "replay", old, env=world.env)
    assert (code, gp.output) == (1, [])
    assert "Add --unguarded" in gp.log
    code, gp = await run(start, "replay", old, "--unguarded", env=world.env)
    assert (code, gp.output) == (0, [f"would replay {old}"])
    assert (await run(start, "purge", "--reason", "forgotten", "--yes", env=world.env))[0] == 0
    code, gp = await run(start, "replay", ids[1], "--yes", "--json", env=world.env)
    assert code == 0, gp.log
    assert json.loads("\n".join(gp.output))["ids"] == [ids[1]]
    assert (await run(start, "replay", command_id, "--yes", env=world.env))[0] == 1
    code, gp = await run(start, "purge", "--reason", "attempts", "--yes", env=world.env)
    assert (code, gp.output) == (0, [f"purged {ids[0]}", f"purged {ids[2]}"])
    code, gp = await run(start, "ls", "--each", "--queue", "events", "--json", env=world.env)
    assert [one["id"] for one in json.loads("\n".join(gp.output))] == [ids[3]]
    back = await sandbox.take(sandbox.names.queue(Lane.EVENTS))
    assert back is not None
    assert back.header.properties.message_id == ids[1]
    await sandbox.disconnect()


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [(["ls", "--queue", "weather"], "--queue"), (["purge", "--queue", BOTH], "one")],
)
async def test_says_what_is_wrong_with_the_arguments(start: Start, arguments: list[str], hint: str) -> None:
    code, gp = await run(start, *arguments, env={"RABBITMQ_URL": "amqp://127.0.0.1:1/"})
    assert (code, hint in gp.log) == (2, True)


async def test_a_broker_that_is_not_there_is_a_failure(start: Start) -> None:
    code, gp = await run(start, "ls", env={"RABBITMQ_URL": "amqp://gp:hunter2@127.0.0.1:1/"})
    assert code == 1
    assert "hunter2" not in gp.log
    assert "Traceback" not in gp.log


async def test_a_missing_queue_or_state_is_a_failure(world: World, start: Start, sandbox: Sandbox) -> None:
    await bury(world, a_member(0), "attempts")
    code, gp = await run(start, "replay", "--yes", env=world.env | {"REDIS_URL": "redis://127.0.0.1:1/0"})
    assert code == 1
    assert "still there" in gp.log
    await sandbox.delete(sandbox.names.dead_letter_queue(Lane.EVENTS))
    assert (await run(start, "ls", env=world.env))[0] == 1
    await sandbox.disconnect()
