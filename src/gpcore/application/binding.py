"""From a handler's signature to what fills its parameters.

Annotations are resolved once, when the router is compiled, so forward references and lazy
annotations work; every mistake names the function's file and line.
"""

import inspect
import re
import types
from enum import Enum
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from gpcore.application.handlers import CompiledHandler, HandlerKind, Registration
from gpcore.domain.custom_ids import CustomIdTemplate
from gpcore.domain.entities import Attachment, Channel, Member, Mentionable, Role, User
from gpcore.domain.limit_rules import MOST_RULES
from gpcore.domain.messages import Choice
from gpcore.domain.options import NAME_PATTERN, PLAIN, Option, OptionSpec, OptionType
from gpcore.errors import RoutingError

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


def bind(registration: Registration) -> CompiledHandler:
    """Compile one registration.

    Raises:
        RoutingError: The signature does not fit the kind of handler.
    """
    _check_limits(registration)
    parameters = _parameters(registration)
    kind = registration.kind
    label = f"{kind.value}:{registration.name}"
    if kind is HandlerKind.COMMAND:
        return CompiledHandler(registration=registration, label=label, options=_options(registration, parameters))
    if kind in (HandlerKind.COMPONENT, HandlerKind.MODAL):
        return CompiledHandler(registration=registration, label=label, template=_template(registration, parameters))
    if kind in (HandlerKind.USER_COMMAND, HandlerKind.MESSAGE_COMMAND):
        return _with_target(registration, label, parameters)
    if kind is HandlerKind.AUTOCOMPLETE:
        _expect(registration, parameters, 1, "the text typed so far")
        return CompiledHandler(registration=registration, label=f"{label}:{registration.option}")
    _expect(registration, parameters, 0, "nothing")
    return CompiledHandler(registration=registration, label=label)


Parameters = list[tuple[inspect.Parameter, Any]]


def _check_limits(registration: Registration) -> None:
    limits = registration.policy.limits
    windows = {
        (type(limit), limit.scope if isinstance(limit.scope, str) else "function", limit.per_us) for limit in limits
    }
    if len(windows) < len(limits):
        raise _fault(registration, "has two limits of the same scope and window, which would count as one")
    if len(limits) + (registration.policy.cooldown is not None) > MOST_RULES:
        raise _fault(registration, f"has more than {MOST_RULES} limits")


def _parameters(registration: Registration) -> Parameters:
    """Return the parameters after the context, each with its resolved annotation."""
    function = registration.function
    if not inspect.iscoroutinefunction(function):
        raise _fault(registration, "must be an async def")
    try:
        hints = get_type_hints(function, include_extras=True)
    except (NameError, AttributeError, TypeError, SyntaxError) as error:
        raise _fault(registration, f"has an annotation that cannot be resolved: {error}") from error
    found = list(inspect.signature(function).parameters.values())
    if not found or found[0].kind not in (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD):
        raise _fault(registration, "must take the context as its first parameter")
    for parameter in found[1:]:
        if parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
            raise _fault(registration, f"takes *{parameter.name}: name each parameter")
        if parameter.kind is inspect.Parameter.POSITIONAL_ONLY and registration.kind is not HandlerKind.AUTOCOMPLETE:
            raise _fault(registration, f"takes {parameter.name!r} by position only, but it is passed by name")
    return [(parameter, hints.get(parameter.name)) for parameter in found[1:]]


def _options(registration: Registration, parameters: Parameters) -> tuple[OptionSpec, ...]:
    specs = tuple(_option(registration, parameter, annotation) for parameter, annotation in parameters)
    if len(specs) > MOST_OPTIONS:
        raise _fault(registration, f"has {len(specs)} options; Discord allows {MOST_OPTIONS}")
    names = [spec.name for spec in specs]
    for name in names:
        if not _OPTION_NAME.fullmatch(name) or name != name.lower():
            raise _fault(registration, f"has an option {name!r}: 1 to 32 lower-case letters, digits, - and _")
        if names.count(name) > 1:
            raise _fault(registration, f"has two options named {name!r}")
    return specs


def _option(registration: Registration, parameter: inspect.Parameter, annotation: object) -> OptionSpec:
    if annotation is None:
        raise _fault(registration, f"parameter {parameter.name!r} has no annotation, so its option has no type")
    details, bare = _unwrap(annotation)
    inner, optional = _without_none(bare)
    nested_details, inner = _unwrap(inner)
    details = details if details is not PLAIN else nested_details
    required = parameter.default is inspect.Parameter.empty and not optional
    found = _value_type(inner)
    if found is None:
        raise _fault(registration, f"parameter {parameter.name!r} is of a type that no option can hold: {inner!r}")
    option_type, choices = found
    return OptionSpec(
        name=details.name or parameter.name,
        parameter=parameter.name,
        type=option_type,
        member=inner is Member,
        required=required,
        default=None if parameter.default is inspect.Parameter.empty else parameter.default,
        choices=choices,
        details=details,
        finish=inner if isinstance(inner, type) and issubclass(inner, Enum) else None,
    )


def _unwrap(annotation: object) -> tuple[Option, object]:
    if get_origin(annotation) is not Annotated:
        return PLAIN, annotation
    inner, *extras = get_args(annotation)
    return next((extra for extra in extras if isinstance(extra, Option)), PLAIN), inner


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


def _template(registration: Registration, parameters: Parameters) -> CustomIdTemplate:
    try:
        template = CustomIdTemplate.parse(registration.name)
    except RoutingError as error:
        raise _fault(registration, str(error)) from error
    wanted = dict(template.parameters)
    given = {parameter.name: annotation for parameter, annotation in parameters}
    if set(wanted) != set(given):
        raise _fault(registration, f"takes {sorted(given)}, but its template has {sorted(wanted)}")
    for name, kind in wanted.items():
        if given[name] is not None and given[name] is not kind:
            raise _fault(registration, f"parameter {name!r} must be {kind.__name__}, as in the template")
    return template


def _with_target(registration: Registration, label: str, parameters: Parameters) -> CompiledHandler:
    _expect(registration, parameters, 1, "the target")
    parameter, annotation = parameters[0]
    user_command = registration.kind is HandlerKind.USER_COMMAND
    if user_command and annotation not in (User, Member):
        raise _fault(registration, f"parameter {parameter.name!r} must be User or Member")
    return CompiledHandler(
        registration=registration, label=label, target=parameter.name, target_is_member=annotation is Member
    )


def _expect(registration: Registration, parameters: Parameters, count: int, what: str) -> None:
    required = [parameter for parameter, _ in parameters if parameter.default is inspect.Parameter.empty]
    if len(parameters) < count or len(required) > count:
        raise _fault(registration, f"must take {what} after the context")


def _fault(registration: Registration, problem: str) -> RoutingError:
    kind = registration.kind.value.replace("_", " ")
    return RoutingError(f"{registration.source}: {kind} {registration.name!r} {problem}")
