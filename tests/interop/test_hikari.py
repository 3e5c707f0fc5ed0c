from collections.abc import AsyncIterator

import pytest

from tests.interop.client import Client, RefusedError
from tests.interop.hikari_client import HikariClient
from tests.interop.scenario import GUILD, ROLE, USER, InteropContract
from tests.interop.stand_in import StandIn


@pytest.fixture
async def client(stand_in: StandIn) -> AsyncIterator[Client]:
    made = await HikariClient.started(stand_in.url)
    yield made
    await made.close()


class TestHikari(InteropContract):
    pass


@pytest.mark.parametrize("kind", ["429_edge_html", "429_edge_text", "429_edge_json"])
async def test_a_block_of_the_edge_makes_it_give_up(client: Client, stand_in: StandIn, kind: str) -> None:
    await stand_in.fault(kind=kind, template="/roles")

    with pytest.raises(RefusedError) as caught:
        await client.add_role(GUILD, USER, ROLE, reason="why")

    assert caught.value.status == 429
    assert await stand_in.statuses("/roles") == [429]


@pytest.mark.parametrize("kind", ["disconnect", "disconnect_after"])
async def test_a_dropped_connection_is_tried_again(client: Client, stand_in: StandIn, kind: str) -> None:
    await stand_in.fault(kind=kind, template="/roles")

    await client.add_role(GUILD, USER, ROLE, reason="why")

    assert await stand_in.statuses("/roles") == [0, 204]
