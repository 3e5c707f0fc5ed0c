"""A Prometheus that scrapes what the tests start."""

import asyncio
import json
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.dashboards.panels import RULES
from tests.e2e.conftest import start, world
from tests.eventually import eventually_true

__all__ = ["start", "world"]

Result = list[dict[str, Any]]


class Prometheus:
    """Asks a running one."""

    def __init__(self, address: str) -> None:
        self.address = address

    async def ask(self, path: str, **parameters: str) -> Any:  # noqa: ANN401 - JSON
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{self.address}/api/v1/{path}", params=parameters) as response,
        ):
            answer = await response.json()
        assert answer["status"] == "success", answer
        return answer["data"]

    async def query(self, text: str) -> Result:
        found: Result = (await self.ask("query", query=text))["result"]
        return found


def a_free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
async def scraping(tmp_path: Path) -> AsyncIterator[Callable[[Sequence[str]], Awaitable[Prometheus]]]:
    """Start Prometheus for targets, with the project's rules."""
    program = shutil.which("prometheus")
    assert program, "install Prometheus: sh scripts/apt-install.sh prometheus"
    running: list[asyncio.subprocess.Process] = []

    async def begin(targets: Sequence[str]) -> Prometheus:
        job = {"job_name": "gp", "static_configs": [{"targets": list(targets)}]}
        settings = {"global": {"scrape_interval": "1s", "evaluation_interval": "1s"}, "scrape_configs": [job]}
        shutil.copy(RULES / "rules.yaml", tmp_path)
        config = tmp_path / "prometheus.yaml"
        config.write_text(json.dumps({**settings, "rule_files": ["rules.yaml"]}))
        listen = f"127.0.0.1:{a_free_port()}"
        running.append(
            await asyncio.create_subprocess_exec(
                program,
                f"--config.file={config}",
                f"--storage.tsdb.path={tmp_path / 'data'}",
                f"--web.listen-address={listen}",
                "--log.level=error",
            )
        )
        prometheus = Prometheus(f"http://{listen}")
        await eventually_true(lambda: _is_ready(prometheus))
        return prometheus

    yield begin
    for process in running:
        process.terminate()
        await process.wait()


async def _is_ready(prometheus: Prometheus) -> bool:
    try:
        async with aiohttp.ClientSession() as session, session.get(f"{prometheus.address}/-/ready") as response:
            return response.status == 200
    except aiohttp.ClientError:
        return False
