"""What a task is working on, for the lines that are logged meanwhile, by whomever.

The use cases tell it, the log's formatter asks. It follows the task, and the tasks created by it, so
that a library's line or a handler's own says which event it belongs to as well.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Final

_IN_HAND: Final[ContextVar[Mapping[str, str]]] = ContextVar("gp-work-in-hand")
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


def tell(**facts: str) -> None:
    """Say what this task works on from now on: ids and names, never a token. Empty ones are left out."""
    _IN_HAND.set({**_IN_HAND.get(_NOTHING), **facts})


def told() -> Mapping[str, str]:
    """Return what this task works on."""
    # Told for each message, asked for only by those who log.
    return {name: fact for name, fact in _IN_HAND.get(_NOTHING).items() if fact}
