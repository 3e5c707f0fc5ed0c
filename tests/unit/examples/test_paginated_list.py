"""How to test buttons, sessions and the passing of time."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from examples.paginated_list import PAGES, router
from gprunner.testing import KitError, TestClient


@pytest.fixture
async def client() -> AsyncIterator[TestClient]:
    async with TestClient(router) as entered:
        yield entered


async def test_the_first_page_is_shown(client: TestClient) -> None:
    listed = await client.command("bees")

    assert listed.reply.embeds[0].footer == "Page 1 of 5"
    assert listed.button("Back").disabled
    assert not listed.button("Next").disabled


async def test_pages_are_turned_in_place(client: TestClient) -> None:
    listed = await client.command("bees")
    turned = await listed.click("Next")
    turned = await turned.click("Next")
    back = await turned.click("Back")

    assert back.updated
    assert listed.reply.embeds[0].footer == "Page 2 of 5"
    assert await client.sessions.get("bees") == {"page": 1}


async def test_the_last_page_leads_nowhere(client: TestClient) -> None:
    listed = await client.command("bees")
    for _ in range(PAGES - 1):
        await listed.click("Next")

    with pytest.raises(KitError, match="'Next' is disabled"):
        await listed.click("Next")


async def test_only_its_owner_turns_the_pages(client: TestClient) -> None:
    listed = await client.command("bees")
    refused = await listed.click("Next", user=client.new.user("mallory"))

    assert (refused.outcome, refused.reply.ephemeral) == ("user_error", True)
    assert listed.reply.embeds[0].footer == "Page 1 of 5"


async def test_two_quick_presses_turn_two_pages(client: TestClient) -> None:
    listed = await client.command("bees")
    await asyncio.gather(listed.click("Next"), listed.click("Next"))

    assert await client.sessions.get("bees") == {"page": 2}


async def test_another_worker_turns_the_next_page(client: TestClient) -> None:
    listed = await client.command("bees")
    await client.second_worker()
    await client.crash()
    await listed.click("Next")

    assert listed.reply.embeds[0].footer == "Page 2 of 5"


async def test_a_list_is_closed_after_ten_minutes(client: TestClient) -> None:
    listed = await client.command("bees")
    await client.advance(10 * 60)
    closed = await listed.click("Next")

    assert closed.message.content == "This list was closed. Use /bees again."
    assert closed.message.buttons == ()
