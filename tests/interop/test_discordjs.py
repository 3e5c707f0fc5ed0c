from collections.abc import AsyncIterator

import pytest

from tests.interop.client import Client
from tests.interop.discordjs_client import DiscordJsClient
from tests.interop.scenario import GUILD, ROLE, USER, InteropContract
from tests.interop.stand_in import StandIn


@pytest.fixture
async def client(stand_in: StandIn) -> AsyncIterator[Client]:
    made = await DiscordJsClient.started(stand_in.url)
    yield made
    await made.close()


class TestDiscordJs(InteropContract):
    pass


@pytest.mark.parametrize("kind", ["429_edge_html", "429_edge_text"])
async def test_a_block_of_the_edge_is_waited_for_as_its_header_says(
    client: Client, stand_in: StandIn, kind: str
) -> None:
    await stand_in.fault(kind=kind, template="/roles", seconds=1.0)

    await client.add_role(GUILD, USER, ROLE, reason="why")

    blocked, taken = await stand_in.requests("/roles")
    assert (blocked["status"], taken["status"]) == (429, 204)
    assert taken["at"] - blocked["at"] >= 0.95
