"""The pages of the handbook, and the modules that their blocks make."""

import re
from pathlib import Path
from types import ModuleType
from typing import Final

from gpcore import Router

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"
_BLOCK: Final = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: str) -> list[str]:
    return _BLOCK.findall((DOCS / page).read_text())


def block_with(page: str, text: str) -> str:
    """Return the only block of a page that contains a text."""
    [found] = [block for block in blocks(page) if text in block]
    return found


def run(source: str, page: str) -> ModuleType:
    """Execute a block as a module of its own."""
    module = ModuleType("snippet")
    # What the documents print is ours; running it is the point.
    exec(compile(source, page, "exec"), module.__dict__)  # noqa: S102
    return module


def router_of(page: str, text: str) -> Router:
    """Return the router of the block that contains a text, new for each caller."""
    router = run(block_with(page, text), page).router
    assert isinstance(router, Router)
    return router


def table(page: str, heading: str) -> list[list[str]]:
    """Return the rows of the only table of a page whose first cell says ``heading``, the heading's row first."""
    rows = [line for line in (DOCS / page).read_text().splitlines() if line.startswith("|")]
    [start] = [number for number, row in enumerate(rows) if row.startswith(f"| {heading} |")]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[start:]]
    width = len(cells[0])
    ends = next((number for number, row in enumerate(cells[2:], 2) if _begins_a_table(cells, number)), len(cells))
    return [cells[0], *(row for row in cells[2:ends] if len(row) == width)]


def _begins_a_table(rows: list[list[str]], number: int) -> bool:
    return number + 1 < len(rows) and all(set(cell) <= set("-:") for cell in rows[number + 1])
