import socket
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.unit.discord.http_world import HttpWorld, http_world


@pytest.fixture
async def world() -> AsyncIterator[HttpWorld]:
    async with http_world() as made:
        yield made


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def hanging_port() -> Iterator[int]:
    """Accepts connections and never answers."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        yield int(one.getsockname()[1])
