"""How declared commands differ from those that are registered with Discord.

Compared by meaning: what Discord adds by itself (ids, versions) and what is there only as its
default do not count.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from gpcore.domain.interactions import CommandType

Object = Mapping[str, Any]

_GLOBAL_ONLY: Final = ("contexts", "integration_types")
"""What only a global command has; a guild's commands can be used in that guild."""

_NOTHING: Final[tuple[object, ...]] = (None, False, "", (), {})
_CHILDREN: Final = ("options", "choices")
_FIELDS: Final = (
    "name",
    "description",
    "name_localizations",
    "description_localizations",
    "default_member_permissions",
    "nsfw",
    "handler",
    "type",
    "required",
    "autocomplete",
    "channel_types",
    "min_value",
    "max_value",
    "min_length",
    "max_length",
    "value",
)
"""What makes a definition; anything else is Discord's own, or deprecated."""

_ALL_CONTEXTS: Final = (0, 1, 2)


class Change(StrEnum):
    """What registering would do to a command."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One command, declared, registered or both.

    Attributes:
        type: What kind of command.
        name: Its name.
        change: What registering would do.
        details: For an update: each field that differs, with the registered and the declared value.
    """

    type: CommandType
    name: str
    change: Change
    details: tuple[str, ...] = ()


def compare(declared: Sequence[Object], registered: Sequence[Object]) -> tuple[Difference, ...]:
    """Return every command, declared ones first, with what registering would do to it."""
    known = {_identity(command): command for command in registered}
    wanted = {_identity(command): command for command in declared}
    found = [_difference(key, command, known.get(key)) for key, command in wanted.items()]
    # Discord refuses to lose an entry point in an overwrite, so ``overwrite`` keeps it.
    kept = [key for key in known if key not in wanted and key[0] is CommandType.ENTRY_POINT]
    gone = [key for key in known if key not in wanted and key not in kept]
    found += [Difference(type=kind, name=name, change=Change.NOTHING) for kind, name in kept]
    found += [Difference(type=kind, name=name, change=Change.DELETE) for kind, name in gone]
    return tuple(found)


def overwrite(declared: Sequence[Object], registered: Sequence[Object], *, guild: bool) -> tuple[Object, ...]:
    """Return the whole set to send: the declared commands, and a registered entry point that nobody declares.

    Args:
        declared: What the bot declares.
        registered: What Discord has in the same place.
        guild: Whether it is the set of one guild, which knows neither entry points nor contexts.
    """
    wanted = for_guild(declared) if guild else tuple(declared)
    kinds = {CommandType(command["type"]) for command in wanted}
    if CommandType.ENTRY_POINT in kinds:
        return wanted
    return (*wanted, *(one for one in registered if _identity(one)[0] is CommandType.ENTRY_POINT))


def for_guild(declared: Sequence[Object]) -> tuple[Object, ...]:
    """Return declared commands as they are registered with one guild."""
    return tuple(
        {field: value for field, value in command.items() if field not in _GLOBAL_ONLY}
        for command in declared
        if _identity(command)[0] is not CommandType.ENTRY_POINT
    )


def _identity(command: Object) -> tuple[CommandType, str]:
    return CommandType(command.get("type", CommandType.CHAT_INPUT)), str(command.get("name", ""))


def _difference(key: tuple[CommandType, str], declared: Object, registered: Object | None) -> Difference:
    kind, name = key
    if registered is None:
        return Difference(type=kind, name=name, change=Change.CREATE)
    details = (*_where(declared, registered), *_fields("", {**declared, "type": kind}, {**registered, "type": kind}))
    return Difference(type=kind, name=name, change=Change.UPDATE if details else Change.NOTHING, details=details)


def _where(declared: Object, registered: Object) -> Iterator[str]:
    """Compare what has no fixed default: left out, it is whatever the application is set to."""
    for field in _GLOBAL_ONLY:
        wanted, known = declared.get(field), registered.get(field)
        default = known is None or field == "integration_types" or sorted(known) == list(_ALL_CONTEXTS)
        if wanted is None and default:
            continue
        if sorted(wanted or ()) != sorted(known or ()):
            yield f"{field}: {known} → {wanted}"


def _fields(path: str, declared: Object, registered: Object) -> Iterator[str]:
    for field in _FIELDS:
        known, wanted = _plain(registered.get(field)), _plain(declared.get(field))
        if known != wanted:
            yield f"{path}{field}: {known!r} → {wanted!r}"
    for field in _CHILDREN:
        yield from _children(f"{path}{field}", declared.get(field) or (), registered.get(field) or ())


def _children(path: str, declared: Sequence[Object], registered: Sequence[Object]) -> Iterator[str]:
    wanted = {str(child["name"]): child for child in declared}
    known = {str(child.get("name")): child for child in registered}
    for name in known.keys() - wanted.keys():
        yield f"{path}.{name}: removed"
    for name, child in wanted.items():
        if name not in known:
            yield f"{path}.{name}: added"
        else:
            yield from _fields(f"{path}.{name}.", child, known[name])
    if known.keys() == wanted.keys() and list(known) != list(wanted):
        yield f"{path}: {', '.join(known)} → {', '.join(wanted)}"


def _plain(value: object) -> object:
    """Return a field's value, ``None`` for one that is the same as none."""
    if isinstance(value, list):
        value = tuple(sorted(value))
    if isinstance(value, Mapping):
        value = dict(value)
    return None if any(value == nothing and type(value) is type(nothing) for nothing in _NOTHING) else value
