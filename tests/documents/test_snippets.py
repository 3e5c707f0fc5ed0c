"""Every block of Python in the documents runs as it is printed."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from gpcore import Router

ROOT: Final = Path(__file__).parents[2]
BLOCK: Final = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


TESTED_ELSEWHERE: Final = {"testing.md"}
"""Pages whose blocks are parts of tests: tests/unit/testing/test_pages.py."""


def snippets() -> Iterator[Any]:
    pages = [page for page in (ROOT / "docs").glob("*.md") if page.name not in TESTED_ELSEWHERE]
    for page in sorted(pages):
        for number, block in enumerate(BLOCK.findall(page.read_text()), 1):
            yield pytest.param(block, page.name, id=f"{page.name}-{number}")


def run(source: str, page: str) -> dict[str, Any]:
    """Execute a block as a module of its own and return its names."""
    names: dict[str, Any] = {"__name__": "snippet"}
    # What the documents print is ours; running it is the point.
    exec(compile(source, page, "exec"), names)  # noqa: S102
    return names


@pytest.mark.parametrize(("block", "page"), list(snippets()))
def test_a_block_runs_and_its_router_compiles(block: str, page: str) -> None:
    router = run(block, page).get("router")

    assert router is None or (isinstance(router, Router) and len(router.compile()))


@pytest.mark.integration
def test_the_limits_without_a_worker_do_what_the_page_says(redis_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    shared, alone = [block for block in BLOCK.findall((ROOT / "docs" / "limits.md").read_text()) if "def main" in block]

    asyncio.run(run(shared, "limits.md")["main"](redis_url))
    asyncio.run(run(alone, "limits.md")["main"]())

    assert capsys.readouterr().out == ("9 searches left; all are back in 60.0 s\nTrue\n[True, True, True, False]\n")
