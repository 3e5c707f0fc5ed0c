"""Refusing what is longer than Discord takes."""

from collections.abc import Iterable

from gpcore.domain.utf16 import units
from gpcore.errors import ReplyTooLargeError


def check_text(name: str, text: str | None, most: int, *, least: int = 0) -> None:
    """Refuse a text whose length is not ``least`` to ``most``; ``None`` is no text and passes.

    Raises:
        ReplyTooLargeError: Naming the part, its length and the limit, never the text.
    """
    if text is None:
        return
    length = units(text)
    if length > most:
        raise ReplyTooLargeError(f"{name} has {length} characters, Discord takes at most {most}")
    if length < least:
        raise ReplyTooLargeError(f"{name} has {length} characters, Discord wants at least {least}")


def check_number(name: str, number: int | None, most: int, *, least: int = 0) -> None:
    """Refuse a number that is not ``least`` to ``most``; ``None`` passes.

    Raises:
        ReplyTooLargeError: Naming the part and the limit.
    """
    if number is not None and not least <= number <= most:
        raise ReplyTooLargeError(f"{name} is {number}, Discord takes {least} to {most}")


def check_count(name: str, count: int, most: int, *, least: int = 0) -> None:
    """Refuse a list whose length is not ``least`` to ``most``.

    Raises:
        ReplyTooLargeError: Naming the list and the limit.
    """
    if count > most:
        raise ReplyTooLargeError(f"{count} {name}, Discord takes at most {most}")
    if count < least:
        raise ReplyTooLargeError(f"{count} {name}, Discord wants at least {least}")


def check_unique(name: str, values: Iterable[str]) -> None:
    """Refuse a value that comes twice.

    Raises:
        ReplyTooLargeError: Naming the list.
    """
    found = tuple(values)
    if len(set(found)) != len(found):
        raise ReplyTooLargeError(f"{name} must be unique, one comes twice")
