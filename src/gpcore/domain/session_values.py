"""Typed sessions: a dataclass or a pydantic model as JSON, and back.

A value is stored as its annotations say and read back as strictly, so whatever can be written can
be read, and what another version of the class or another program wrote is found out. Fields that
the class no longer has are ignored; fields that are missing take their defaults.

What a dataclass may hold: ``str``, ``int``, ``float``, ``bool``, ``None``, ``datetime``, ``date``,
``timedelta``, enums of texts and numbers, literals, other dataclasses, and lists, tuples, sets,
dicts with ``str`` keys and unions of these (the first member that fits is taken).
"""

import dataclasses
import json
import types
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache
from typing import Annotated, Any, Final, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from gpcore.domain.stored_forms import PLAIN, Form, enum_form, exactly, one_of

Value = TypeVar("Value")


def encode_session(value: object) -> bytes:
    """Return a dataclass or model as JSON.

    Raises:
        TypeError: Its class is neither, or has a field of a type that cannot be stored.
        ValueError: A field holds something that its annotation does not allow.
    """
    dump = getattr(value, "model_dump_json", None)
    if dump is not None:
        return str(dump()).encode()
    plain = _form_of(_class_of(value)).write(value)
    return json.dumps(plain, separators=(",", ":"), ensure_ascii=False).encode(errors="surrogatepass")


def decode_session(kind: type[Value], data: bytes) -> Value:
    """Return what ``encode_session`` wrote.

    Raises:
        TypeError: The class is neither a dataclass nor a model, or has a field that cannot be stored.
        ValueError: The data is not of this class.
    """
    validate = getattr(kind, "model_validate_json", None)
    if validate is not None:
        return cast("Value", validate(data))
    form = _form_of(cast("Any", kind))
    try:
        plain = json.loads(data)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return cast("Value", form.read(plain))


def _class_of(value: object) -> type:
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        raise TypeError(f"a session is a dict, a dataclass or a pydantic model, not {value!r:.40}")
    return type(value)


@cache
def _form_of(annotation: Any) -> Form:  # noqa: ANN401 - any annotation
    arguments = get_args(annotation)
    if annotation in PLAIN:
        return PLAIN[annotation]
    if arguments and get_origin(annotation) in _GENERIC:
        return _GENERIC[get_origin(annotation)](arguments)
    if dataclasses.is_dataclass(annotation):
        return _dataclass(cast("type", annotation))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return enum_form(annotation)
    raise TypeError(f"{annotation} cannot be stored in a session")


def _union(members: tuple[Any, ...]) -> Form:
    forms = [_form_of(member) for member in members]

    def first(act: Callable[[Form], object]) -> object:
        for form in forms:
            try:
                return act(form)
            except ValueError:
                continue
        raise ValueError("none of its types")

    return Form(lambda value: first(lambda form: form.write(value)), lambda value: first(lambda form: form.read(value)))


def _sequence(kind: type, inner: Form) -> Form:
    def write(value: object) -> object:
        return [inner.write(item) for item in cast("list[object]", exactly(kind).write(value))]

    def read(value: object) -> object:
        return kind([inner.read(item) for item in cast("list[object]", exactly(list).read(value))])

    return Form(write, read)


def _tuple(arguments: tuple[Any, ...]) -> Form:
    if len(arguments) == 2 and arguments[1] is Ellipsis:  # noqa: PLR2004 - tuple[X, ...] has two arguments
        return _sequence(tuple, _form_of(arguments[0]))
    forms = [_form_of(argument) for argument in arguments]

    def write(value: object) -> object:
        items = cast("tuple[object, ...]", exactly(tuple).write(value))
        return [form.write(item) for form, item in zip(forms, items, strict=True)]

    def read(value: object) -> object:
        items = cast("list[object]", exactly(list).read(value))
        return tuple(form.read(item) for form, item in zip(forms, items, strict=True))

    return Form(write, read)


def _dict(arguments: tuple[Any, ...]) -> Form:
    if arguments[0] is not str:
        raise TypeError(f"a dict with keys of {arguments[0]} cannot be stored in a session: JSON's keys are texts")
    inner, text = _form_of(arguments[1]), exactly(str)

    def convert(value: object, act: Callable[[Form, object], object]) -> object:
        items = cast("dict[object, object]", exactly(dict).read(value)).items()
        return {text.read(key): act(inner, item) for key, item in items}

    return Form(
        lambda value: convert(value, lambda form, item: form.write(item)),
        lambda value: convert(value, lambda form, item: form.read(item)),
    )


_GENERIC: Final[Mapping[Any, Callable[[tuple[Any, ...]], Form]]] = {
    Annotated: lambda arguments: _form_of(arguments[0]),
    Literal: one_of,
    Union: _union,
    types.UnionType: _union,
    list: lambda arguments: _sequence(list, _form_of(arguments[0])),
    set: lambda arguments: _sequence(set, _form_of(arguments[0])),
    frozenset: lambda arguments: _sequence(frozenset, _form_of(arguments[0])),
    tuple: _tuple,
    dict: _dict,
}


def _dataclass(kind: type) -> Form:
    fields = [field for field in dataclasses.fields(kind) if field.init]
    forms: dict[str, Form] = {}

    def form(name: str) -> Form:
        # Only now, because a class may have itself in a field.
        if not forms:
            hints = get_type_hints(kind, include_extras=True)
            forms.update({field.name: _form_of(hints[field.name]) for field in fields})
        return forms[name]

    def write(value: object) -> object:
        if type(value) is not kind:
            raise ValueError(f"not {kind.__name__}")
        return {
            field.name: _at(kind, field.name, form(field.name).write, getattr(value, field.name)) for field in fields
        }

    def read(value: object) -> object:
        given = cast("dict[str, object]", exactly(dict).read(value))
        known = [field.name for field in fields if field.name in given]
        values = {name: _at(kind, name, form(name).read, given[name]) for name in known}
        try:
            return kind(**values)
        except TypeError as error:
            raise ValueError(f"{kind.__name__}: {error}") from error

    return Form(write, read)


def _at(kind: type, name: str, act: Callable[[Any], object], value: object) -> object:
    try:
        return act(value)
    except ValueError as error:
        raise ValueError(f"{kind.__name__}.{name}: {error}") from error
