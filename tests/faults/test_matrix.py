"""The table of the rows is complete, and what it names exists."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
TABLE = (Path(__file__).parent / "README.md").read_text()
ROW = re.compile(r"^\| (\d+) \|[^|]*\|(.*)\|$", re.MULTILINE)
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")
OURS = re.compile(r"async def (test_row_(\d\d)_\w+)")


def rows() -> dict[int, str]:
    return {int(number): shown for number, shown in ROW.findall(TABLE)}


def test_the_table_has_all_rows_and_each_is_shown() -> None:
    assert sorted(rows()) == list(range(1, 54))
    assert len(ROW.findall(TABLE)) == 53
    assert all(NAMED.search(shown) for shown in rows().values())


def test_every_test_that_it_names_exists() -> None:
    for number, shown in rows().items():
        for file, name in NAMED.findall(shown):
            source = (TESTS / file).read_text()
            assert f"def {name}(" in source, f"row {number}: {file} has no {name}"


def test_every_test_named_after_a_row_stands_in_that_row_with_its_mark() -> None:
    found = 0
    for path in Path(__file__).parent.glob("test_*.py"):
        source = path.read_text()
        for name, number in OURS.findall(source):
            found += 1
            shown = rows()[int(number)]
            assert f"`faults/{path.name}::{name}`" in shown
            long = f"@pytest.mark.fault\nasync def {name}(" in source or "pytest.mark.fault]" in source
            assert long == ("*long*" in shown), f"{name}: the mark and the table disagree"
    assert found >= 20
