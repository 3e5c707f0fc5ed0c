"""A test client for bots: their handlers in a real worker, with everything outside in memory.

``pytest_plugins = ["gprunner.testing.plugin"]`` adds a fixture; the client needs no plugin and no
particular test runner.
"""

from gprunner.testing.actor import Actor
from gprunner.testing.client import TestClient
from gprunner.testing.crew import KitWorker
from gprunner.testing.errors import KitError
from gprunner.testing.lines import Call
from gprunner.testing.making import Making
from gprunner.testing.results import Result
from gprunner.testing.shown import Shown

__all__ = ["Actor", "Call", "KitError", "KitWorker", "Making", "Result", "Shown", "TestClient"]
