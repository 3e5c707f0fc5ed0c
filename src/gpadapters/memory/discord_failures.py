"""Failures on demand for the twins of Discord's ports."""

from collections import deque

from gpcore.errors import GpError


class Failures:
    """Errors that the next calls raise, first come first served."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[GpError, bool]] = deque()

    def add(self, error: GpError, *, after_effect: bool = False) -> None:
        """Let the next call that meets no earlier error raise this one.

        Args:
            error: What it raises.
            after_effect: Raise it once the call had its effect, as when an answer is lost.
        """
        self._waiting.append((error, after_effect))

    def before_effect(self) -> None:
        """Raise the next error unless it belongs after the effect.

        Raises:
            GpError: The error that was added.
        """
        if self._waiting and not self._waiting[0][1]:
            raise self._waiting.popleft()[0]

    def after_effect(self) -> None:
        """Raise the next error if it belongs after the effect.

        Raises:
            GpError: The error that was added.
        """
        if self._waiting and self._waiting[0][1]:
            raise self._waiting.popleft()[0]
