"""Server fixtures and hypothesis profiles.

``HYPOTHESIS_PROFILE=nightly`` runs thousands of examples; the default keeps the properties below a
minute. No profile has a deadline: machines are shared, and no test asserts speed.
"""

import os

from hypothesis import HealthCheck, settings

pytest_plugins = ["pytester", "tests.servers.rabbitmq", "tests.servers.redis"]

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
