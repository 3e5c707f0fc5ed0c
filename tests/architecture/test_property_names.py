"""Every promise with a number has a test that begins with it, and the table of them is true."""

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
TABLE = (TESTS / "property" / "README.md").read_text(encoding="utf-8")
LAST = {"p": 26, "i": 13, "s": 10, "d": 9}
PROMISES = [f"{letter}{number}" for letter, last in LAST.items() for number in range(1, last + 1)]
NAME = re.compile(r"def (test_((?:(?:and_)?[pisd]\d+_)+)\w+)")


@cache
def named_tests() -> dict[str, set[str]]:
    """Return the test functions of each promise."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in TESTS.rglob("test_*.py"):
        for name, promises in NAME.findall(path.read_text(encoding="utf-8")):
            for promise in promises.replace("and_", "").rstrip("_").split("_"):
                found[promise].add(name)
    return found


@pytest.mark.parametrize("promise", PROMISES)
def test_every_promise_has_a_test_of_its_name(promise: str) -> None:
    assert named_tests()[promise]


@pytest.mark.parametrize("promise", PROMISES)
def test_the_table_names_the_tests_of_a_promise(promise: str) -> None:
    [row] = [line for line in TABLE.splitlines() if line.startswith(f"| {promise.upper()} |")]

    assert set(re.findall(r"`(test_[pisd]\d\w+)`", row)) == named_tests()[promise]
