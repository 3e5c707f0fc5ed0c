"""Server fixtures and hypothesis profiles.

``HYPOTHESIS_PROFILE=nightly`` runs thousands of examples; the default keeps the properties below a
minute. No profile has a deadline: machines are shared, and no test asserts speed. Each says itself that
it is random and prints how to repeat a failure: left unsaid, hypothesis would fix the seed wherever the
variable ``CI`` is set, and a property would ask the same few questions there for ever.
"""

import os

from hypothesis import HealthCheck, settings

pytest_plugins = ["pytester", "tests.servers.rabbitmq", "tests.servers.redis"]

settings.register_profile(
    "quick",
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    derandomize=False,
    print_blob=True,
)
settings.register_profile(
    "nightly",
    max_examples=2000,
    stateful_step_count=50,
    deadline=None,
    derandomize=False,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))
