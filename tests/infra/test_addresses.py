"""Addresses with a password are examples: those of everybody, that open nothing."""

import re
from pathlib import Path

import pytest

from tests.infra.files import ROOT

SHOWN = [ROOT / name for name in ("README.md", "docs", "infra", "src", "examples", "benchmarks", ".github", "ADR")]
WITH_PASSWORD = re.compile(r"\w+://(?P<user>[\w.-]*):(?P<password>[^@/\s\"'`{}<>]+)@")
EVERYBODYS = {"guest", "b", "password", "…", "secret", "PASSWORD", "pass", "${random_password.token.result}"}


def found(text: str) -> list[str]:
    return [match["password"] for match in WITH_PASSWORD.finditer(text) if match["password"] not in EVERYBODYS]


@pytest.mark.parametrize("place", SHOWN, ids=lambda path: str(path.name))
def test_no_address_holds_a_password(place: Path) -> None:
    files = [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file()]
    texts = {path: path.read_bytes().decode("utf-8", "replace") for path in files if "__pycache__" not in path.parts}

    assert {str(path): found(text) for path, text in texts.items() if found(text)} == {}


def test_one_that_does_would_be_found() -> None:
    assert found("amqps://gp:Xy9hunter@b-1.mq.example.com:5671/") == ["Xy9hunter"]
