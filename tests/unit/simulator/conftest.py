from collections.abc import AsyncIterator

import pytest

from tests.unit.simulator.world import Client, a_client


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with a_client() as made:
        yield made


@pytest.fixture
async def open_client() -> AsyncIterator[Client]:
    async with a_client(open_to_strangers=True) as made:
        yield made
