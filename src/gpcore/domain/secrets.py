"""A string that does not print itself."""

from typing import Final, final


@final
class Secret:
    """Holds an interaction token, a bot token or a URL with a password.

    Its ``repr`` and ``str`` never contain the value, so it can stand in a log line, an exception
    or a snapshot by accident without harm.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value: Final = value

    def reveal(self) -> str:
        """Return the value, for the one place that sends it to its owner."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __bool__(self) -> bool:
        return bool(self._value)
