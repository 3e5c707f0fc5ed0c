import pytest

from tests.unit.simulator.world import Client

CHANNEL = "849256214691971078"
USER = "430305391411331087"
UNKNOWN = "1574393956270211197"


async def a_message(client: Client) -> str:
    return str((await client.as_bot("POST", f"/channels/{CHANNEL}/messages", {"content": "hello"})).body["id"])


async def test_every_id_is_a_text_channel(client: Client) -> None:
    reply = await client.as_bot("GET", f"/channels/{CHANNEL}")

    assert (reply.status, reply.body["id"], reply.body["type"]) == (200, CHANNEL, 0)


@pytest.mark.parametrize("recipient", [USER, int(USER)])
async def test_a_direct_message_channel_names_its_recipient(client: Client, recipient: str | int) -> None:
    opened = (await client.as_bot("POST", "/users/@me/channels", {"recipient_id": recipient})).body

    assert (opened["type"], opened["recipients"][0]["id"]) == (1, USER)
    assert (await client.as_bot("GET", f"/channels/{opened['id']}")).body == opened


async def test_a_thread_is_a_channel_below_another(client: Client) -> None:
    made = await client.as_bot("POST", f"/channels/{CHANNEL}/threads", {"name": "more", "type": 11})

    assert (made.status, made.body["type"], made.body["parent_id"]) == (201, 11, CHANNEL)
    assert (await client.as_bot("GET", f"/channels/{made.body['id']}")).body == made.body


async def test_a_thread_without_a_type_is_private(client: Client) -> None:
    body = {"name": "more", "auto_archive_duration": 60}
    made = (await client.as_bot("POST", f"/channels/{CHANNEL}/threads", body)).body

    assert (made["type"], made["thread_metadata"]["auto_archive_duration"]) == (12, 60)


async def test_a_message_has_one_thread_with_its_id(client: Client) -> None:
    message_id = await a_message(client)
    path = f"/channels/{CHANNEL}/messages/{message_id}/threads"

    first = await client.as_bot("POST", path, {"name": "more"})
    again = await client.as_bot("POST", path, {"name": "more"})

    assert (first.status, first.body["id"], first.body["type"]) == (201, message_id, 11)
    assert (again.status, again.code) == (400, 160004)


async def test_an_unknown_message_has_no_thread_and_cannot_be_read(client: Client) -> None:
    path = f"/channels/{CHANNEL}/messages/{UNKNOWN}"

    assert (await client.as_bot("POST", f"{path}/threads", {"name": "more"})).code == 10008
    assert (await client.as_bot("GET", path)).code == 10008


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "x" * 101},
        {"name": "x", "type": 0},
        {"name": "x", "type": "11"},
        {"name": "x", "auto_archive_duration": 5},
    ],
)
async def test_a_thread_that_breaks_the_rules_is_refused(client: Client, body: dict[str, object]) -> None:
    assert (await client.as_bot("POST", f"/channels/{CHANNEL}/threads", body)).code == 50035


async def test_a_message_can_be_read(client: Client) -> None:
    message_id = await a_message(client)

    assert (await client.as_bot("GET", f"/channels/{CHANNEL}/messages/{message_id}")).body["content"] == "hello"


async def test_a_path_that_nobody_knows_is_answered_as_discord_does(client: Client) -> None:
    reply = await client.as_bot("GET", "/nothing/here")

    assert (reply.status, reply.body) == (404, {"message": "404: Not Found", "code": 0})
    assert client.simulator.requests[-1].template == "(unknown)"


async def test_a_method_that_a_path_does_not_know_is_answered_as_discord_does(client: Client) -> None:
    reply = await client.as_bot("PUT", f"/channels/{CHANNEL}")

    assert (reply.status, reply.body) == (405, {"message": "405: Method Not Allowed", "code": 0})
    assert client.simulator.requests[-1].status == 405
