"""Shape of the command line."""

import inspect
from collections.abc import Iterator

import typer
from typer.main import get_command

from gprunner.cli.app import app


def test_no_command_is_a_coroutine_that_nobody_would_await() -> None:
    callbacks = list(_callbacks(app))
    assert len(callbacks) > 10
    assert not [callback for callback in callbacks if inspect.iscoroutinefunction(callback)]


def test_the_documented_commands_are_there() -> None:
    assert set(get_command(app).commands) == {  # type: ignore[attr-defined]  # a group has commands
        "commands", "config", "demo", "dlq", "doctor", "publish", "routes", "schema", "simulate", "top",
        "topology", "worker",
    }  # fmt: skip


def _callbacks(tree: typer.Typer) -> Iterator[object]:
    for command in tree.registered_commands:
        yield command.callback
    for group in tree.registered_groups:
        assert group.typer_instance is not None
        yield from _callbacks(group.typer_instance)
