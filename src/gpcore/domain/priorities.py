"""Which message a queue hands out first.

Priorities order what waits; they never decide what a message is. Consumers accept any.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

LOWEST: Final = 1

_OWN: Final[Mapping[str, int]] = MappingProxyType(
    {
        "interaction.autocomplete": 10,  # has no deferral, so its 3 s are the hardest
        "interaction.button": 9,
        "interaction.modal": 9,
        "interaction.command": 8,
        "member": 5,
        "guild": 4,
        "message": 1,
    }
)

_ORIGINAL: Final[Mapping[str, int]] = MappingProxyType(
    {
        "interaction.command": 10,
        "interaction.button": 8,
        "interaction.modal": 8,
        "interaction.autocomplete": 6,
        "member": 5,
        "guild": 4,
        "message": 1,
    }
)


def priority_of(event_type: str) -> int:
    """Return the priority that gp's own publisher gives, 1 to 10."""
    return _OWN.get(_family(event_type), LOWEST)


def original_priority_of(event_type: str) -> int:
    """Return the priority that the original ingestor gives its v1 messages, 1 to 10."""
    return _ORIGINAL.get(_family(event_type), LOWEST)


def _family(event_type: str) -> str:
    """Return ``interaction.<kind>`` of an interaction, otherwise the word before the first dot."""
    head, _, rest = event_type.partition(".")
    return f"{head}.{rest.partition('.')[0]}" if head == "interaction" else head
