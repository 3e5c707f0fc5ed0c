"""Every block of Python in the documents runs as it is printed."""

import asyncio
import sys
from collections.abc import Iterator
from typing import Any, Final

import pytest

from gpcore import Router
from tests.documents.pages import DOCS, block_with, blocks, run

TESTED_ELSEWHERE: Final = {"testing.md"}
"""Pages whose blocks are parts of tests: tests/unit/testing/test_pages.py."""


OF_THE_FIRST_BLOCK: Final = ("bot", "notes")
"""Modules that later blocks of a page import from: the file that the page's first block is."""


def snippets() -> Iterator[Any]:
    for page in sorted(path.name for path in DOCS.glob("*.md")):
        if page in TESTED_ELSEWHERE:
            continue
        for number, block in enumerate(blocks(page), 1):
            yield pytest.param(block, page, id=f"{page}-{number}")


@pytest.mark.parametrize(("block", "page"), list(snippets()))
def test_a_block_runs_and_its_router_compiles(block: str, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in OF_THE_FIRST_BLOCK:
        if f"from {module} import" in block:
            monkeypatch.setitem(sys.modules, module, run(blocks(page)[0], page))
    router = getattr(run(block, page), "router", None)

    assert router is None or (isinstance(router, Router) and len(router.compile()))


@pytest.mark.integration
def test_the_limits_without_a_worker_do_what_the_page_says(redis_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(run(block_with("limits.md", "def main(url"), "limits.md").main(redis_url))
    asyncio.run(run(block_with("limits.md", "def main()"), "limits.md").main())

    assert capsys.readouterr().out == ("9 searches left; all are back in 60.0 s\nTrue\n[True, True, True, False]\n")
