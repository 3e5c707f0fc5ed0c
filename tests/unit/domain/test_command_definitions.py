"""Groups that nobody is in."""

from gpcore.domain.command_declarations import CommandDeclaration
from gpcore.domain.command_definitions import define
from gpcore.domain.interactions import CommandType


def declared(*path: str, is_group: bool = False) -> CommandDeclaration:
    return CommandDeclaration(
        type=CommandType.CHAT_INPUT, path=path, source="bot.py:1", description="x", is_group=is_group
    )


def test_a_group_that_nobody_is_in_is_not_registered() -> None:
    empty = [declared("mod", is_group=True), declared("wallet", "admin", is_group=True)]

    [wallet] = define([*empty, declared("wallet", "check")]).commands

    assert wallet["options"] == [{"type": 1, "name": "check", "description": "x"}]
