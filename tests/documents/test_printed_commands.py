"""Every `gp` command that the documents print exists, with the options that are printed."""

import re
import shlex
from collections.abc import Iterator
from typing import Any, Final

import pytest
from typer.testing import CliRunner

from gprunner.cli.app import app
from tests.documents.pages import DOCS, ROOT

SHELL: Final = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def printed() -> Iterator[Any]:
    for page in [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]:
        for block in SHELL.findall(page.read_text()):
            for line in block.splitlines():
                if line.startswith("gp "):
                    yield pytest.param(shlex.split(line.rstrip("& "), comments=True)[1:], id=f"{page.name}: {line}")


@pytest.mark.parametrize("arguments", list(printed()))
def test_a_printed_command_exists(arguments: list[str]) -> None:
    # Help is shown only after everything before it was understood.
    asked = CliRunner().invoke(app, [*arguments, "--help"])

    assert asked.exit_code == 0, asked.output


@pytest.mark.parametrize("arguments", [["worker", "rum", "bot:router"], ["worker", "run", "bot:router", "--nope"]])
def test_one_that_does_not_exist_would_be_found(arguments: list[str]) -> None:
    assert CliRunner().invoke(app, [*arguments, "--help"]).exit_code != 0
