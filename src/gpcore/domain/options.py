"""Options of a command: what a handler declares and what a user gave."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from gpcore.domain.command_details import Localization, no_localizations
from gpcore.domain.entities import Resolved
from gpcore.domain.ids import is_snowflake
from gpcore.domain.interactions import GivenOption
from gpcore.domain.locales import candidates
from gpcore.domain.messages import Choice
from gpcore.domain.option_problems import ENGLISH
from gpcore.errors import OptionError

LARGEST_INTEGER: Final = 2**53 - 1
"""Discord's integers are exact doubles."""

LARGEST_NUMBER: Final = 2.0**53

NAME_PATTERN: Final = r"[-_'\w\u0900-\u097f\u0e00-\u0e7f]{1,32}"
"""A command's or option's name; Devanagari and Thai are written with marks that are no word characters. Letters
that have a case must be lower-case, which the pattern does not say."""


class OptionType(IntEnum):
    """Discord's option types that hold a value."""

    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    USER = 6
    CHANNEL = 7
    ROLE = 8
    MENTIONABLE = 9
    NUMBER = 10
    ATTACHMENT = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Details of an option, for ``Annotated[int, Option(min=1)]``.

    Attributes:
        name: Shown to users instead of the parameter's name.
        description: 1 to 100 characters.
        min, max: Bounds of a number, inclusive.
        min_length, max_length: Bounds of a text, 0 to 6000 characters.
        channel_types: For a channel: only those of these types can be chosen.
        localizations: Its name and description by locale, such as ``de``.
    """

    name: str | None = None
    description: str | None = None
    min: float | None = None
    max: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    channel_types: tuple[int, ...] = ()
    localizations: Mapping[str, Localization] = field(default_factory=no_localizations, hash=False)


PLAIN: Final = Option()


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionSpec:
    """One option of a compiled handler.

    Attributes:
        name: As registered with Discord.
        parameter: The handler's parameter that it fills.
        type: Discord's type.
        description: What users see beside it, 1 to 100 characters.
        member: For ``USER``: whether the handler wants the member.
        required: Whether the handler has no default for it.
        default: Used when the user left it out.
        choices: Fixed choices, if there are any.
        details: Bounds and description.
        finish: Turns the converted value into what the annotation asks for (an enum's member).
    """

    name: str
    parameter: str
    type: OptionType
    description: str = ""
    member: bool = False
    required: bool = True
    default: object = None
    choices: tuple[Choice, ...] = ()
    details: Option = field(default=PLAIN)
    finish: Callable[[object], object] | None = None

    def shown_as(self, locale: str | None) -> str:
        """Return its name as a user with this language sees it."""
        words = (self.details.localizations.get(candidate) for candidate in candidates(locale))
        return next((one.name for one in words if one is not None and one.name is not None), self.name)


def convert(spec: OptionSpec, given: GivenOption | None, resolved: Resolved) -> object:
    """Return the value for the handler.

    Raises:
        OptionError: It is missing, of the wrong type, out of bounds or none of the choices.
    """
    if given is None or given.value is None:
        if spec.required:
            raise _misfit(spec, "missing")
        return spec.default
    value = _CONVERTERS[spec.type](spec, given.value, resolved)
    if spec.choices and value not in [choice.value for choice in spec.choices]:
        raise _misfit(spec, "not_offered")
    return value if spec.finish is None else spec.finish(value)


def _misfit(spec: OptionSpec, rule: str, bound: float | None = None) -> OptionError:
    return OptionError(spec.name, ENGLISH.say(rule, bound), rule=rule, bound=bound)


def _text(spec: OptionSpec, value: object, _resolved: Resolved) -> object:
    if not isinstance(value, str):
        raise _misfit(spec, "no_text")
    shortest, longest = spec.details.min_length, spec.details.max_length
    if shortest is not None and len(value) < shortest:
        raise _misfit(spec, "too_short", shortest)
    if longest is not None and len(value) > longest:
        raise _misfit(spec, "too_long", longest)
    return value


def _integer(spec: OptionSpec, value: object, _resolved: Resolved) -> object:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value % 1 != 0:
        raise _misfit(spec, "no_whole_number")
    if abs(value) > LARGEST_INTEGER:
        raise _misfit(spec, "beyond_numbers")
    return _bounded(spec, int(value))


def _number(spec: OptionSpec, value: object, _resolved: Resolved) -> object:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _misfit(spec, "no_number")
    if not abs(value) <= LARGEST_NUMBER:
        # Also what is no number at all, and an integer that no float can hold.
        raise _misfit(spec, "beyond_numbers")
    return _bounded(spec, float(value))


def _bounded(spec: OptionSpec, value: float) -> float:
    if spec.details.min is not None and value < spec.details.min:
        raise _misfit(spec, "too_small", spec.details.min)
    if spec.details.max is not None and value > spec.details.max:
        raise _misfit(spec, "too_large", spec.details.max)
    return value


def _boolean(spec: OptionSpec, value: object, _resolved: Resolved) -> object:
    if not isinstance(value, bool):
        raise _misfit(spec, "no_truth_value")
    return value


def _id(spec: OptionSpec, value: object) -> str:
    if not isinstance(value, str) or not is_snowflake(value):
        raise _misfit(spec, "no_id")
    return value


def _user(spec: OptionSpec, value: object, resolved: Resolved) -> object:
    user_id = _id(spec, value)
    return resolved.member(user_id) if spec.member else resolved.user(user_id)


_CONVERTERS: Final[dict[OptionType, Callable[[OptionSpec, object, Resolved], object]]] = {
    OptionType.STRING: _text,
    OptionType.INTEGER: _integer,
    OptionType.BOOLEAN: _boolean,
    OptionType.USER: _user,
    OptionType.CHANNEL: lambda spec, value, resolved: resolved.channel(_id(spec, value)),
    OptionType.ROLE: lambda spec, value, resolved: resolved.role(_id(spec, value)),
    OptionType.MENTIONABLE: lambda spec, value, resolved: resolved.mentionable(_id(spec, value)),
    OptionType.NUMBER: _number,
    OptionType.ATTACHMENT: lambda spec, value, resolved: resolved.attachment(_id(spec, value)),
}
