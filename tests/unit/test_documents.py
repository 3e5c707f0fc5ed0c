"""What the documents say is what the code does."""

import re
from pathlib import Path
from typing import Final

from gpcore.domain.ids import GP_NAMESPACE
from gpcore.domain.retrying import rung_name
from gprunner.settings import Settings

ROOT: Final = Path(__file__).parents[2]


def shown(default: object) -> str:
    if default is None:
        return "–"
    if isinstance(default, tuple):
        return ",".join(rung_name(part) if isinstance(part, int) else part for part in default)
    return str(default) or "empty"


def test_the_settings_page_lists_every_setting_with_its_default() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", page, re.MULTILINE)
    fields = Settings.model_fields.items()
    assert rows == [(name.upper(), shown(field.default), field.description) for name, field in fields]


def test_the_readme_shows_the_quickstart_as_it_is() -> None:
    readme = (ROOT / "README.md").read_text()
    example = (ROOT / "examples" / "quickstart.py").read_text()
    assert example[example.index("from gpcore") :] in readme


def test_the_documents_link_to_files_that_exist() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "examples").rglob("README.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_wire_page_names_the_namespace_of_event_ids() -> None:
    assert str(GP_NAMESPACE) in (ROOT / "docs" / "wire.md").read_text()
