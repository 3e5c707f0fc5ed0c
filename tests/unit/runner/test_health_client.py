"""``gp worker health`` asks for readiness and memory, ``--live`` for life alone."""

import asyncio

import pytest
from typer.testing import CliRunner

from gpcore.application.health import Health
from gprunner.cli.app import app
from gprunner.health_server import serve_health

BAD = Health(ready=False, healthy=False, report={"status": "unhealthy"})


class Bad:
    """A worker without its broker."""

    async def check(self) -> Health:
        return BAD


async def render() -> tuple[bytes, str]:
    return b"", "text/plain"


@pytest.mark.parametrize(("flags", "code"), [((), 1), (("--live",), 0)], ids=["ready", "alive"])
async def test_a_worker_without_its_broker_is_alive_and_not_healthy(flags: tuple[str, ...], code: int) -> None:
    async with serve_health(Bad(), render, host="127.0.0.1", port=0) as port:
        env = {"GP_HOST": "127.0.0.1", "PORT": str(port)}
        asked = await asyncio.to_thread(CliRunner().invoke, app, ["worker", "health", *flags], env=env)

    assert asked.exit_code == code, asked.output


def test_nobody_is_not_alive() -> None:
    asked = CliRunner().invoke(app, ["worker", "health", "--live"], env={"GP_HOST": "127.0.0.1", "PORT": "1"})

    assert asked.exit_code == 1
    assert "no worker answers" in asked.output
