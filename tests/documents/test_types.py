"""The blocks of the documents are typed as strictly as gp itself."""

import subprocess
import sys
from pathlib import Path

from tests.documents.pages import DOCS, ROOT, blocks
from tests.documents.test_snippets import OF_THE_FIRST_BLOCK, TESTED_ELSEWHERE


def name_of(page: str, number: int) -> str:
    """Return what a block is imported as by the later blocks of its page, or a name of its own."""
    later = "".join(blocks(page)[number:])
    imported = [module for module in OF_THE_FIRST_BLOCK if number == 1 and f"from {module} import" in later]
    return imported[0] if imported else f"{page.removesuffix('.md').replace('-', '_')}_{number}"


def test_a_type_checker_accepts_every_block(tmp_path: Path) -> None:
    for page in sorted(path.name for path in DOCS.glob("*.md")):
        if page not in TESTED_ELSEWHERE:
            for number, block in enumerate(blocks(page), 1):
                (tmp_path / f"{name_of(page, number)}.py").write_text(block)

    checked = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict"),
            *("--config-file", str(ROOT / "pyproject.toml")),
            *("--cache-dir", str(tmp_path / "cache")),
            *sorted(path.name for path in tmp_path.glob("*.py")),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout
