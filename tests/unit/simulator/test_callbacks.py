from typing import Any

import pytest

from tests.builders import a_fixture
from tests.unit.simulator.world import Client

HELLO = {"content": "hello"}
FORM = {
    "title": "Form",
    "custom_id": "form",
    "components": [{"type": 18, "label": "Say", "component": {"type": 4, "custom_id": "text", "style": 1}}],
}
SUGGESTIONS = {"choices": [{"name": "one", "value": 1}]}
DATA: dict[int, Any] = {4: HELLO, 5: {}, 6: None, 7: HELLO, 8: SUGGESTIONS, 9: FORM}

LEGAL = {2: {4, 5, 9}, 3: {4, 5, 6, 7, 9}, 4: {8}, 5: {4, 5}}


def a_body(name: str) -> Any:  # noqa: ANN401 - whatever JSON can say
    return a_fixture(name)["body"]


@pytest.mark.parametrize("kind", sorted(LEGAL))
@pytest.mark.parametrize("answer", sorted(DATA))
async def test_only_discords_answers_to_a_kind_are_legal(client: Client, kind: int, answer: int) -> None:
    reply = await client.answer(client.known(kind=kind), answer, DATA[answer])

    if answer in LEGAL[kind]:
        assert reply.status == 204
    else:
        assert (reply.status, reply.code) == (400, 50035)
        assert reply.body["errors"]["type"]["_errors"][0]["code"] == "BASE_TYPE_CHOICES"


@pytest.mark.parametrize("answer", [6, 7])
async def test_a_modal_from_a_message_can_update_it(client: Client, answer: int) -> None:
    reply = await client.answer(client.known(kind=5, from_message=True), answer, DATA[answer])

    assert reply.status == 204


@pytest.mark.parametrize("answer", [0, 2, 3, 11, "4", None, True, 4.5])
async def test_a_callback_type_that_does_not_exist_is_refused(client: Client, answer: Any) -> None:  # noqa: ANN401 - junk
    reply = await client.answer(client.known(), answer, HELLO)

    assert (reply.status, reply.code) == (400, 50035)


async def test_a_second_callback_is_answered_as_recorded(client: Client) -> None:
    interaction = client.known()
    await client.answer(interaction, 5)

    reply = await client.answer(interaction, 5)

    assert (reply.status, reply.body) == (400, a_body("http-error-40060-400"))


async def test_a_late_callback_is_answered_as_recorded(client: Client) -> None:
    reply = await client.answer(client.known(age_ms=3_001), 5)

    assert (reply.status, reply.body) == (404, a_body("http-error-10062-404"))


async def test_a_callback_at_exactly_three_seconds_is_in_time(client: Client) -> None:
    assert (await client.answer(client.known(age_ms=3_000), 5)).status == 204


async def test_a_wrong_token_is_an_unknown_interaction(client: Client) -> None:
    interaction_id, _ = client.known()

    assert (await client.answer((interaction_id, "another"), 5)).code == 10062


async def test_a_refused_body_leaves_the_interaction_unanswered(client: Client) -> None:
    interaction = client.known()

    refused = await client.answer(interaction, 4, {"content": "x" * 2_001})
    taken = await client.answer(interaction, 4, HELLO)

    assert (refused.code, taken.status) == (50035, 204)


async def test_with_response_tells_the_message_with_the_recorded_fields(client: Client) -> None:
    recorded = a_body("http-callback-with-response-200")
    reply = await client.answer(client.known(), 4, HELLO | {"flags": 64}, query="?with_response=true")

    assert reply.status == 200
    assert set(reply.body["interaction"]) == set(recorded["interaction"]) - {"guild_id"}
    assert set(reply.body["resource"]["message"]) == set(recorded["resource"]["message"])
    assert reply.body["interaction"]["response_message_ephemeral"] is True
    assert reply.body["resource"]["message"]["flags"] == 64


async def test_with_response_tells_that_a_deferred_message_is_loading(client: Client) -> None:
    recorded = a_body("http-deferred-with-response-200")
    reply = await client.answer(client.known(), 5, query="?with_response=1")

    assert set(reply.body) == set(recorded)
    assert set(recorded["interaction"]) <= set(reply.body["interaction"])
    assert reply.body["interaction"]["response_message_loading"] is True


async def test_bad_json_is_answered_as_recorded(client: Client) -> None:
    interaction_id, token = client.known()
    url = f"{client.simulator.url}/interactions/{interaction_id}/{token}/callback"

    reply = await client.raw("POST", url, b"{", content_type="application/json")

    assert (reply.status, reply.body) == (400, a_body("http-error-50109-400"))


async def test_a_bad_content_type_is_an_invalid_form(client: Client) -> None:
    interaction_id, token = client.known()
    url = f"{client.simulator.url}/interactions/{interaction_id}/{token}/callback"

    reply = await client.raw("POST", url, b"{}", content_type="text/plain")

    assert (reply.status, reply.code) == (400, 50035)


async def test_an_unknown_user_agent_is_blocked_as_recorded(client: Client) -> None:
    reply = await client.ask("GET", "/gateway", headers={"User-Agent": "curl/8"})

    assert (reply.status, reply.body) == (403, a_body("http-error-403-cloudflare-40333"))


async def test_an_invalid_form_has_the_recorded_shape(client: Client) -> None:
    fields = [{"name": "n", "value": "v"}] * 3 + [{"name": "n"}]

    reply = await client.answer(client.known(), 4, {"content": "x" * 2_001, "embeds": [{"fields": fields}]})

    assert (reply.status, reply.body) == (400, a_body("http-error-50035-400"))


@pytest.mark.parametrize("age_ms", [2_900, 0, -4_000])
async def test_the_open_mode_takes_strangers_that_are_young_enough(open_client: Client, age_ms: int) -> None:
    stranger = (open_client.fresh_id(age_ms), "any-token")

    assert (await open_client.answer(stranger, 5)).status == 204
    assert (await open_client.webhook("PATCH", "any-token", "@original", HELLO)).status == 200


@pytest.mark.parametrize("age_ms", [3_100, -6_000])
async def test_the_open_mode_refuses_strangers_that_are_not(open_client: Client, age_ms: int) -> None:
    assert (await open_client.answer((open_client.fresh_id(age_ms), "any-token"), 5)).code == 10062


async def test_the_closed_mode_knows_nobody_that_was_not_registered(client: Client) -> None:
    assert (await client.answer((client.fresh_id(), "any-token"), 5)).code == 10062


async def test_a_stranger_that_is_introduced_later_keeps_what_it_answered(open_client: Client) -> None:
    interaction_id = open_client.fresh_id()
    await open_client.answer((interaction_id, "any-token"), 8, SUGGESTIONS)

    open_client.simulator.register_interaction(interaction_id, kind=4)

    known = open_client.simulator.interaction(interaction_id)
    assert known is not None
    assert (known.kind, known.first, known.answer) == (4, 8, SUGGESTIONS)


async def test_what_was_introduced_before_obeys_its_kind(open_client: Client) -> None:
    interaction_id = open_client.fresh_id()
    open_client.simulator.register_interaction(interaction_id, kind=4)

    assert (await open_client.answer((interaction_id, "any-token"), 4, HELLO)).code == 50035
    assert (await open_client.answer((interaction_id, "any-token"), 8, SUGGESTIONS)).status == 204
