"""What gp finds nothing wrong with, Discord registers: compared with the stand-in's own rules."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import find, given
from hypothesis import strategies as st

from gpadapters.simulator.command_checks import command_set
from gpcore.domain.command_declarations import CommandDeclaration
from gpcore.domain.command_definitions import define
from gpcore.domain.command_details import CommandDetails, Localization
from gpcore.domain.command_differences import Change, compare, overwrite
from gpcore.domain.interactions import CommandType
from gpcore.domain.messages import Choice
from gpcore.domain.options import Option, OptionSpec, OptionType

pytestmark = pytest.mark.property

NAMES = st.sampled_from(["a", "b", "zwei", "x" * 32])
SUGGESTED = (OptionType.STRING, OptionType.INTEGER, OptionType.NUMBER)


def some(careful: bool, good: list[Any], bad: list[Any]) -> st.SearchStrategy[Any]:
    """Return values that Discord takes, and others too unless the author is careful."""
    return st.sampled_from(good if careful else [*good, *bad])


def words(careful: bool, *, of: Sequence[Choice] = ()) -> st.SearchStrategy[dict[str, Localization]]:
    called = [{}, {choice.name: "\N{OX}" * 50 for choice in of}]
    translated = st.builds(
        Localization,
        name=some(careful, [None, "gut"], ["Groß", "x" * 33, ""]),
        description=some(careful, [None, "x" * 100], ["", "x" * 101]),
        choices=some(careful, called, [{"A": ""}, {"A": "x" * 101}, {"nobody": "niemand"}]),
    )
    return st.dictionaries(some(careful, ["de", "en-GB", "es-419"], ["deutsch"]), translated, max_size=2)


def details(careful: bool, kind: OptionType, offered: Sequence[Choice]) -> st.SearchStrategy[Option]:
    """Return bounds; a careful author gives only those that the option's type has."""
    number, text = kind in (OptionType.INTEGER, OptionType.NUMBER), kind is OptionType.STRING
    places = [(0, 5)] if kind is OptionType.CHANNEL else []
    return st.builds(
        Option,
        min=some(careful, [None, *([-1, 0] if number else [])], [0.5, 9, -(2.0**54)]),
        max=some(careful, [None, *([3, 5] if number else [])], [0.5, -9, 2.0**54]),
        min_length=some(careful, [None, *([0, 1] if text else [])], [-1, 6001]),
        max_length=some(careful, [None, *([2, 6000] if text else [])], [0, 6001]),
        channel_types=some(careful, [(), *places], [(0,)]),
        localizations=words(careful, of=offered),
    )


def choices(careful: bool, kind: OptionType) -> st.SearchStrategy[list[Choice]]:
    if kind not in SUGGESTED:
        return st.just([])
    values = (["a", "b"], ["", "x" * 101]) if kind is OptionType.STRING else ([1, 2], [2**60])
    one = st.builds(Choice, name=some(careful, ["A", "x" * 100], ["", "x" * 101]), value=some(careful, *values))
    return st.lists(one, max_size=2)


@st.composite
def options(draw: st.DrawFn, careful: bool) -> OptionSpec:
    name, kind = draw(NAMES), draw(st.sampled_from(OptionType))
    offered = draw(choices(careful, kind))
    return OptionSpec(
        name=name,
        parameter=name,
        type=kind,
        description=draw(some(careful, ["x", "x" * 100], ["", "x" * 101, "\N{OX}" * 51])),
        required=draw(st.booleans()),
        choices=tuple(offered),
        details=draw(details(careful, kind, offered)),
    )


@st.composite
def declarations(draw: st.DrawFn, careful: bool) -> CommandDeclaration:
    kind = draw(st.sampled_from(CommandType))
    chat, menu = kind is CommandType.CHAT_INPUT, kind in (CommandType.USER, CommandType.MESSAGE)
    path = tuple(draw(st.lists(NAMES, min_size=1, max_size=3))) if chat else (draw(NAMES),)
    given = draw(st.lists(options(careful), max_size=3, unique_by=lambda option: option.name)) if chat else []
    fitting = [one.name for one in given if one.type in SUGGESTED and not one.choices]
    return CommandDeclaration(
        type=kind,
        path=path,
        source="bot.py:1",
        description="" if menu else draw(some(careful, ["x", "x" * 100], ["", "x" * 101])),
        options=tuple(given),
        autocompleted=frozenset(draw(st.sets(some(careful, fitting or [""], ["a", "b"]), max_size=1))),
        details=CommandDetails(
            permissions=draw(some(careful, [None, 8], [0, -1])),
            contexts=draw(some(careful, [None], [("guild",), ("guild", "bot_dm"), ()])),
            installs=draw(some(careful, [None], [("user",), ()])),
            nsfw=draw(some(careful, [None], [True])),
            localizations={} if menu else draw(words(careful)),
        ),
    )


def sets(careful: bool) -> st.SearchStrategy[list[CommandDeclaration]]:
    return st.lists(declarations(careful), max_size=3).filter(is_invocable)


def is_invocable(declared: list[CommandDeclaration]) -> bool:
    """Tell whether no path is another's beginning and none is there twice, which a router refuses before."""
    chat = [one.path for one in declared if one.type is CommandType.CHAT_INPUT]
    menus = [(one.type, one.path) for one in declared if one.type is not CommandType.CHAT_INPUT]
    begins = any(one != other and other[: len(one)] == one for one in chat for other in chat)
    return not begins and len(set(chat)) == len(chat) and len(set(menus)) == len(menus)


@given(declared=sets(careful=True))
def test_what_a_careful_author_declares_is_registered(declared: list[CommandDeclaration]) -> None:
    defined = define(declared)

    assert [fault for fault in defined.faults if "entry point commands; Discord" not in fault] == []
    assert defined.faults or list(command_set([dict(command) for command in defined.commands])) == []


@given(declared=sets(careful=False))
def test_what_the_stand_in_refuses_has_a_fault_that_says_where(declared: list[CommandDeclaration]) -> None:
    defined = define(declared)

    if list(command_set([dict(command) for command in defined.commands])):
        assert defined.faults
        assert all(fault.startswith("bot.py:1: ") for fault in defined.faults)


@given(declared=sets(careful=True), registered=sets(careful=True))
def test_registering_leaves_no_difference(
    declared: list[CommandDeclaration], registered: list[CommandDeclaration]
) -> None:
    wanted, known = define(declared).commands, define(registered).commands

    sent = overwrite(wanted, known, guild=False)

    assert all(one.change is Change.NOTHING for one in compare(wanted, sent))


def test_careful_authors_use_everything() -> None:
    """Guards the first property: it is not about empty sets."""
    for wanted in (
        lambda one: one.options and one.options[0].choices,
        lambda one: any(option.details.max_length for option in one.options),
        lambda one: any(option.details.min is not None for option in one.options),
        lambda one: len(one.path) == 3 and one.options,
        lambda one: one.autocompleted - {""},
    ):
        assert wanted(find(declarations(careful=True), wanted))
