"""The same properties are asked of every implementation."""

import pytest

from tests.property.limits.subjects import SUBJECTS, Subjects
from tests.property.live_redis import LiveRedis


@pytest.fixture(scope="session", params=["pure", "memory", "redis"])
def subjects(request: pytest.FixtureRequest, live_redis: LiveRedis) -> Subjects:
    """Give what makes fresh subjects of one implementation."""
    return lambda: SUBJECTS[request.param](live_redis)
