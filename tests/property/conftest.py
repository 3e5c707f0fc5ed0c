"""Profiles and the live server of the properties.

``HYPOTHESIS_PROFILE=nightly`` runs thousands of examples; the default keeps the whole folder below
a minute.
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.property.live_redis import LiveRedis

settings.register_profile("quick", max_examples=60, stateful_step_count=30, deadline=None)
settings.register_profile(
    "nightly",
    max_examples=5000,
    stateful_step_count=100,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(scope="session")
def live_redis(redis_url: str) -> Iterator[LiveRedis]:
    """Give the shared server to state machines, which are not asynchronous themselves."""
    live = LiveRedis(redis_url)
    yield live
    live.close()
