"""The simulator's page in a real browser: what it makes of it, not what was sent."""

from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typing_extensions import override

from tests.browser.chromium import run
from tests.unit.simulator.world import APPLICATION, Client, a_client

HOSTILE = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"><h1>big</h1>"


class Elements(HTMLParser):
    """Counts the elements of a serialised document and collects its title."""

    def __init__(self, dom: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.title = ""
        self.feed(dom)

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)

    @override
    def handle_data(self, data: str) -> None:
        if self.names and self.names[-1] == "title" and not self.title:
            self.title = data


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with a_client(open_to_strangers=True) as made:
        yield made


async def _answer(client: Client, content: str) -> str:
    interaction_id, token = client.known()
    body = {"type": 4, "data": {"content": content, "embeds": [{"title": "A title", "color": 255}]}}
    await client.ask("POST", f"/interactions/{interaction_id}/{token}/callback", body)
    return token


async def test_a_browser_shows_the_chat_with_the_newest_in_sight(client: Client, tmp_path: Path) -> None:
    for number in range(30):
        await _answer(client, f"answer-{number}")
    token = await _answer(client, "the newest")
    await client.ask("POST", f"/webhooks/{APPLICATION}/{token}", {"content": "and more"})

    dom = await run(tmp_path / "profile", "--dump-dom", client.simulator.control_url + "/")
    picture = tmp_path / "page.png"
    await run(tmp_path / "profile", f"--screenshot={picture}", client.simulator.control_url + "/")

    assert Elements(dom).names.count("li") == 31
    assert dom.index("the newest") < dom.index("and more") < dom.index("answer-29")
    assert picture.read_bytes().startswith(b"\x89PNG")


async def test_a_browser_runs_nothing_that_a_bot_writes(client: Client, tmp_path: Path) -> None:
    token = await _answer(client, HOSTILE)

    dom = await run(tmp_path / "profile", "--dump-dom", client.simulator.control_url + "/")
    elements = Elements(dom)

    assert elements.title == "A stand-in Discord"
    assert not {"script", "img"} & set(elements.names)
    assert elements.names.count("h1") == 1
    assert "document.title" in dom
    assert token not in dom


async def test_a_page_that_is_stopped_stands_still_in_a_browser(client: Client, tmp_path: Path) -> None:
    await _answer(client, "before")

    # Five seconds of the browser's own time: a page that follows would have been loaded again twice.
    options = ("--dump-dom", "--virtual-time-budget=5000")
    dom = await run(tmp_path / "profile", *options, client.simulator.control_url + "/?still")

    assert "before" in dom
    assert "Follow</a>" in dom
    assert 'http-equiv="refresh"' not in dom
