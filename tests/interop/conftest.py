from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.interop.stand_in import StandIn


@pytest.fixture
async def stand_in() -> AsyncIterator[StandIn]:
    async with aiohttp.ClientSession() as session:
        program = await StandIn.started(session)
        yield program
        await program.end()
