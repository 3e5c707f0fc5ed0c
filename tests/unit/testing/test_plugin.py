"""The opt-in pytest plugin, in a pytest of its own."""

import sys
from pathlib import Path

import pytest

BOT = """
from gpcore import CommandContext, Defer, Router

router = Router()


@router.command("ping", defer=Defer.never())
async def ping(ctx: CommandContext) -> str:
    '''Answer.'''
    return "pong"
"""

CONFTEST = 'pytest_plugins = ["gprunner.testing.plugin"]\n'

TESTS = """
import asyncio
import pytest
from bot import router


@pytest.mark.asyncio
async def test_under_pytest_asyncio(gp_client):
    async with gp_client(router) as client:
        assert (await client.command("ping")).reply.content == "pong"


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_under_anyio(gp_client, anyio_backend):
    async with gp_client() as client:
        assert (await client.command("ping")).reply.content == "pong"


def test_without_either(gp_client):
    async def talk():
        async with gp_client(router, settings={"processing_timeout_ms": 500}) as client:
            return await client.command("ping")

    assert asyncio.run(talk()).reply.content == "pong"
"""

FAILING = """
import pytest
from bot import router


@pytest.mark.asyncio
async def test_wrong(gp_client):
    async with gp_client(router) as client:
        assert (await client.command("ping")).reply.content == "ping"


def test_without_a_router(gp_client):
    gp_client()
"""


def a_suite(pytester: pytest.Pytester, tests: str, settings: str = "") -> pytest.RunResult:
    pytester.makeini(f"[pytest]\nasyncio_mode = strict\nasyncio_default_fixture_loop_scope = function\n{settings}")
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(bot=BOT, test_bot=tests)
    # A process of its own: the plugin's and this run's fixtures must not meet.
    return pytester.run(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:valkey", "-v")


def test_the_fixture_works_with_every_runner(pytester: pytest.Pytester) -> None:
    a_suite(pytester, TESTS, "gp_app = bot:router").assert_outcomes(passed=3)


def test_a_failing_test_shows_what_the_bot_did(pytester: pytest.Pytester) -> None:
    result = a_suite(pytester, FAILING)

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        ["*KitError: gp_client() has no router: give one, or set gp_app*"],
    )
    result.stdout.fnmatch_lines(["*gp: what the bot did*", "<Result of /ping: handled; message; 'pong'>"])


def test_no_entry_point_loads_the_plugin(pytestconfig: pytest.Config) -> None:
    assert not pytestconfig.pluginmanager.has_plugin("gprunner.testing.plugin")
    assert "pytest11" not in Path("pyproject.toml").read_text(encoding="utf-8")
