"""Which definitions of commands the stand-in Discord takes, and what it gives back."""

from typing import Any

import pytest

from examples.gallery import router as gallery
from gpadapters.simulator.command_checks import command_set
from gprunner.demo.bot import router as demo
from tests.unit.simulator.world import APPLICATION, Client

PATH = f"/applications/{APPLICATION}/commands"
GUILD_PATH = f"/applications/{APPLICATION}/guilds/849255963033731074/commands"
PING: dict[str, Any] = {"type": 1, "name": "ping", "description": "Answer."}
LAUNCH: dict[str, Any] = {"type": 4, "name": "launch", "description": "Go."}


def option(**changes: object) -> dict[str, Any]:
    return {"type": 3, "name": "a", "description": "A"} | changes


def with_options(*options: dict[str, Any]) -> list[dict[str, Any]]:
    return [PING | {"options": list(options)}]


REFUSED = {
    "no name": [{"description": "x"}],
    "capital letters": [PING | {"name": "Ping"}],
    "no description": [{"type": 1, "name": "ping"}],
    "long description": [PING | {"description": "x" * 101}],
    "a menu with a description": [{"type": 2, "name": "Report", "description": "x"}],
    "a menu with options": [{"type": 2, "name": "Report", "options": [option()]}],
    "an unknown type": [PING | {"type": 9}],
    "no text as type": [PING | {"type": "1"}],
    "a name twice": [PING, PING],
    "too many": [{"type": 2, "name": f"n{number}"} for number in range(16)],
    "permissions as a number": [PING | {"default_member_permissions": 8}],
    "an unknown context": [PING | {"contexts": [3]}],
    "no context": [PING | {"contexts": []}],
    "an unknown locale": [PING | {"name_localizations": {"german": "x"}}],
    "a bad translation": [PING | {"name_localizations": {"de": "Groß"}}],
    "an empty translation": [PING | {"description_localizations": {"de": ""}}],
    "too many options": with_options(*(option(name=f"n{number}") for number in range(26))),
    "an option twice": with_options(option(), option()),
    "required after optional": with_options(option(), option(name="b", required=True)),
    "options beside subcommands": with_options(option(), option(type=1, name="b")),
    "a group in a group": with_options(option(type=2, options=[option(type=2)])),
    "a subcommand in a subcommand": with_options(option(type=1, options=[option(type=1, options=[option(type=1)])])),
    "choices and autocomplete": with_options(option(autocomplete=True, choices=[{"name": "a", "value": "a"}])),
    "autocomplete of a user": with_options(option(type=6, autocomplete=True)),
    "a choice without a name": with_options(option(choices=[{"value": "a"}])),
    "a text as a number's choice": with_options(option(type=4, choices=[{"name": "a", "value": "a"}])),
    "bounds of a text": with_options(option(min_value=1)),
    "bounds the wrong way round": with_options(option(type=4, min_value=2, max_value=1)),
    "a length too long": with_options(option(max_length=6001)),
    "channel types of a text": with_options(option(channel_types=[0])),
    "too large in all": with_options(
        *(
            option(name=f"n{n}", choices=[{"name": f"{m}" * 90, "value": f"{m}" * 90} for m in range(9)])
            for n in range(6)
        )
    ),
}


@pytest.mark.parametrize("commands", REFUSED.values(), ids=REFUSED)
async def test_a_bad_definition_is_refused_and_changes_nothing(client: Client, commands: list[dict[str, Any]]) -> None:
    await client.as_bot("PUT", PATH, [PING])

    assert (await client.as_bot("PUT", PATH, commands)).code == 50035
    assert [one["name"] for one in (await client.as_bot("GET", PATH)).body] == ["ping"]


@pytest.mark.parametrize("router", [gallery, demo])
def test_what_gp_declares_is_taken(router: Any) -> None:  # noqa: ANN401 - a router
    assert list(command_set(router.compile().commands)) == []


async def test_a_command_that_stays_keeps_its_id_and_gets_discords_defaults(client: Client) -> None:
    first = (await client.as_bot("PUT", PATH, [PING])).body
    second = (await client.as_bot("PUT", PATH, [PING | {"description": "New."}, {"type": 2, "name": "Report"}])).body

    assert first[0]["id"] == second[0]["id"]
    assert first[0]["version"] != second[0]["version"]
    assert second[1] | {"id": 0, "version": 0} == {
        "id": 0,
        "version": 0,
        "application_id": APPLICATION,
        "type": 2,
        "name": "Report",
        "description": "",
        "name_localizations": None,
        "description_localizations": None,
        "default_member_permissions": None,
        "dm_permission": True,
        "nsfw": False,
        "contexts": None,
        "integration_types": [0],
    }


async def test_a_guilds_commands_name_it(client: Client) -> None:
    [made] = (await client.as_bot("PUT", GUILD_PATH, [PING])).body

    assert made["guild_id"] == "849255963033731074"
    assert "contexts" not in made


async def test_words_of_other_languages_come_only_if_they_are_asked_for(client: Client) -> None:
    await client.as_bot("PUT", PATH, [PING | {"name_localizations": {"de": "pingen"}}])

    [plain] = (await client.as_bot("GET", PATH)).body
    [full] = (await client.as_bot("GET", f"{PATH}?with_localizations=true")).body

    assert "name_localizations" not in plain
    assert full["name_localizations"] == {"de": "pingen"}


async def test_an_entry_point_cannot_be_lost(client: Client) -> None:
    await client.as_bot("PUT", PATH, [LAUNCH])

    assert (await client.as_bot("PUT", PATH, [PING])).code == 50240
    assert (await client.as_bot("PUT", PATH, [PING, LAUNCH])).status == 200


async def test_a_command_is_registered_alone_and_overwritten_by_its_name(client: Client) -> None:
    first = await client.as_bot("POST", PATH, PING)
    other = await client.as_bot("POST", PATH, PING | {"name": "pong"})
    again = await client.as_bot("POST", PATH, PING | {"description": "New."})

    assert [first.status, other.status, again.status] == [201, 201, 200]
    assert (again.body["id"], again.body["description"]) == (first.body["id"], "New.")
    assert sorted(one["name"] for one in (await client.as_bot("GET", PATH)).body) == ["ping", "pong"]


async def test_a_command_is_read_changed_and_deleted_by_its_id(client: Client) -> None:
    made = (await client.as_bot("POST", GUILD_PATH, PING)).body
    path = f"{GUILD_PATH}/{made['id']}"

    assert (await client.as_bot("GET", path)).body == made
    changed = (await client.as_bot("PATCH", path, {"name": "pong"})).body
    assert (changed["id"], changed["name"], changed["description"]) == (made["id"], "pong", PING["description"])
    assert (await client.as_bot("DELETE", path)).status == 204
    assert (await client.as_bot("GET", path)).code == 10063


@pytest.mark.parametrize(("method", "path"), [("POST", PATH), ("PATCH", "")])
async def test_one_bad_command_is_refused_and_changes_nothing(client: Client, method: str, path: str) -> None:
    made = (await client.as_bot("POST", PATH, PING)).body

    assert (await client.as_bot(method, path or f"{PATH}/{made['id']}", PING | {"name": "Ping"})).code == 50035
    assert (await client.as_bot("GET", f"{PATH}?with_localizations=1")).body == [made]
