"""What is wrong with a JSON body, field by field."""

from collections.abc import Iterator
from typing import Final

from gpadapters.simulator.errors import Fault, Json

Path = tuple[str, ...]
Faults = Iterator[Fault]

SUPPRESS_EMBEDS: Final = 4
EPHEMERAL: Final = 64
LOADING: Final = 128
SUPPRESS_NOTIFICATIONS: Final = 4096
IS_VOICE_MESSAGE: Final = 8192
IS_COMPONENTS_V2: Final = 32768


def length(text: str) -> int:
    """Return the number of UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def as_object(value: object) -> Json:
    """Return a JSON object, an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    """Return a JSON array, an empty one for anything else."""
    return value if isinstance(value, list) else []


def text(path: Path, value: object, most: int, *, least: int = 0, required: bool = False) -> Faults:
    """Yield what is wrong with a text of ``least`` to ``most`` characters."""
    if value is None:
        if required:
            yield Fault(path, "BASE_TYPE_REQUIRED", "This field is required")
    elif not isinstance(value, str):
        yield Fault(path, "STRING_TYPE_CONVERT", "Could not interpret value as string.")
    elif length(value) > most:
        yield Fault(path, "BASE_TYPE_BAD_LENGTH", f"Must be {most} or fewer in length.")
    elif length(value) < least:
        yield Fault(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")


def array(path: Path, value: object, most: int, *, least: int = 0) -> Faults:
    """Yield what is wrong with an array of ``least`` to ``most`` items; ``null`` passes."""
    if value is None:
        return
    if not isinstance(value, list):
        yield Fault(path, "BASE_TYPE_REQUIRED", "Only iterables may be used in a ListType")
    elif not least <= len(value) <= most:
        yield Fault(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")


def number(path: Path, value: object, most: int, *, least: int = 0) -> Faults:
    """Yield what is wrong with an integer of ``least`` to ``most``; absent passes."""
    if value is None:
        return
    if not isinstance(value, int) or isinstance(value, bool):
        yield Fault(path, "NUMBER_TYPE_COERCE", "Value is not int.")
    elif not least <= value <= most:
        yield Fault(path, "NUMBER_TYPE_MAX", f"int value should be between {least} and {most}.")


def choice(path: Path, value: object, allowed: frozenset[int]) -> Faults:
    """Yield a fault for a value that is none of the allowed ones."""
    if not isinstance(value, int) or isinstance(value, bool) or value not in allowed:
        names = ", ".join(map(str, sorted(allowed)))
        yield Fault(path, "BASE_TYPE_CHOICES", f"Value must be one of {{{names}}}.")


def flags(path: Path, value: object, allowed: int) -> Faults:
    """Yield a fault for a flag that may not be set here."""
    if value is None:
        return
    if not isinstance(value, int) or isinstance(value, bool) or value & ~allowed:
        yield Fault(path, "BITFIELD_INVALID_FLAG", "Invalid bitfield flags provided.")
