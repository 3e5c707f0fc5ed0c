"""What SECURITY.md and CONTRIBUTING.md point to is there."""

import re
from pathlib import Path

import pytest

from tests.documents.pages import ROOT
from tests.infra.files import made_targets

PAGES = [ROOT / "SECURITY.md", ROOT / "CONTRIBUTING.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))
def test_every_test_and_file_that_is_named_exists(page: Path) -> None:
    text = page.read_text()
    named = {
        *re.findall(r"`((?:tests|infra|docs|src)/[\w/.-]+)`", text),
        *re.findall(r"\]\((?!https?:)([^)#]+)\)", text),
    }

    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.name))
def test_every_target_that_is_named_exists(page: Path) -> None:
    targets = made_targets()

    assert set(re.findall(r"`make ([\w-]+)", page.read_text())) <= targets
