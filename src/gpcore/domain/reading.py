"""Taking typed values out of somebody else's JSON.

Discord adds and changes fields without notice, so a field of an unexpected type reads as absent.
"""

from collections.abc import Mapping, Sequence
from typing import Final, cast

Object = Mapping[str, object]

_OBJECT: Final = (dict, Mapping)
"""A parser makes dictionaries, which are told in a tenth of the time; a mapping in general has to be asked for."""


def text(source: Object, name: str) -> str | None:
    """Return a string field, or ``None``."""
    value = source.get(name)
    return value if isinstance(value, str) else None


def integer(source: Object, name: str) -> int | None:
    """Return an integer field, or ``None``; ``true`` is no integer."""
    value = source.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def boolean(source: Object, name: str) -> bool | None:
    """Return a boolean field, or ``None``."""
    value = source.get(name)
    return value if isinstance(value, bool) else None


def nested(source: Object, name: str) -> Object | None:
    """Return an object field, or ``None``."""
    value = source.get(name)
    return cast("Object", value) if isinstance(value, _OBJECT) else None


def objects(source: Object, name: str) -> tuple[Object, ...]:
    """Return the objects of an array field, leaving out anything else in it."""
    value = source.get(name)
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    return tuple(cast("Object", item) for item in value if isinstance(item, _OBJECT))


def texts(source: Object, name: str) -> tuple[str, ...]:
    """Return the strings of an array field, leaving out anything else in it."""
    value = source.get(name)
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    return tuple(item for item in value if isinstance(item, str))
