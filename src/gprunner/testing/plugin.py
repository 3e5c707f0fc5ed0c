"""The pytest plugin: ``pytest_plugins = ["gprunner.testing.plugin"]`` in a ``conftest.py``.

It adds the fixtures ``gp_client`` and ``gp_discord``, a stand-in Discord that listens on a socket, and, to
the report of a test that failed, what every client of the test saw happening. Both are ordinary ones that make
things, so they work alike under pytest-asyncio, anyio (on asyncio) and a plain ``asyncio.run``::

    async def test_ping(gp_client):
        async with gp_client(router) as client:
            assert (await client.command("ping")).reply.content == "pong"

With ``gp_app = "my_bot:router"`` in pytest's settings, ``gp_client()`` needs no router.
"""

from collections.abc import Callable, Generator
from typing import Any, Final, Protocol, cast

import pytest

from gpcore.application.routing import Router
from gprunner.app_loading import load_router
from gprunner.container import Tools
from gprunner.testing.client import TestClient
from gprunner.testing.errors import KitError

_CLIENTS: Final = pytest.StashKey[list[TestClient]]()
_SECTION: Final = "gp: what the bot did"


class MakeClient(Protocol):
    """Makes test clients."""

    def __call__(self, router: Router | None = None, **options: Any) -> TestClient:  # noqa: ANN401 - TestClient's own
        """Return a client of this router, or of the one that ``gp_app`` names; options as for ``TestClient``."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare ``gp_app``."""
    parser.addini("gp_app", "MODULE:ATTR of the router that gp_client() tests", default="")


@pytest.fixture
def gp_client(request: pytest.FixtureRequest) -> MakeClient:
    """Make test clients of gp; enter each with ``async with``."""
    made = request.node.stash.setdefault(_CLIENTS, [])

    def make(router: Router | None = None, **options: Any) -> TestClient:  # noqa: ANN401 - TestClient's own
        client = TestClient(router or _configured(request.config), **options)
        made.append(client)
        return client

    return make


@pytest.fixture
def gp_discord() -> Callable[..., Any]:
    """Make stand-in Discord servers, for tests of anything that talks to Discord over HTTP.

    Enter each with ``async with gp_discord() as discord``; ``discord.url`` is what the tested client needs,
    ``discord.requests`` what it asked. Options and the rest are ``gpadapters.simulator.server.SimulatedDiscord``'s.
    """
    return Tools.simulator


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what the clients saw to the report of a test that failed."""
    report = yield
    if call.when == "call" and report.failed:
        lines = [line for client in item.stash.get(_CLIENTS, []) for line in client.transcript]
        if lines:
            report.sections.append((_SECTION, "\n".join(lines)))
    return report


def _configured(config: pytest.Config) -> Router:
    target = cast("str", config.getini("gp_app"))
    if not target:
        raise KitError("gp_client() has no router: give one, or set gp_app = 'MODULE:ATTR' in pytest's settings")
    return load_router(target, app_dir=str(config.rootpath))
