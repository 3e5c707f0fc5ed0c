"""The simulator's own table of what may be answered to what.

Written from Discord's documents ("Receiving and Responding") and kept apart from the core's reply
rules, so that comparing the two says something.
"""

from collections.abc import Mapping
from typing import Final

PONG: Final = 1
MESSAGE: Final = 4
DEFERRED_MESSAGE: Final = 5
DEFERRED_UPDATE: Final = 6
UPDATE: Final = 7
SUGGESTIONS: Final = 8
MODAL: Final = 9
PREMIUM_REQUIRED: Final = 10
LAUNCH_ACTIVITY: Final = 12

PING_KIND: Final = 1
COMMAND_KIND: Final = 2
COMPONENT_KIND: Final = 3
AUTOCOMPLETE_KIND: Final = 4
MODAL_KIND: Final = 5

_LEGAL: Final[Mapping[int, frozenset[int]]] = {
    PING_KIND: frozenset({PONG}),
    COMMAND_KIND: frozenset({MESSAGE, DEFERRED_MESSAGE, MODAL, PREMIUM_REQUIRED, LAUNCH_ACTIVITY}),
    COMPONENT_KIND: frozenset(
        {MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, MODAL, PREMIUM_REQUIRED, LAUNCH_ACTIVITY}
    ),
    AUTOCOMPLETE_KIND: frozenset({SUGGESTIONS}),
    MODAL_KIND: frozenset({MESSAGE, DEFERRED_MESSAGE, PREMIUM_REQUIRED, LAUNCH_ACTIVITY}),
}
_OF_A_MESSAGE: Final = frozenset({DEFERRED_UPDATE, UPDATE})
_ANY: Final = frozenset[int]().union(*_LEGAL.values()) - {PONG}


def legal_answers(kind: int | None, *, from_message: bool) -> frozenset[int]:
    """Return the callback types that Discord takes.

    Args:
        kind: The interaction's type; ``None`` if the simulator was not told, which allows them all.
        from_message: Whether a component of a message is behind it.
    """
    if kind is None:
        return _ANY
    legal = _LEGAL.get(kind, frozenset())
    return legal | _OF_A_MESSAGE if kind == MODAL_KIND and from_message else legal
