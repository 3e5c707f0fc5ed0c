"""Collecting mistakes, so that all of them are reported at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from gpcore.errors import RoutingError


class Faults:
    """The mistakes found so far, a sentence each, in order and each once."""

    def __init__(self) -> None:
        self._found: Final[dict[str, None]] = {}

    def add(self, *faults: str) -> None:
        """Take note of mistakes."""
        self._found.update(dict.fromkeys(faults))

    @contextmanager
    def collected(self) -> Iterator[None]:
        """Take note of the mistake that the body stumbles over, and go on after it."""
        try:
            yield
        except RoutingError as error:
            self.add(*str(error).splitlines())

    def check(self) -> None:
        """Raise if there are any.

        Raises:
            RoutingError: Every mistake, a line each.
        """
        if self._found:
            raise RoutingError("\n".join(self._found))
