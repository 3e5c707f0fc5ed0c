import aiohttp
import pytest

from tests.unit.simulator.world import APPLICATION, Client

HOSTILE = "<script>document.title='owned'</script>&\"'"


async def page(client: Client) -> str:
    async with aiohttp.ClientSession() as session, session.get(client.simulator.control_url + "/") as response:
        assert (response.status, response.content_type) == (200, "text/html")
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        return await response.text()


async def answered(client: Client, kind: int, body: object, *, asked: int = 2, from_message: bool = False) -> str:
    interaction_id, token = client.known(kind=asked, from_message=from_message)
    reply = await client.ask("POST", f"/interactions/{interaction_id}/{token}/callback", {"type": kind, "data": body})
    assert reply.status == 204
    return token


async def test_without_interactions_it_says_so_and_comes_back(client: Client) -> None:
    html = await page(client)

    assert "Nobody has asked the bot anything yet" in html
    assert '<meta http-equiv="refresh" content="2">' in html
    assert "src=" not in html
    assert "http://" not in html
    assert "https://" not in html


async def test_the_page_can_be_stopped_and_followed_again(client: Client) -> None:
    control = client.simulator.control_url
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{control}/") as response:
            following = await response.text()
        async with session.get(f"{control}/?still") as response:
            still = await response.text()

    assert '<a href="?still">Stop</a>' in following
    assert 'http-equiv="refresh"' not in still
    assert '<a href="/">Follow</a>' in still


async def test_a_conversation_reads_as_a_chat(client: Client) -> None:
    token = await answered(client, 5, {"flags": 64})
    thinking = await page(client)
    await client.ask("PATCH", f"/webhooks/{APPLICATION}/{token}/messages/@original", {"content": "the answer"})
    await client.ask("POST", f"/webhooks/{APPLICATION}/{token}", {"content": "one more thing"})
    await client.as_bot("POST", "/channels/849256214691971078/messages", {"content": "to everybody"})
    html = await page(client)

    assert "is thinking…" in thinking
    assert "is thinking…" not in html
    assert "Somebody used a command" in html
    assert "only its user sees this, edited" in html
    assert html.index("the answer") < html.index("one more thing")
    assert "In channel 849256214691971078" in html
    assert "to everybody" in html


async def test_everything_that_a_message_may_hold_is_shown(client: Client) -> None:
    embed = {
        "title": "A title",
        "description": "A description",
        "color": 0x00FF7F,
        "fields": [{"name": "A field", "value": "its value"}],
        "footer": {"text": "A footer"},
    }
    row = {
        "type": 1,
        "components": [
            {"type": 2, "style": 1, "label": "Press", "custom_id": "a"},
            {"type": 2, "style": 1, "emoji": {"name": "👍"}, "custom_id": "b"},
        ],
    }
    select = {"type": 3, "custom_id": "s", "options": [{"label": "x", "value": "x"}], "placeholder": "Which?"}
    rows = [row, {"type": 1, "components": [select]}]
    await answered(client, 4, {"content": "hello", "embeds": [embed], "components": rows})
    html = await page(client)

    for said in ("A title", "A description", "#00ff7f", "A field", "its value", "A footer", "Press", "👍", "▾ Which?"):
        assert said in html


async def test_components_of_the_second_kind_are_shown(client: Client) -> None:
    section = {
        "type": 9,
        "components": [{"type": 10, "content": "Some text"}],
        "accessory": {"type": 2, "style": 5, "label": "Link", "url": "https://example.org"},
    }
    await answered(client, 4, {"flags": 32768, "components": [{"type": 17, "components": [section]}]})
    html = await page(client)

    assert html.index("Some text") < html.index("Link")
    assert "https://example.org" not in html


@pytest.mark.parametrize(
    ("kind", "asked", "body", "said"),
    [
        (6, 3, {}, "took note, without a word"),
        (8, 4, {"choices": [{"name": "Paris", "value": "p"}]}, "Paris"),
        (8, 4, {"choices": []}, "nothing"),
    ],
)
async def test_answers_that_are_no_message_are_told(
    client: Client, kind: int, asked: int, body: object, said: str
) -> None:
    await answered(client, kind, body, asked=asked)

    assert said in await page(client)


async def test_a_form_shows_its_title_and_its_fields(client: Client) -> None:
    field = {"type": 18, "label": "Your name", "component": {"type": 4, "custom_id": "n", "style": 1}}
    await answered(client, 9, {"custom_id": "f", "title": "Sign up", "components": [field]})
    html = await page(client)

    assert "opens a form" in html
    assert html.index("Sign up") < html.index("Your name")


async def test_an_answer_that_did_not_come_is_told(client: Client) -> None:
    client.known(age_ms=100)
    waiting = await page(client)
    client.known(age_ms=4000)

    assert "waiting for an answer" in waiting
    assert "did not respond" not in waiting
    assert "The application did not respond." in await page(client)


async def test_a_deleted_answer_is_told(client: Client) -> None:
    token = await answered(client, 4, {"content": "gone soon"})
    await client.ask("DELETE", f"/webhooks/{APPLICATION}/{token}/messages/@original")
    html = await page(client)

    assert "gone soon" not in html
    assert "The answer was deleted." in html


async def test_the_newest_comes_first_and_only_the_latest_are_shown(client: Client) -> None:
    for number in range(105):
        await answered(client, 4, {"content": f"answer-{number:03}"})
    html = await page(client)

    assert html.count('<p class="asked">') == 100
    assert html.index("answer-104") < html.index("answer-103") < html.index("answer-005")
    assert "answer-000" not in html
    assert "105 interactions" in html


async def test_whatever_a_bot_writes_is_text_and_no_token_is_shown(client: Client) -> None:
    interaction_id, token = client.known()
    body = {
        "content": f"{HOSTILE} \ud800 {token}",
        "embeds": [{"title": HOSTILE, "description": HOSTILE, "fields": [{"name": HOSTILE, "value": HOSTILE}]}],
        "components": [
            {"type": 1, "components": [{"type": 2, "style": 1, "label": "<b>", "custom_id": "a", "disabled": True}]}
        ],
    }
    await client.ask("POST", f"/interactions/{interaction_id}/{token}/callback", {"type": 4, "data": body})
    html = await page(client)

    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 5
    assert "<b></span>" not in html
    assert token not in html
    assert "***" in html
