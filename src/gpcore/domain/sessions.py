"""Sessions: a few kilobytes of state that a multi-step flow keeps for a user."""

from dataclasses import dataclass
from typing import Final

LARGEST_SESSION: Final = 16 * 1024
"""Bytes of one encoded session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSession:
    """One version of a session.

    Attributes:
        version: Compared by the next write; a new session starts at an unpredictable one.
        data: The encoded value.
        created_at_us: The store's time of creation.
        expires_at_us: The store's time after which it is gone.
    """

    version: int
    data: bytes
    created_at_us: int
    expires_at_us: int
