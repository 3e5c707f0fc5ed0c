"""The pages' snippets work as they stand."""

import importlib.util
import re
import sys
import textwrap
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import ModuleType
from typing import Final, cast

import pytest

from examples import quickstart
from gpcore.errors import PortThrottledError
from gprunner.demo import bot
from gprunner.testing import TestClient

ROOT: Final = Path(__file__).parents[3]


def snippets(page: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)


def a_module(code: str, folder: Path) -> ModuleType:
    file = folder / "snippet.py"
    file.write_text(code, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("snippet", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def a_function(body: str, parameters: str, folder: Path) -> Callable[..., Awaitable[None]]:
    code = f"async def run({parameters}):\n{textwrap.indent(body, '    ')}"
    return cast("Callable[..., Awaitable[None]]", a_module(code, folder).run)


async def test_the_first_test_of_the_page_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "my_bot", bot)
    module = a_module(snippets("docs/testing.md")[0], tmp_path)

    await module.test_a_wallet_is_checked()


async def test_the_page_looks_at_a_handler_at_work(tmp_path: Path) -> None:
    run = a_function(snippets("docs/testing.md")[1], "client", tmp_path)
    async with TestClient(bot.router) as client:
        await run(client)


async def test_the_page_makes_things_go_wrong(tmp_path: Path) -> None:
    run = a_function(snippets("docs/testing.md")[2], "client, PortThrottledError", tmp_path)
    async with TestClient(bot.router) as client:
        await run(client, PortThrottledError)
        assert (await client.command("ping")).reply.content == "pong"
        assert [worker.alive for worker in client.workers] == [False, True]


async def test_the_readmes_test_passes(tmp_path: Path) -> None:
    (snippet,) = [one for one in snippets("README.md") if "TestClient" in one]

    await a_function(snippet, "TestClient, router", tmp_path)(TestClient, quickstart.router)
