from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from tests.e2e.processes import GpProcess
from tests.interop.stand_in import StandIn, started_program


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def program() -> AsyncIterator[GpProcess]:
    """Start ``gp simulate discord`` once, and stop it as a user would."""
    process = await started_program()
    yield process
    assert await process.stop() == 0, process.log


@pytest.fixture
async def stand_in(program: GpProcess) -> AsyncIterator[StandIn]:
    """Give the stand-in as it is after its start."""
    async with aiohttp.ClientSession() as session:
        made = StandIn(program.output[0], session)
        await made.forget()
        yield made
