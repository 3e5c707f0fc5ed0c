"""docs/moving-from-discord-py.md"""

import ast
import re
import sys
from collections.abc import AsyncIterator

import pytest

from gpcore import Member, Permission
from gprunner.testing import KitError, TestClient
from tests.documents.pages import DOCS, block_with, blocks, router_of, run

PAGE = "moving-from-discord-py.md"
COG = re.compile(r"^```py\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
async def client(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TestClient]:
    monkeypatch.setitem(sys.modules, "notes", run(blocks(PAGE)[0], PAGE))
    async with TestClient(router_of(PAGE, "router.group")) as entered:
        yield entered


@pytest.fixture
def keeper(client: TestClient) -> Member:
    return client.new.member("keeper", permissions=Permission.MANAGE_MESSAGES)


async def write(client: TestClient, name: str) -> None:
    await (await client.command("note add")).submit(name=name, text="Feed the bees.")


def filled_lines(block: str) -> int:
    return sum(bool(line.strip()) for line in block.splitlines())


def test_the_lines_are_counted_honestly() -> None:
    text = (DOCS / PAGE).read_text()
    [cog], ours = COG.findall(text), block_with(PAGE, "router.group")
    ast.parse(cog)

    assert f"For discord.py, {filled_lines(cog)} lines that are not empty:" in text
    assert f"For gp, {filled_lines(ours)}:" in text
    assert filled_lines(ours) < filled_lines(cog)
    # Neither is short because its lines are long.
    assert all(len(line) <= 120 for line in (*cog.splitlines(), *ours.splitlines()))


def test_both_have_the_same_commands() -> None:
    text = (DOCS / PAGE).read_text()
    [cog] = COG.findall(text)
    in_the_cog = set(re.findall(r"@app_commands\.command\(\)\n(?:    @.*\n)*    async def (\w+)", cog))
    ours = set(re.findall(r'@router\.command\("note (\w+)"', block_with(PAGE, "router.group")))

    assert in_the_cog == ours == {"add", "show", "delete"}
    assert text.count('"Save as note"') == 2


async def test_a_note_is_written_and_shown(client: TestClient) -> None:
    await write(client, "bees")
    shown = await client.command("note show", name="bees")

    assert shown.deferred
    assert (shown.reply.embeds[0].title, shown.reply.embeds[0].description) == ("bees", "Feed the bees.")


async def test_what_a_user_does_wrong_is_told_whatever_the_handler(client: TestClient) -> None:
    await write(client, "bees")
    again = await (await client.command("note add")).submit(name="bees", text="Again.")
    missing = await client.command("note show", name="wasps")

    assert (again.reply.content, again.reply.ephemeral) == ("There is a note bees already.", True)
    assert missing.reply.content == "There is no note wasps."


async def test_names_are_suggested_for_both_commands(client: TestClient) -> None:
    for name in ("bees", "beans", "wax"):
        await write(client, name)
    for command in ("note show", "note delete"):
        suggested = await client.autocomplete(command, "name", "be")
        assert [choice.value for choice in suggested.choices] == ["bees", "beans"]


async def test_showing_is_limited(client: TestClient) -> None:
    await write(client, "bees")
    outcomes = [(await client.command("note show", name="bees")).outcome for _ in range(6)]

    assert outcomes == ["handled"] * 5 + ["refused"]


async def test_a_keeper_deletes_after_a_question_however_late(client: TestClient, keeper: Member) -> None:
    await write(client, "bees")
    refused = await client.command("note delete", name="bees")
    asked = await client.command("note delete", name="bees", user=keeper)
    await client.advance(3600)
    await client.crash()
    await client.second_worker()
    deleted = await asked.click("Delete")

    assert refused.reply.content == "You may not do this."
    assert asked.reply.ephemeral
    assert (deleted.message.content, deleted.message.buttons) == ("bees is deleted.", ())
    assert (await client.command("note show", name="bees")).reply.content == "There is no note bees."


async def test_a_note_may_stay(client: TestClient, keeper: Member) -> None:
    await write(client, "bees")
    asked = await client.command("note delete", name="bees", user=keeper)

    assert (await asked.click("Keep")).message.content == "bees stays."
    assert (await client.command("note show", name="bees")).outcome == "handled"


async def test_a_message_is_saved_by_keepers_only(client: TestClient, keeper: Member) -> None:
    message = client.new.message("Look up!")
    refused = await client.message_command("Save as note", message)
    saved = await client.acting(user=keeper).message_command("Save as note", message)
    shown = await client.command("note show", name=message["id"])

    assert refused.reply.content == "You may not do this."
    assert (saved.deferred_ephemeral, saved.reply.content) == (True, f"{message['id']} is noted.")
    assert shown.reply.embeds[0].description == "Look up!"


async def test_a_stranger_cannot_use_somebody_elses_question(client: TestClient, keeper: Member) -> None:
    await write(client, "bees")
    asked = await client.command("note delete", name="bees", user=keeper)

    with pytest.raises(KitError, match="ephemeral"):
        await asked.click("Delete", user=client.user)
