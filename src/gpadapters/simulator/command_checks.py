"""What Discord refuses in the definition of an application command ("Application Commands")."""

import re
from collections.abc import Iterator
from typing import Final

from gpadapters.simulator.checks import Faults, Path, array, as_list, as_object, choice, length, text
from gpadapters.simulator.errors import Fault, Json

CHAT_INPUT: Final = 1
ENTRY_POINT: Final = 4
SUB_COMMAND: Final = 1
GROUP: Final = 2

_MOST: Final = {1: 100, 2: 15, 3: 15, 4: 1}
_MOST_OPTIONS: Final = 25
_LARGEST_DESCRIPTION: Final = 100
_LARGEST_DEFINITION: Final = 8000
_LONGEST_TEXT: Final = 6000
_LARGEST_NUMBER: Final = 2**53
_CHAT_NAME: Final = re.compile(r"[-_'\w\u0900-\u097f\u0e00-\u0e7f]{1,32}")
_STRING, _INTEGER, _CHANNEL, _NUMBER = 3, 4, 7, 10
_OPTION_TYPES: Final = frozenset(range(1, 12))
_WORDS: Final = ("name", "description")
_LOCALES: Final = re.compile(r"[a-z]{2}(-[A-Z]{2}|-419)?")


def command_set(commands: list[Json]) -> Faults:
    """Yield what is wrong with a set that replaces another."""
    seen: set[tuple[object, object]] = set()
    counts: dict[object, int] = {}
    for index, command in enumerate(commands):
        path, kind = (str(index),), command.get("type", CHAT_INPUT)
        yield from _command(path, command, kind)
        counts[kind] = counts.get(kind, 0) + 1
        if (kind, command.get("name")) in seen:
            yield Fault(path, "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
        seen.add((kind, command.get("name")))
    for kind, count in counts.items():
        most = _MOST.get(kind, 0) if isinstance(kind, int) else 0
        if count > most:
            yield Fault((), "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")


def _command(path: Path, command: Json, kind: object) -> Faults:
    yield from choice((*path, "type"), kind, frozenset(_MOST))
    chat = kind == CHAT_INPUT
    yield from _name(path, command, chat=chat)
    yield from text(
        (*path, "description"),
        command.get("description"),
        _LARGEST_DESCRIPTION if chat or kind == ENTRY_POINT else 0,
        least=1 if chat else 0,
        required=chat,
    )
    yield from _localizations(path, command)
    permissions = command.get("default_member_permissions")
    if permissions is not None and not (isinstance(permissions, str) and permissions.isdecimal()):
        yield Fault((*path, "default_member_permissions"), "NUMBER_TYPE_COERCE", "Value is not snowflake.")
    yield from _numbers((*path, "contexts"), command.get("contexts"), frozenset({0, 1, 2}))
    yield from _numbers((*path, "integration_types"), command.get("integration_types"), frozenset({0, 1}))
    if not chat and command.get("options"):
        yield Fault((*path, "options"), "APPLICATION_COMMAND_OPTIONS_NOT_ALLOWED", "Only slash commands have options")
    yield from _options((*path, "options"), command.get("options"), depth=0)
    if _size(command) > _LARGEST_DEFINITION:
        yield Fault(path, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")


def _options(path: Path, options: object, *, depth: int) -> Faults:
    yield from array(path, options, _MOST_OPTIONS)
    given = [as_object(item) for item in as_list(options)]
    names, optional = set[object](), False
    nested = {option.get("type") in (SUB_COMMAND, GROUP) for option in given}
    if len(nested) > 1:
        yield Fault(path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command and options cannot be mixed")
    for index, option in enumerate(given):
        here = (*path, str(index))
        if option.get("name") in names:
            yield Fault(here, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists")
        names.add(option.get("name"))
        if option.get("required") and optional:
            message = "Required options must be placed before non-required options"
            yield Fault(here, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional = optional or not option.get("required")
        yield from _option(here, option, depth=depth)


def _option(path: Path, option: Json, *, depth: int) -> Faults:
    kind = option.get("type")
    yield from choice((*path, "type"), kind, _OPTION_TYPES)
    yield from _name(path, option, chat=True)
    description = option.get("description")
    yield from text((*path, "description"), description, _LARGEST_DESCRIPTION, least=1, required=True)
    yield from _localizations(path, option)
    if kind in (SUB_COMMAND, GROUP):
        allowed = kind == SUB_COMMAND or depth == 0
        if not allowed or (kind == SUB_COMMAND and depth > 1):
            yield Fault(path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Nested too deeply")
        yield from _options((*path, "options"), option.get("options"), depth=depth + 1)
        return
    yield from _choices(path, option)
    yield from _bounds(path, option, ("min_value", "max_value"), (_INTEGER, _NUMBER), _LARGEST_NUMBER)
    yield from _bounds(path, option, ("min_length", "max_length"), (_STRING,), _LONGEST_TEXT)
    if option.get("channel_types") and kind != _CHANNEL:
        yield Fault((*path, "channel_types"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Only for channels")


def _choices(path: Path, option: Json) -> Faults:
    kind, given = option.get("type"), as_list(option.get("choices"))
    yield from array((*path, "choices"), option.get("choices"), _MOST_OPTIONS)
    if option.get("autocomplete") and (given or kind not in (_STRING, _INTEGER, _NUMBER)):
        message = "Autocomplete is for texts and numbers without choices"
        yield Fault((*path, "autocomplete"), "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", message)
    for index, item in enumerate(map(as_object, given)):
        here = (*path, "choices", str(index))
        yield from text((*here, "name"), item.get("name"), _LARGEST_DESCRIPTION, least=1, required=True)
        for locale, name in as_object(item.get("name_localizations")).items():
            if not _LOCALES.fullmatch(locale):
                yield Fault((*here, "name_localizations"), "BASE_TYPE_CHOICES", "Not a locale")
            yield from text((*here, "name_localizations", locale), name, _LARGEST_DESCRIPTION, least=1)
        value = item.get("value")
        if kind == _STRING:
            yield from text((*here, "value"), value, _LARGEST_DESCRIPTION, least=1, required=True)
        elif not isinstance(value, (int, float)) or isinstance(value, bool) or abs(value) > _LARGEST_NUMBER:
            yield Fault((*here, "value"), "NUMBER_TYPE_COERCE", "Value is not a number.")


def _bounds(path: Path, option: Json, names: tuple[str, str], kinds: tuple[int, ...], largest: int) -> Faults:
    low, high = (option.get(name) for name in names)
    for name, bound in zip(names, (low, high), strict=True):
        if bound is None:
            continue
        if option.get("type") not in kinds or not isinstance(bound, (int, float)) or abs(bound) > largest:
            yield Fault((*path, name), "NUMBER_TYPE_MAX", "Not for this option, or out of bounds")
    if isinstance(low, (int, float)) and isinstance(high, (int, float)) and low > high:
        yield Fault((*path, names[0]), "NUMBER_TYPE_MAX", "The least is above the most")


def _name(path: Path, given: Json, *, chat: bool) -> Faults:
    yield from text((*path, "name"), given.get("name"), 32, least=1, required=True)
    for name in [given.get("name"), *as_object(given.get("name_localizations")).values()]:
        if chat and isinstance(name, str) and name and (not _CHAT_NAME.fullmatch(name) or name != name.lower()):
            yield Fault((*path, "name"), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _localizations(path: Path, given: Json) -> Faults:
    for word, most in zip(_WORDS, (32, _LARGEST_DESCRIPTION), strict=True):
        field = f"{word}_localizations"
        for locale, translated in as_object(given.get(field)).items():
            if not _LOCALES.fullmatch(locale):
                yield Fault((*path, field), "BASE_TYPE_CHOICES", "Not a locale")
            yield from text((*path, field, locale), translated, most, least=1)


def _numbers(path: Path, value: object, allowed: frozenset[int]) -> Iterator[Fault]:
    yield from array(path, value, len(allowed), least=1)
    for item in as_list(value):
        yield from choice(path, item, allowed)


def _size(given: Json) -> int:
    size = 0
    for word in _WORDS:
        words = [given.get(word), *as_object(given.get(f"{word}_localizations")).values()]
        size += max([length(one) for one in words if isinstance(one, str)], default=0)
    value = given.get("value")
    size += length(value) if isinstance(value, str) else 0
    children = [*as_list(given.get("options")), *as_list(given.get("choices"))]
    return size + sum(_size(as_object(child)) for child in children)
