"""The live server of the properties."""

from collections.abc import Iterator

import pytest

from tests.property.live_redis import LiveRedis


@pytest.fixture(scope="session")
def live_redis(redis_url: str) -> Iterator[LiveRedis]:
    """Give the shared server to state machines, which are not asynchronous themselves."""
    live = LiveRedis(redis_url)
    yield live
    live.close()
