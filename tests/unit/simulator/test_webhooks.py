from typing import Any

import pytest

from tests.builders import a_fixture
from tests.unit.simulator.world import APPLICATION, Client

HELLO = {"content": "hello"}
V2 = 32768
TEXT = {"type": 10, "content": "hi"}


def a_body(name: str) -> Any:  # noqa: ANN401 - whatever JSON can say
    return a_fixture(name)["body"]


async def answered(client: Client, kind: int = 4, data: object = None) -> str:
    interaction = client.known(kind=None)
    reply = await client.answer(interaction, kind, HELLO if data is None and kind == 4 else data)
    assert reply.status == 204
    return interaction[1]


async def test_before_the_first_answer_the_webhook_is_unknown_as_recorded(client: Client) -> None:
    _, token = client.known()

    for method, message in (("POST", ""), ("PATCH", "@original"), ("DELETE", "@original"), ("GET", "@original")):
        reply = await client.webhook(method, token, message, HELLO if method in ("POST", "PATCH") else None)
        assert (reply.status, reply.body) == (404, a_body("http-error-10015-404"))


async def test_after_fifteen_minutes_the_token_is_invalid_as_recorded(client: Client) -> None:
    token = await answered(client)
    client.pass_seconds(900)

    reply = await client.webhook("PATCH", token, "@original", HELLO)

    assert (reply.status, reply.body) == (401, a_body("http-error-50027-401"))


async def test_another_application_does_not_know_the_token(client: Client) -> None:
    token = await answered(client)

    reply = await client.ask("POST", f"/webhooks/{int(APPLICATION) + 1}/{token}", HELLO)

    assert reply.code == 10015


async def test_an_edited_original_has_the_recorded_fields(client: Client) -> None:
    token = await answered(client)

    reply = await client.webhook("PATCH", token, "@original", {"content": "changed"})

    assert reply.status == 200
    assert set(reply.body) == set(a_body("http-edit-original-200"))
    assert reply.body["content"] == "changed"
    assert reply.body["edited_timestamp"] is not None


async def test_a_follow_up_has_the_recorded_fields(client: Client) -> None:
    token = await answered(client)

    reply = await client.webhook("POST", token, body=HELLO | {"flags": 64})

    assert set(reply.body) == set(a_body("http-followup-200"))
    assert reply.body["flags"] == 64
    assert (await client.webhook("GET", token, reply.body["id"])).body == reply.body


async def test_an_unknown_message_is_answered_as_recorded(client: Client) -> None:
    token = await answered(client)

    reply = await client.webhook("PATCH", token, "1574393956270211197", HELLO)

    assert (reply.status, reply.body) == (404, a_body("http-error-10008-404"))


@pytest.mark.parametrize(("kind", "data"), [(8, {"choices": []}), (9, None)])
async def test_suggestions_and_modals_have_no_original(client: Client, kind: int, data: object) -> None:
    form = {
        "title": "t",
        "custom_id": "m",
        "components": [{"type": 18, "label": "l", "component": {"type": 4, "custom_id": "t", "style": 1}}],
    }
    token = await answered(client, kind, data if data is not None else form)

    assert (await client.webhook("GET", token, "@original")).code == 10008


async def test_a_deleted_original_is_gone(client: Client) -> None:
    token = await answered(client)

    assert (await client.webhook("DELETE", token, "@original")).status == 204
    assert (await client.webhook("DELETE", token, "@original")).code == 10008


async def test_the_first_follow_up_after_a_defer_fills_the_original_and_keeps_its_visibility(client: Client) -> None:
    token = await answered(client, 5, {"flags": 64})

    first = await client.webhook("POST", token, body={"content": "one"})
    second = await client.webhook("POST", token, body={"content": "two"})

    assert (await client.webhook("GET", token, "@original")).body["id"] == first.body["id"]
    assert (first.body["flags"], second.body["flags"]) == (64, 0)
    assert first.body["id"] != second.body["id"]


async def test_an_edit_ends_the_loading_of_a_defer(client: Client) -> None:
    token = await answered(client, 5, {"flags": 64})
    assert (await client.webhook("GET", token, "@original")).body["flags"] == 64 | 128

    await client.webhook("PATCH", token, "@original", HELLO)

    assert (await client.webhook("GET", token, "@original")).body["flags"] == 64


async def test_an_edit_cannot_change_the_visibility(client: Client) -> None:
    token = await answered(client)

    assert (await client.webhook("PATCH", token, "@original", HELLO | {"flags": 64})).code == 50035


async def test_a_message_cannot_be_emptied(client: Client) -> None:
    token = await answered(client)

    for nothing in ("", " \n"):
        assert (await client.webhook("PATCH", token, "@original", {"content": nothing})).code == 50006
    assert (await client.webhook("GET", token, "@original")).body["content"] == "hello"


async def test_components_v2_replace_the_content_for_good(client: Client) -> None:
    token = await answered(client)
    changes = {"content": None, "embeds": None, "flags": V2, "components": [TEXT]}

    changed = await client.webhook("PATCH", token, "@original", changes)
    back = await client.webhook("PATCH", token, "@original", {"content": "text again"})

    assert (changed.status, changed.body["content"], changed.body["components"]) == (200, "", [TEXT])
    assert back.code == 50035


async def test_components_v2_are_refused_while_the_old_content_stays(client: Client) -> None:
    token = await answered(client)

    reply = await client.webhook("PATCH", token, "@original", {"flags": V2, "components": [TEXT]})

    assert reply.code == 50035


async def test_a_user_installed_application_has_five_follow_ups(client: Client) -> None:
    interaction = client.known(user_install_only=True)
    await client.answer(interaction, 4, HELLO)

    replies = []
    for _ in range(6):
        replies.append(await client.webhook("POST", interaction[1], body=HELLO))
        client.pass_seconds(1)

    assert [reply.status for reply in replies] == [200] * 5 + [400]
    assert replies[-1].body == a_body("http-error-40094-400")


async def test_the_sixth_request_in_a_window_is_throttled_as_recorded(client: Client) -> None:
    token = await answered(client)
    replies = [await client.webhook("POST", token, body=HELLO) for _ in range(6)]

    recorded = a_fixture("http-ratelimit-429-user")
    assert [reply.status for reply in replies] == [200] * 5 + [429]
    assert set(replies[-1].body) == set(recorded["body"])
    assert set(recorded["headers"]) - {"Content-Type"} <= set(replies[-1].headers)
    assert replies[-1].headers["X-RateLimit-Scope"] == "user"
    assert replies[-1].body["retry_after"] == 2.0
    assert [reply.headers["X-RateLimit-Remaining"] for reply in replies[:5]] == ["4", "3", "2", "1", "0"]

    client.pass_seconds(2.0)
    assert (await client.webhook("POST", token, body=HELLO)).status == 200
