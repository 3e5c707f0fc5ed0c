"""From a parameter's annotation to an option of a command."""

import re
import types
from enum import Enum
from typing import Any, Final, Literal, Union, get_args, get_origin

from gpcore.application.docstrings import described_arguments
from gpcore.application.handlers import Registration
from gpcore.application.injection import type_name
from gpcore.application.providers import Providers
from gpcore.application.signatures import NONE_GIVEN, Parameter, bare, extras_of
from gpcore.domain.entities import Attachment, Channel, Member, Mentionable, Role, User
from gpcore.domain.messages import Choice
from gpcore.domain.options import NAME_PATTERN, PLAIN, Option, OptionSpec, OptionType

MOST_OPTIONS: Final = 25

_TYPES: Final[dict[type, OptionType]] = {
    str: OptionType.STRING,
    int: OptionType.INTEGER,
    float: OptionType.NUMBER,
    bool: OptionType.BOOLEAN,
    User: OptionType.USER,
    Member: OptionType.USER,
    Role: OptionType.ROLE,
    Channel: OptionType.CHANNEL,
    Mentionable: OptionType.MENTIONABLE,
    Attachment: OptionType.ATTACHMENT,
}
_PLAIN_VALUES: Final = (str, int, float)
_OPTION_NAME: Final = re.compile(NAME_PATTERN)

Sorted = tuple[tuple[OptionSpec, ...], list[Parameter]]
"""The options of a command, and the parameters that are to be injected."""


def sort_parameters(registration: Registration, parameters: list[Parameter], providers: Providers) -> Sorted:
    """Tell options from what is injected.

    Raises:
        RoutingError: A parameter is neither or could be both, or Discord would refuse an option.
    """
    specs: list[OptionSpec] = []
    injected: list[Parameter] = []
    described = described_arguments(registration.function)
    for parameter in parameters:
        if parameter.annotation is NONE_GIVEN:
            raise registration.fault(f"parameter {parameter.name!r} has no annotation, so its option has no type")
        spec = None if parameter.injected else _option(parameter, described.get(parameter.name))
        provided = providers.find(parameter.annotation) is not None
        if spec is None:
            if not parameter.injected and not provided and parameter.required:
                raise registration.fault(_neither(parameter))
            injected.append(parameter)
            continue
        if provided:
            raise registration.fault(
                f"parameter {parameter.name!r} could be an option, and its type is provided too:"
                " mark it with Annotated[…, Inject] or Annotated[…, Option()]"
            )
        if not parameter.by_name:
            raise registration.fault(f"takes {parameter.name!r} by position only, but it is passed by name")
        specs.append(spec)
    _check_names(registration, specs)
    return tuple(specs), injected


def _neither(parameter: Parameter) -> str:
    name = type_name(bare(parameter.annotation))
    return (
        f"parameter {parameter.name!r} is of a type that no option can hold and nobody provides: {name};"
        f" call router.provide({name}, …) if it is a dependency"
    )


def _check_names(registration: Registration, specs: list[OptionSpec]) -> None:
    if len(specs) > MOST_OPTIONS:
        raise registration.fault(f"has {len(specs)} options; Discord allows {MOST_OPTIONS}")
    names = [spec.name for spec in specs]
    for name in names:
        if not _OPTION_NAME.fullmatch(name) or name != name.lower():
            raise registration.fault(f"has an option {name!r}: 1 to 32 lower-case letters, digits, - and _")
        if names.count(name) > 1:
            raise registration.fault(f"has two options named {name!r}")


def _option(parameter: Parameter, described: str | None) -> OptionSpec | None:
    details = _details(parameter.annotation)
    inner, optional = _without_none(bare(parameter.annotation))
    details = details or _details(inner)
    inner = bare(inner)
    found = _value_type(inner)
    if found is None:
        return None
    option_type, choices = found
    details = details or PLAIN
    return OptionSpec(
        name=details.name or parameter.name,
        parameter=parameter.name,
        type=option_type,
        description=details.description or described or parameter.name.replace("_", " "),
        member=inner is Member,
        required=parameter.required and not optional,
        default=None if parameter.required else parameter.default,
        choices=choices,
        details=details,
        finish=inner if isinstance(inner, type) and issubclass(inner, Enum) else None,
    )


def _details(annotation: object) -> Option | None:
    return next((extra for extra in extras_of(annotation) if isinstance(extra, Option)), None)


def _without_none(annotation: object) -> tuple[object, bool]:
    if get_origin(annotation) not in (Union, types.UnionType):
        return annotation, False
    members = [member for member in get_args(annotation) if member is not type(None)]
    optional = len(members) < len(get_args(annotation))
    return (members[0] if len(members) == 1 else annotation), optional


def _value_type(annotation: object) -> tuple[OptionType, tuple[Choice, ...]] | None:
    if get_origin(annotation) is Literal:
        return _choices([(str(value), value) for value in get_args(annotation)])
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _choices([(member.name, member.value) for member in annotation])
    known = _TYPES.get(annotation) if isinstance(annotation, type) else None
    return None if known is None else (known, ())


def _choices(pairs: list[tuple[str, Any]]) -> tuple[OptionType, tuple[Choice, ...]] | None:
    kinds = {type(value) for _, value in pairs}
    if len(kinds) != 1 or not kinds <= set(_PLAIN_VALUES) or len(pairs) > MOST_OPTIONS:
        return None
    return _TYPES[kinds.pop()], tuple(Choice(name=name, value=value) for name, value in pairs)
