"""From compiled handlers and groups to what Discord would register."""

from collections.abc import Iterable, Sequence
from typing import Final

from gpcore.application.declarations import Group
from gpcore.application.handlers import CompiledHandler, HandlerKind
from gpcore.application.names import is_command_name
from gpcore.domain.command_declarations import CommandDeclaration
from gpcore.domain.command_definitions import Definitions, define
from gpcore.domain.interactions import CommandType

_TYPES: Final = {
    HandlerKind.COMMAND: CommandType.CHAT_INPUT,
    HandlerKind.USER_COMMAND: CommandType.USER,
    HandlerKind.MESSAGE_COMMAND: CommandType.MESSAGE,
    HandlerKind.ENTRY_POINT: CommandType.ENTRY_POINT,
}
_MENUS: Final = (HandlerKind.USER_COMMAND, HandlerKind.MESSAGE_COMMAND)
_MOST_WORDS_OF_A_GROUP: Final = 2


def define_commands(handlers: Iterable[CompiledHandler], groups: Sequence[Group]) -> Definitions:
    """Return the definitions of every command among the handlers, with what Discord would refuse."""
    known = list(handlers)
    suggested = {
        (handler.registration.name, handler.registration.option)
        for handler in known
        if handler.kind is HandlerKind.AUTOCOMPLETE
    }
    commands = [_declaration(handler, suggested) for handler in known if handler.kind in _TYPES]
    described = [_group(group) for group in groups]
    defined = define([*described, *commands])
    return Definitions(defined.commands, (*_check_groups(described, commands), *defined.faults))


def _declaration(handler: CompiledHandler, suggested: set[tuple[str, str | None]]) -> CommandDeclaration:
    registration, kind = handler.registration, handler.kind
    chat = kind is HandlerKind.COMMAND
    path = tuple(registration.name.split()) if chat else (registration.name,)
    return CommandDeclaration(
        type=_TYPES[kind],
        path=path,
        source=registration.source,
        description="" if kind in _MENUS else registration.description or path[-1],
        options=handler.options,
        autocompleted=frozenset(spec.name for spec in handler.options if (registration.name, spec.name) in suggested),
        details=registration.details,
    )


def _group(group: Group) -> CommandDeclaration:
    path = tuple(group.name.split()) or ("",)
    return CommandDeclaration(
        type=CommandType.CHAT_INPUT,
        path=path,
        source=group.source,
        description=group.details.description or path[-1] or "-",
        details=group.details,
        is_group=True,
    )


def _check_groups(groups: list[CommandDeclaration], commands: list[CommandDeclaration]) -> Iterable[str]:
    seen: dict[tuple[str, ...], CommandDeclaration] = {}
    for group in groups:
        first = seen.setdefault(group.path, group)
        if not is_command_name(group.name) or len(group.path) > _MOST_WORDS_OF_A_GROUP:
            yield group.fault("is no name of a group: give one or two lower-case words")
        elif first is not group:
            yield group.fault(f"is described already at {first.source}")
        elif not any(one.path[: len(group.path)] == group.path and one.path != group.path for one in commands):
            yield group.fault("has no subcommands: declare them with router.command, or leave it out")
        if len(group.path) > 1 and any(
            value is not None
            for value in (
                group.details.permissions,
                group.details.contexts,
                group.details.installs,
                group.details.nsfw,
            )
        ):
            yield group.fault(f"has permissions, contexts, installs or nsfw, which belong to {group.path[0]!r}")
