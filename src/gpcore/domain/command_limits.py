"""Discord's limits on the definition of a command ("Application Commands")."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from gpcore.domain.command_declarations import CommandDeclaration
from gpcore.domain.command_details import CONTEXTS, INSTALLS, Localization
from gpcore.domain.interactions import CommandType
from gpcore.domain.locales import LOCALES
from gpcore.domain.messages import Choice
from gpcore.domain.options import LARGEST_INTEGER, NAME_PATTERN, OptionSpec, OptionType
from gpcore.domain.utf16 import units

LARGEST_DESCRIPTION: Final = 100
LARGEST_DEFINITION: Final = 8000
LONGEST_TEXT: Final = 6000
MOST_CHILDREN: Final = 25
MOST_COMMANDS: Final[Mapping[CommandType, int]] = {
    CommandType.CHAT_INPUT: 100,
    CommandType.USER: 15,
    CommandType.MESSAGE: 15,
    CommandType.ENTRY_POINT: 1,
}

_NAME: Final = re.compile(NAME_PATTERN)
_MENU_NAME: Final = re.compile(r".{1,32}", re.DOTALL)
_NUMBERS: Final = (OptionType.INTEGER, OptionType.NUMBER)
_SUGGESTED: Final = (OptionType.STRING, *_NUMBERS)


def check_declaration(declared: CommandDeclaration) -> Iterator[str]:
    """Yield what Discord would refuse in one declaration, a sentence each."""
    details, menu = declared.details, declared.type in (CommandType.USER, CommandType.MESSAGE)
    if menu and (details.description or any(words.description for words in details.localizations.values())):
        yield declared.fault("has a description, which a context menu does not show: leave it out")
    if not menu:
        yield from map(declared.fault, _check_description(declared.description))
    pattern = _NAME if declared.type is CommandType.CHAT_INPUT else _MENU_NAME
    yield from map(declared.fault, _check_localizations(details.localizations, pattern))
    if any(words.choices for words in details.localizations.values()):
        yield declared.fault("has words for choices, which belong to an Option(localizations=…)")
    yield from map(declared.fault, _check_where("contexts", details.contexts, CONTEXTS))
    yield from map(declared.fault, _check_where("installs", details.installs, INSTALLS))
    if details.permissions is not None and details.permissions < 0:
        yield declared.fault(f"has permissions={details.permissions}: combine Permission values with |")
    for option in declared.options:
        for problem in _check_option(option, suggested=option.name in declared.autocompleted):
            yield declared.fault(f"option {option.name!r} {problem}")


def definition_size(definition: Mapping[str, Any]) -> int:
    """Return the characters of a definition as Discord counts them: each word in its longest language."""
    size = sum(_longest(definition, field) for field in ("name", "description"))
    size += units(value) if isinstance(value := definition.get("value"), str) else 0
    children = [*definition.get("options", ()), *definition.get("choices", ())]
    return size + sum(map(definition_size, children))


def _longest(definition: Mapping[str, Any], field: str) -> int:
    words = [definition.get(field, ""), *definition.get(f"{field}_localizations", {}).values()]
    return max(map(units, words))


def _check_description(description: str) -> Iterator[str]:
    if not 1 <= units(description) <= LARGEST_DESCRIPTION:
        yield (
            f"has a description of {units(description)} characters; Discord takes 1 to {LARGEST_DESCRIPTION}:"
            " shorten the docstring's first line or give description="
        )


def _check_localizations(localizations: Mapping[str, Localization], pattern: re.Pattern[str]) -> Iterator[str]:
    for locale, words in localizations.items():
        if locale not in LOCALES:
            yield f"is localized for {locale!r}, which is none of Discord's locales, such as de or en-GB"
        if words.name is not None and (
            not pattern.fullmatch(words.name) or (pattern is _NAME and words.name != words.name.lower())
        ):
            yield f"is called {words.name!r} in {locale!r}, which is no name that Discord takes"
        if words.description is not None and not 1 <= units(words.description) <= LARGEST_DESCRIPTION:
            yield f"has a description of {units(words.description)} characters in {locale!r}; Discord takes 1 to 100"


def _check_where(what: str, given: tuple[str, ...] | None, known: Mapping[str, int]) -> Iterator[str]:
    if given is not None and (not given or not set(given) <= set(known)):
        yield f"has {what}={list(given)}: choose one or more of {', '.join(known)}, or leave it out"


def _check_option(option: OptionSpec, *, suggested: bool) -> Iterator[str]:
    details = option.details
    yield from _check_description(option.description)
    yield from _check_localizations(details.localizations, _NAME)
    yield from _check_choice_words(option)
    if suggested and option.type not in _SUGGESTED:
        yield "cannot have an autocomplete: only texts and numbers can"
    if suggested and option.choices:
        yield "has fixed choices and an autocomplete: Discord takes one of them"
    if details.channel_types and option.type is not OptionType.CHANNEL:
        yield "has channel_types, but is no channel"
    yield from _check_numbers(option)
    yield from _check_lengths(option)
    for choice in option.choices:
        yield from _check_choice(choice)


def _check_numbers(option: OptionSpec) -> Iterator[str]:
    low, high = option.details.min, option.details.max
    if (low, high) == (None, None):
        return
    if option.type not in _NUMBERS:
        yield "has min or max, but is no number: a text has min_length and max_length"
    if low is not None and high is not None and low > high:
        yield f"has min={low} above max={high}"
    for bound in (low, high):
        if bound is not None and not abs(bound) <= LARGEST_INTEGER:
            yield f"has the bound {bound}, beyond 2**53"
        elif bound is not None and option.type is OptionType.INTEGER and bound % 1 != 0:
            yield f"has the bound {bound}, but is a whole number"


def _check_lengths(option: OptionSpec) -> Iterator[str]:
    shortest, longest = option.details.min_length, option.details.max_length
    if (shortest, longest) == (None, None):
        return
    if option.type is not OptionType.STRING:
        yield "has min_length or max_length, but is no text"
    if (
        not 0 <= (shortest or 0) <= LONGEST_TEXT
        or not 1 <= (LONGEST_TEXT if longest is None else longest) <= LONGEST_TEXT
    ):
        yield f"has lengths {shortest} to {longest}: Discord takes 0 to {LONGEST_TEXT}, and a max_length of at least 1"
    elif shortest is not None and longest is not None and shortest > longest:
        yield f"has min_length={shortest} above max_length={longest}"


def _check_choice_words(option: OptionSpec) -> Iterator[str]:
    offered = [choice.name for choice in option.choices]
    for locale, words in option.details.localizations.items():
        for name, called in words.choices.items():
            if name not in offered:
                yield f"has words in {locale!r} for a choice {name[:20]!r}, which it does not offer"
            if not 1 <= units(called) <= LARGEST_DESCRIPTION:
                yield f"has a choice named {called[:20]!r} in {locale!r}: give 1 to 100 characters"


def _check_choice(choice: Choice) -> Iterator[str]:
    if not 1 <= units(choice.name) <= LARGEST_DESCRIPTION:
        yield f"has a choice named {choice.name[:20]!r}: give 1 to 100 characters"
    if isinstance(choice.value, str):
        if not 1 <= units(choice.value) <= LARGEST_DESCRIPTION:
            yield f"has a choice of the value {choice.value[:20]!r}: give 1 to 100 characters"
    elif not abs(choice.value) <= LARGEST_INTEGER:
        yield f"has a choice of the value {choice.value}, beyond 2**53"
