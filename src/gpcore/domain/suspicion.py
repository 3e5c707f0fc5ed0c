"""Whether a delivery may have killed the workers that had it.

A worker that dies says nothing, so its death shows only in what is missing: the broker counts a
return that no worker made, and a claim counts an attempt whose end nobody reported. Whatever else
that worker held looks the same. So suspects run alone: the next death then tells which it was, and
costs the others nothing.
"""

from typing import Final

SUSPECT_RETURNS: Final = 3
"""Returns, counted by the broker, from which on a delivery is suspected."""

SUSPECT_VANISHED: Final = 2
"""Attempts without an end from which on it is suspected; a single one may have been anybody's fault."""


MOST_VANISHED: Final = 3
"""Attempts at an interaction without an end after which no further one is made.

Interactions do not wait for each other, so a suspect among them cannot run alone; what it may cost is bounded instead.
"""


def vanished_attempts(attempts: int, failures: int) -> int:
    """Return how many earlier attempts ended without a word.

    Args:
        attempts: Attempts by the claim, the present one included.
        failures: Those that are known to have failed, by the delivery's header.
    """
    return max(attempts - 1 - failures, 0)


def is_suspect(*, returns: int, vanished: int = 0) -> bool:
    """Tell whether a delivery is to be processed alone."""
    return returns >= SUSPECT_RETURNS or vanished >= SUSPECT_VANISHED
