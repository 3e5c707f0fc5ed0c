from collections.abc import AsyncIterator

import pytest

from gprunner.testing import TestClient
from tests.unit.testing.kit_bot import make_router


@pytest.fixture
async def client() -> AsyncIterator[TestClient]:
    async with TestClient(make_router()) as entered:
        yield entered
