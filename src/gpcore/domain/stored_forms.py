"""Values that a session stores as they are, or nearly: texts, numbers, moments, enums and literals."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, Final, cast


@dataclass(frozen=True, slots=True)
class Form:
    """How values of one type are written and read; both raise ``ValueError`` for a value that is none."""

    write: Callable[[Any], object]
    read: Callable[[Any], object]


def exactly(*kinds: type) -> Form:
    """Take values of exactly these types, as they are."""

    def check(value: object) -> object:
        if type(value) not in kinds:
            raise ValueError(f"not {kinds[0].__name__}")
        return value

    return Form(check, check)


def _converted(kind: type, write: Callable[[Any], object], read: Callable[[Any], object], stored: type) -> Form:
    def write_checked(value: object) -> object:
        return write(exactly(kind).write(value))

    def read_checked(value: object) -> object:
        try:
            return read(exactly(stored, int if stored is float else stored).read(value))
        except OverflowError as error:
            raise ValueError(str(error)) from error

    return Form(write_checked, read_checked)


def _number(value: object) -> object:
    if type(value) not in (int, float):
        raise ValueError("not float")
    return value


PLAIN: Final[Mapping[Any, Form]] = {
    str: exactly(str),
    int: exactly(int),
    bool: exactly(bool),
    float: Form(_number, lambda value: float(cast("float", _number(value)))),
    None: exactly(type(None)),
    type(None): exactly(type(None)),
    datetime: _converted(datetime, datetime.isoformat, datetime.fromisoformat, str),
    date: _converted(date, date.isoformat, date.fromisoformat, str),
    timedelta: _converted(timedelta, timedelta.total_seconds, lambda seconds: timedelta(seconds=seconds), float),
}


def one_of(values: tuple[Any, ...]) -> Form:
    """Take one of these values, as it is."""

    def check(value: object) -> object:
        if not any(value == one and type(value) is type(one) for one in values):
            raise ValueError("none of its values")
        return value

    return Form(check, check)


def enum_form(kind: type[Enum]) -> Form:
    """Store a member's value.

    Raises:
        TypeError: A value is neither text nor number.
    """
    if not all(type(member.value) in (str, int, float, bool) for member in kind):
        raise TypeError(f"{kind.__name__} cannot be stored in a session: its values must be texts or numbers")
    plain = one_of(tuple(member.value for member in kind))

    def write(value: object) -> object:
        return cast("Enum", exactly(kind).write(value)).value

    return Form(write, lambda value: kind(plain.read(value)))
