"""What gp finds nothing wrong with, Discord registers: compared with the stand-in's own rules."""

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
DESCRIPTIONS = st.sampled_from(["", "x", "x" * 100, "x" * 101, "\N{OX}" * 51])
LOCALES = st.sampled_from(["de", "en-GB", "es-419", "deutsch"])
WORDS = st.builds(
    Localization,
    name=st.none() | st.sampled_from(["gut", "Groß", "x" * 33, ""]),
    description=st.none() | DESCRIPTIONS,
)
LOCALIZATIONS = st.dictionaries(LOCALES, WORDS, max_size=2)
BOUNDS = st.none() | st.sampled_from([-1, 0, 0.5, 3, 2.0**54])
LENGTHS = st.none() | st.sampled_from([-1, 0, 1, 6000, 6001])
CHOICES = st.lists(
    st.builds(
        Choice,
        name=st.sampled_from(["a", "x" * 101, ""]),
        value=st.sampled_from(["a", "x" * 101, ""]) | st.sampled_from([1, 2**60]),
    ),
    max_size=2,
)
DETAILS = st.builds(
    Option,
    min=BOUNDS,
    max=BOUNDS,
    min_length=LENGTHS,
    max_length=LENGTHS,
    channel_types=st.sampled_from([(), (0,)]),
    localizations=LOCALIZATIONS,
)


@st.composite
def options(draw: st.DrawFn) -> OptionSpec:
    name, kind = draw(NAMES), draw(st.sampled_from(OptionType))
    choices = draw(CHOICES) if kind in (OptionType.STRING, OptionType.INTEGER, OptionType.NUMBER) else []
    fitting = [one for one in choices if isinstance(one.value, str) == (kind is OptionType.STRING)]
    details = draw(DETAILS) if draw(st.booleans()) else Option()
    return OptionSpec(
        name=name,
        parameter=name,
        type=kind,
        description=draw(DESCRIPTIONS),
        required=draw(st.booleans()),
        choices=tuple(fitting),
        details=details,
    )


@st.composite
def declarations(draw: st.DrawFn) -> CommandDeclaration:
    kind = draw(st.sampled_from(CommandType))
    chat, menu = kind is CommandType.CHAT_INPUT, kind in (CommandType.USER, CommandType.MESSAGE)
    path = tuple(draw(st.lists(NAMES, min_size=1, max_size=3))) if chat else (draw(NAMES),)
    given = draw(st.lists(options(), max_size=3, unique_by=lambda option: option.name)) if chat else []
    return CommandDeclaration(
        type=kind,
        path=path,
        source="bot.py:1",
        description="" if menu else draw(DESCRIPTIONS),
        options=tuple(given),
        autocompleted=frozenset(draw(st.sets(NAMES, max_size=1))),
        details=CommandDetails(
            permissions=draw(st.none() | st.sampled_from([0, 8])),
            contexts=draw(st.none() | st.sampled_from([("guild",), ("guild", "bot_dm"), ()])),
            installs=draw(st.none() | st.sampled_from([("user",), ()])),
            nsfw=draw(st.none() | st.booleans()),
            localizations=draw(LOCALIZATIONS),
        ),
    )


def is_invocable(declared: list[CommandDeclaration]) -> bool:
    """Tell whether no path is another's beginning and none is there twice, which a router refuses before."""
    chat = [one.path for one in declared if one.type is CommandType.CHAT_INPUT]
    menus = [(one.type, one.path) for one in declared if one.type is not CommandType.CHAT_INPUT]
    begins = any(one != other and other[: len(one)] == one for one in chat for other in chat)
    return not begins and len(set(chat)) == len(chat) and len(set(menus)) == len(menus)


@given(declared=st.lists(declarations(), max_size=4).filter(is_invocable))
def test_what_has_no_fault_is_registered(declared: list[CommandDeclaration]) -> None:
    defined = define(declared)

    if not defined.faults:
        assert list(command_set([dict(command) for command in defined.commands])) == []


@given(
    declared=st.lists(declarations(), max_size=4).filter(is_invocable),
    registered=st.lists(declarations(), max_size=4).filter(is_invocable),
)
def test_registering_leaves_no_difference(
    declared: list[CommandDeclaration], registered: list[CommandDeclaration]
) -> None:
    wanted, known = define(declared).commands, define(registered).commands

    sent = overwrite(wanted, known, guild=False)

    assert all(one.change is Change.NOTHING for one in compare(wanted, sent))


def test_sets_with_and_without_faults_are_made_up() -> None:
    """Guards the properties above."""
    sets = st.lists(declarations(), min_size=2, max_size=2).filter(is_invocable)

    assert find(sets, lambda declared: bool(define(declared).faults))
    assert find(sets, lambda declared: not define(declared).faults and any(one.options for one in declared))
