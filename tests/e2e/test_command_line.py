"""The command line against real servers, and its failures."""

import json

import aiohttp
import pytest

from tests.e2e.conftest import Start, World
from tests.e2e.processes import GpProcess, outcomes
from tests.eventually import eventually, eventually_true

pytestmark = pytest.mark.e2e

GALLERY = "examples.gallery:router"


async def run(start: Start, *arguments: str, env: dict[str, str]) -> tuple[int, GpProcess]:
    process = await start(*arguments, env=env)
    return await process.ended(), process


async def test_lists_every_missing_setting_at_once(start: Start) -> None:
    code, gp = await run(start, "worker", "run", GALLERY, env={})
    assert code == 2
    assert [line.split(":")[1].strip() for line in gp.lines] == [
        "RABBITMQ_URL",
        "REDIS_URL",
        "DISCORD_APPLICATION_ID",
    ]


async def test_lists_every_wrong_setting_without_its_value(start: Start) -> None:
    env = {
        "RABBITMQ_URL": "http://user:hunter2@host",
        "DISCORD_APPLICATION_ID": "12",
        "EVENT_PREFETCH": "0",
        "LOG_LEVEL": "loud",
        "GP_WIRE_FORMATS": "v1,v9",
    }
    code, gp = await run(start, "worker", "run", GALLERY, env=env)
    assert code == 2
    named = {line.split(":")[1].strip() for line in gp.lines}
    assert named == {*env, "REDIS_URL"}
    assert "hunter2" not in gp.log
    assert "Traceback" not in gp.log


@pytest.mark.parametrize(
    ("bot", "hint"),
    [
        ("examples.gallery", "MODULE:ATTR"),
        ("examples.nowhere:router", "no module 'examples.nowhere'"),
        ("examples.gallery:ping", "no Router named 'ping'"),
    ],
)
async def test_says_why_a_bot_cannot_be_loaded(start: Start, bot: str, hint: str) -> None:
    code, gp = await run(start, "routes", bot, env={})
    assert code == 2
    assert hint in gp.log


async def test_topology_is_applied_then_checked(world: World, start: Start) -> None:
    code, _ = await run(start, "topology", "check", env=world.env)
    assert code == 1
    code, _ = await run(start, "topology", "apply", "--app", GALLERY, env=world.env)
    assert code == 0
    code, gp = await run(start, "topology", "check", "--app", GALLERY, "--json", env=world.env)
    assert code == 0
    findings = json.loads("\n".join(gp.output))
    # AMQP can bind but not ask for a binding.
    assert {(one["kind"], one["state"]) for one in findings} == {
        ("exchange", "ok"),
        ("queue", "ok"),
        ("binding", "unchecked"),
    }
    assert any(finding["name"] == f"{world.prefix}.interactions" for finding in findings)


async def test_a_worker_waits_for_its_topology_and_starts_when_it_is_there(world: World, start: Start) -> None:
    worker = await start("worker", "run", GALLERY, env=world.env | {"GP_TOPOLOGY": "verify"})
    await eventually(lambda: "gp topology apply" in worker.log)
    code, _ = await run(start, "topology", "apply", env=world.env)
    assert code == 0
    await worker.ready()
    assert await worker.stop() == 0


async def test_a_published_command_is_answered(world: World, start: Start) -> None:
    worker = await start("worker", "run", GALLERY, env=world.env)
    address = await worker.ready()
    for wire_format in ("v1", "v2", "frame"):
        code, gp = await run(
            start, "publish", "command", "leaderboard", "-o", "page=3", "--format", wire_format, env=world.env
        )
        assert code == 0, gp.log

    async def all_handled() -> bool:
        return (await outcomes(address)).get(("interactions", "handled")) == 3

    await eventually_true(all_handled)
    contents = [request.body["data"]["content"] for request in world.discord.requests if isinstance(request.body, dict)]
    assert contents == ["Page 3"] * 3
    assert await worker.stop() == 0


async def test_health_is_told_by_exit_code(world: World, start: Start) -> None:
    worker = await start("worker", "run", GALLERY, env=world.env)
    port = (await worker.ready()).rpartition(":")[2]
    code, gp = await run(start, "worker", "health", env={"PORT": port})
    assert code == 0
    assert json.loads("\n".join(gp.output))["status"] == "healthy"
    assert await worker.stop() == 0
    code, gp = await run(start, "worker", "health", env={"PORT": port})
    assert code == 1
    assert "no worker answers" in "\n".join(gp.output)


async def test_doctor_finds_everything_well_and_then_what_is_not(world: World, start: Start) -> None:
    await run(start, "topology", "apply", env=world.env)
    code, gp = await run(start, "doctor", env=world.env)
    assert code == 0, gp.output
    code, gp = await run(start, "doctor", env=world.env | {"REDIS_URL": "redis://:hunter2@127.0.0.1:1/0"})
    assert code == 1
    assert any(line.startswith("FAIL  redis") for line in gp.output)
    assert "hunter2" not in "\n".join(gp.output) + gp.log


async def test_config_shows_no_secret(start: Start) -> None:
    env = {"RABBITMQ_URL": "amqp://gp:hunter2@broker:5672/%2F", "DISCORD_BOT_TOKEN": "abc.def.ghi"}
    code, gp = await run(start, "config", "show", env=env)
    shown = "\n".join(gp.output)
    assert code == 0
    assert "amqp://***@broker:5672" in shown
    assert "hunter2" not in shown
    assert "abc.def" not in shown


async def test_the_stand_in_discord_is_served_until_it_is_told_to_stop(start: Start) -> None:
    simulator = await start("simulate", "discord", "--port", "0", env={})
    await eventually(lambda: simulator.output)
    assert simulator.output[0].startswith("http://127.0.0.1:")
    assert await simulator.stop() == 0


async def test_the_stand_in_discord_fails_as_it_was_told_to(start: Start) -> None:
    simulator = await start("simulate", "discord", "--port", "0", "--fault", "429_user", env={})
    await eventually(lambda: simulator.output)
    async with aiohttp.ClientSession() as session, session.get(f"{simulator.output[0]}/gateway") as response:
        assert response.status == 429
    assert await simulator.stop() == 0


@pytest.mark.parametrize("fault", ["flood", "slow=2", "slow=much"])
async def test_a_fault_that_does_not_exist_is_a_usage_error(start: Start, fault: str) -> None:
    code, gp = await run(start, "simulate", "discord", "--fault", fault, env={})
    assert code == 2
    assert f"--fault {fault}" in gp.log


@pytest.mark.parametrize(
    "app", ["gprunner.demo.bot", GALLERY, "examples.moderation.bot", "examples.paginated_list", "examples.wallet"]
)
async def test_the_demo_ends_by_itself_and_its_counts_add_up(start: Start, app: str) -> None:
    target = app if ":" in app else f"{app}:router"
    code, gp = await run(start, "demo", "--app", target, "--seconds", "2", env={})
    assert code == 0, gp.log
    rows = [line.rsplit("  ", 1) for line in gp.output if "  " in line.strip()]
    figures = {name.strip(): figure for name, figure in rows}
    assert int(figures["published"]) == int(figures["settled"]) > 0
    parts = ("handled", "told what is wrong", "refused by a limit", "failed", "other")
    assert sum(int(figures[part]) for part in parts) == int(figures["settled"])
    assert figures["failed"] == "0"


async def test_an_embedded_worker_needs_no_settings(start: Start) -> None:
    worker = await start("worker", "run", GALLERY, "--embedded", env={"PORT": "0"})
    await worker.ready()
    assert await worker.stop() == 0


async def test_every_command_has_help(start: Start) -> None:
    for path in ([], ["worker", "run"], ["topology", "apply"], ["publish", "command"], ["doctor"], ["schema"]):
        code, gp = await run(start, *path, "--help", env={"COLUMNS": "200"})
        assert code == 0
        assert "Usage" in "\n".join(gp.output)


async def test_routes_lists_the_handlers(start: Start) -> None:
    code, gp = await run(start, "routes", GALLERY, env={})
    assert code == 0
    assert any(line.startswith("command") and "badge admin grant" in line for line in gp.output)
    code, gp = await run(start, "routes", GALLERY, "--json", env={})
    described = json.loads("\n".join(gp.output))
    assert {"kind": "event", "name": "guild.leave"}.items() <= described[-3].items()


async def test_schema_and_topology_are_shown_without_any_server(start: Start) -> None:
    code, gp = await run(start, "schema", env={})
    assert code == 0
    assert set(json.loads("\n".join(gp.output))) == {"v1", "v2", "frame"}
    code, gp = await run(start, "topology", "show", "--app", GALLERY, "--json", env={"GP_PREFIX": "mine"})
    assert code == 0
    shown = json.loads("\n".join(gp.output))
    assert {"kind": "queue", "name": "mine.dlq", "details": "x-queue-type=classic x-message-ttl=604800000"} in shown
    code, gp = await run(start, "topology", "show", "--broker-version", "4.1", env={})
    assert any("gp.interactions " in line and "x-queue-type=quorum" in line for line in gp.output)
    code, gp = await run(start, "topology", "show", "--broker-version", "new", env={})
    assert code == 2


async def test_published_components_and_events_are_handled(world: World, start: Start) -> None:
    worker = await start("worker", "run", GALLERY, env=world.env)
    address = await worker.ready()
    for arguments in (
        ["component", "claim:v1:7"],
        ["event", "GUILD_MEMBER_ADD"],
        ["event", "GUILD_DELETE", "--data", '{"id": "849255963033731074"}'],
    ):
        code, gp = await run(start, "publish", *arguments, env=world.env)
        assert code == 0, gp.log

    async def all_handled() -> bool:
        counted = await outcomes(address)
        return (counted.get(("interactions", "handled")), counted.get(("events", "handled"))) == (1, 2)

    await eventually_true(all_handled)
    assert await worker.stop() == 0


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["command", "ping", "-o", "nothing"], "write NAME=VALUE"),
        (["command", "ping", "--format", "v7"], "choose from v1, v2, frame"),
        (["event", "GUILD_DELETE", "--data", "[]"], "give a JSON object"),
    ],
)
async def test_says_what_is_wrong_with_what_should_be_published(
    world: World, start: Start, arguments: list[str], hint: str
) -> None:
    code, gp = await run(start, "publish", *arguments, env=world.env)
    assert code == 2
    assert hint in gp.log


async def test_doctor_names_what_is_not_set(start: Start) -> None:
    code, gp = await run(start, "doctor", env={})
    assert code == 1
    assert [line.split(":")[1].strip() for line in gp.output] == ["RABBITMQ_URL", "REDIS_URL", "DISCORD_APPLICATION_ID"]
