"""From declared commands to the objects that Discord registers.

Subcommands and groups are merged into the commands that they belong to. What belongs to a whole
command (permissions, contexts, installs, nsfw) may be declared at its group or at any of its
subcommands, as long as they agree.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gpcore.domain.command_declarations import CommandDeclaration
from gpcore.domain.command_details import CONTEXTS, INSTALLS, CommandDetails, Localization
from gpcore.domain.command_limits import (
    LARGEST_DEFINITION,
    MOST_CHILDREN,
    MOST_COMMANDS,
    check_declaration,
    definition_size,
)
from gpcore.domain.interactions import CommandType
from gpcore.domain.messages import Choice
from gpcore.domain.options import OptionSpec

Definition = dict[str, Any]
"""Discord's application command object, as far as it is declared."""

_SUB_COMMAND: Final = 1
_SUB_COMMAND_GROUP: Final = 2
_APP_HANDLES: Final = 1
_SHARED: Final = ("permissions", "contexts", "installs", "nsfw")


@dataclass(frozen=True, slots=True)
class Definitions:
    """What would be registered.

    Attributes:
        commands: Discord's objects, in the order of declaration; without what is left to Discord.
        faults: What Discord would refuse, a sentence each.
    """

    commands: tuple[Definition, ...]
    faults: tuple[str, ...]


def define(declarations: Sequence[CommandDeclaration]) -> Definitions:
    """Return the definitions of all declared commands, with every fault found."""
    faults = [fault for declared in declarations for fault in check_declaration(declared)]
    commands: list[Definition] = []
    for family in _families(declarations):
        faults.extend(_disagreements(family))
        faults.extend(_crowds(family))
        command = _command(family)
        size = definition_size(command)
        if size > LARGEST_DEFINITION:
            faults.append(family[0].fault(f"has {size} characters in all; Discord takes {LARGEST_DEFINITION}"))
        commands.append(command)
    faults.extend(_too_many(commands, declarations))
    return Definitions(tuple(commands), tuple(faults))


def _families(declarations: Sequence[CommandDeclaration]) -> Iterator[list[CommandDeclaration]]:
    """Yield the declarations that make one command; a group that nobody is in makes none."""
    families: dict[tuple[CommandType, str], list[CommandDeclaration]] = {}
    for declared in declarations:
        families.setdefault((declared.type, declared.path[0]), []).append(declared)
    yield from (family for family in families.values() if not all(one.is_group for one in family))


def _command(family: list[CommandDeclaration]) -> Definition:
    first = family[0]
    kind = first.type
    top = next((one for one in family if len(one.path) == 1), None)
    command: Definition = {"type": int(kind), "name": first.path[0]}
    if kind in (CommandType.CHAT_INPUT, CommandType.ENTRY_POINT):
        command["description"] = _description(top, first.path[0])
    if kind is CommandType.ENTRY_POINT:
        command["handler"] = _APP_HANDLES
    if top is not None:
        command |= _localized(top.details.localizations)
    command |= _shared(_merged(family))
    options = _children(family, 1) if top is None or top.is_group else _options(top)
    return command | ({"options": options} if options else {})


def _children(family: list[CommandDeclaration], depth: int) -> list[Definition]:
    """Return the subcommands and groups at a depth below the command, in the order of declaration."""
    names = dict.fromkeys(one.path[depth] for one in family if len(one.path) > depth)
    found = []
    for name in names:
        below = [one for one in family if len(one.path) > depth and one.path[depth] == name]
        if all(one.is_group for one in below):
            continue
        top = next((one for one in below if len(one.path) == depth + 1), None)
        grouped = top is None or top.is_group
        child: Definition = {
            "type": _SUB_COMMAND_GROUP if grouped else _SUB_COMMAND,
            "name": name,
            "description": _description(top, name),
        }
        if top is not None:
            child |= _localized(top.details.localizations)
        options = _children(below, depth + 1) if top is None or top.is_group else _options(top)
        found.append(child | ({"options": options} if options else {}))
    return found


def _description(declared: CommandDeclaration | None, name: str) -> str:
    return name if declared is None or not declared.description else declared.description


def _localized(localizations: Mapping[str, Localization]) -> Definition:
    names = {locale: words.name for locale, words in localizations.items() if words.name is not None}
    texts = {locale: words.description for locale, words in localizations.items() if words.description is not None}
    localized: Definition = {"name_localizations": names, "description_localizations": texts}
    return {field: words for field, words in localized.items() if words}


def _merged(family: list[CommandDeclaration]) -> CommandDetails:
    found: dict[str, Any] = {}
    for field in _SHARED:
        given = [getattr(one.details, field) for one in family]
        found[field] = next((value for value in given if value is not None), None)
    return CommandDetails(**found)


def _shared(details: CommandDetails) -> Definition:
    shared: Definition = {}
    if details.permissions is not None:
        shared["default_member_permissions"] = str(int(details.permissions))
    if details.contexts is not None:
        shared["contexts"] = sorted(CONTEXTS[name] for name in details.contexts if name in CONTEXTS)
    if details.installs is not None:
        shared["integration_types"] = sorted(INSTALLS[name] for name in details.installs if name in INSTALLS)
    if details.nsfw is not None:
        shared["nsfw"] = details.nsfw
    return shared


def _options(declared: CommandDeclaration) -> list[Definition]:
    """Return the options; Discord wants the required ones first, a handler's signature need not."""
    ordered = sorted(declared.options, key=lambda option: not option.required)
    return [_option(option, suggested=option.name in declared.autocompleted) for option in ordered]


def _option(option: OptionSpec, *, suggested: bool) -> Definition:
    details = option.details
    optional: Definition = {
        "required": option.required or None,
        "autocomplete": suggested or None,
        "choices": [_choice(choice, details.localizations) for choice in option.choices] or None,
        "channel_types": sorted(map(int, details.channel_types)) or None,
        "min_value": details.min,
        "max_value": details.max,
        "min_length": details.min_length,
        "max_length": details.max_length,
    }
    fixed: Definition = {"type": int(option.type), "name": option.name, "description": option.description}
    given = {field: value for field, value in optional.items() if value is not None}
    return fixed | _localized(details.localizations) | given


def _choice(choice: Choice, localizations: Mapping[str, Localization]) -> Definition:
    called = {
        locale: words.choices[choice.name] for locale, words in localizations.items() if choice.name in words.choices
    }
    return {"name": choice.name, "value": choice.value} | ({"name_localizations": called} if called else {})


def _disagreements(family: list[CommandDeclaration]) -> Iterator[str]:
    for field in _SHARED:
        given = [(one, value) for one in family if (value := getattr(one.details, field)) is not None]
        for one, value in given[1:]:
            first, known = given[0]
            if value != known:
                yield one.fault(
                    f"has {field}={value!r}, but {first.name!r} at {first.source} has {known!r},"
                    f" and they are one command: say it once, with router.group({one.path[0]!r}, …)"
                )


def _crowds(family: list[CommandDeclaration]) -> Iterator[str]:
    for depth in (1, 2):
        children: dict[tuple[str, ...], dict[str, CommandDeclaration]] = {}
        for one in family:
            if len(one.path) > depth:
                children.setdefault(one.path[:depth], {}).setdefault(one.path[depth], one)
        for parent, named in children.items():
            if len(named) > MOST_CHILDREN:
                last = list(named.values())[MOST_CHILDREN]
                crowd = f"{len(named)} subcommands and groups in {' '.join(parent)!r}"
                yield last.fault(f"is one of {crowd}; Discord allows {MOST_CHILDREN}")


def _too_many(commands: list[Definition], declarations: Sequence[CommandDeclaration]) -> Iterator[str]:
    for kind, count in Counter(CommandType(command["type"]) for command in commands).items():
        if count > MOST_COMMANDS[kind]:
            last = [one for one in declarations if one.type is kind][-1]
            words = kind.name.lower().replace("_", " ")
            yield last.fault(f"is one of {count} {words} commands; Discord allows {MOST_COMMANDS[kind]}")
