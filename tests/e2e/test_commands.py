"""``gp commands`` against a stand-in Discord."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from gpadapters.simulator.server import SimulatedDiscord
from tests.e2e.conftest import APPLICATION_ID, Start
from tests.e2e.processes import GpProcess

pytestmark = pytest.mark.e2e

GALLERY = "examples.gallery:router"
GUILD = "849255963033731074"
TOKEN = "a-bot-token"


@pytest.fixture
async def discord() -> AsyncIterator[SimulatedDiscord]:
    async with SimulatedDiscord(bot_token=TOKEN) as discord:
        yield discord


def env(discord: SimulatedDiscord, token: str = TOKEN) -> dict[str, str]:
    return {
        "DISCORD_APPLICATION_ID": APPLICATION_ID,
        "DISCORD_API_URL": discord.url,
        "DISCORD_BOT_TOKEN": token,
    }


async def run(start: Start, *arguments: str, env: dict[str, str]) -> tuple[int, GpProcess]:
    process = await start("commands", *arguments, env=env)
    return await process.ended(), process


def changes(gp: GpProcess) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in json.loads("\n".join(gp.output)):
        found.setdefault(row["change"], []).append(row["name"])
    return found


@pytest.mark.parametrize("scope", [[], ["--guild", GUILD]], ids=["global", "guild"])
async def test_commands_are_compared_registered_and_then_the_same(
    discord: SimulatedDiscord, start: Start, scope: list[str]
) -> None:
    code, gp = await run(start, "diff", GALLERY, "--json", *scope, env=env(discord))
    assert code == 1, gp.log
    assert "check-eligibility" in changes(gp)["create"]

    code, gp = await run(start, "sync", GALLERY, *scope, env=env(discord))
    assert (code, gp.lines[-1]) == (0, "nothing was registered: give --yes to do it")
    assert not [request for request in discord.requests if request.method == "PUT"]

    code, gp = await run(start, "sync", GALLERY, "--yes", *scope, env=env(discord))
    assert (code, gp.lines[-1]) == (0, "registered")

    code, gp = await run(start, "diff", GALLERY, "--json", *scope, env=env(discord))
    assert code == 0, gp.log
    assert set(changes(gp)) == {"nothing"}
    assert ("launch" in changes(gp)["nothing"]) is not bool(scope), "an entry point is global"

    code, gp = await run(start, "sync", GALLERY, "--yes", *scope, env=env(discord))
    assert (code, gp.lines[-1]) == (0, "nothing to do")
    assert len([request for request in discord.requests if request.method == "PUT"]) == 1


async def test_what_is_not_declared_would_be_deleted_and_an_entry_point_is_kept(
    discord: SimulatedDiscord, start: Start
) -> None:
    await run(start, "sync", GALLERY, "--yes", env=env(discord))

    code, gp = await run(start, "diff", "examples.quickstart:router", "--json", env=env(discord))
    assert code == 1
    assert "search" in changes(gp)["delete"]

    code, gp = await run(start, "sync", "examples.quickstart:router", "--yes", env=env(discord))
    assert code == 0, gp.log
    code, gp = await run(start, "diff", "examples.quickstart:router", env=env(discord))
    assert code == 0
    assert any("entry_point" in line and "launch" in line for line in gp.output)


async def test_a_wrong_bot_token_is_said_without_it(discord: SimulatedDiscord, start: Start) -> None:
    code, gp = await run(start, "diff", GALLERY, env=env(discord, "hunter2-wrong"))
    assert code == 2
    assert "DISCORD_BOT_TOKEN" in gp.log
    assert "hunter2" not in gp.log + "".join(gp.output)


async def test_what_is_missing_is_listed(start: Start) -> None:
    code, gp = await run(start, "sync", GALLERY, env={})
    assert code == 2
    assert [line.split(":")[1].strip() for line in gp.lines] == ["DISCORD_APPLICATION_ID", "DISCORD_BOT_TOKEN"]


async def test_a_guild_that_is_no_id_is_refused(discord: SimulatedDiscord, start: Start) -> None:
    code, gp = await run(start, "diff", GALLERY, "--guild", "here", env=env(discord))
    assert code == 1
    assert "guild id is not a snowflake" in gp.log
