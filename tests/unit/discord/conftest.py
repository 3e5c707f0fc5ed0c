from collections.abc import AsyncIterator

import pytest

from tests.unit.discord.http_world import HttpWorld, http_world


@pytest.fixture
async def world() -> AsyncIterator[HttpWorld]:
    async with http_world() as made:
        yield made
