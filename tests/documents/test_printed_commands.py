"""Every `gp` command that the documents print exists, with the options that are printed."""

import re
import shlex
from collections.abc import Iterator
from typing import Any, Final

import click
import pytest
import typer

from gprunner.cli.app import app
from tests.documents.pages import DOCS, ROOT

SHELL: Final = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def printed() -> Iterator[Any]:
    for page in [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]:
        for block in SHELL.findall(page.read_text()):
            for line in block.splitlines():
                if line.startswith("gp "):
                    yield pytest.param(shlex.split(line.rstrip("& "), comments=True)[1:], id=f"{page.name}: {line}")


def parse(command: click.Command, arguments: list[str]) -> None:
    """Let click refuse what it does not know, and run nothing."""
    context = command.make_context("gp", list(arguments))
    if isinstance(command, click.Group):
        _, inner, rest = command.resolve_command(context, [*context.protected_args, *context.args])
        assert inner is not None
        parse(inner, rest)


@pytest.mark.parametrize("arguments", list(printed()))
def test_a_printed_command_exists(arguments: list[str]) -> None:
    parse(typer.main.get_command(app), arguments)
