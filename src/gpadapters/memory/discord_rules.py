"""What Discord would refuse to an interaction of which it is known what it is.

Written from Discord's documents ("Receiving and Responding"), apart from the core's reply rules, so
that a mistake in those does not pass here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gpcore.domain.interactions import InteractionKind
from gpcore.domain.messages import Callback, CallbackType, OutgoingMessage
from gpcore.errors import PortRejectedError

MOST_FOLLOWUPS: Final = 5
"""Of an application that only the user has installed."""

_INVALID_FORM: Final = 50035
_EMPTY_MESSAGE: Final = 50006
_TOO_MANY_FOLLOWUPS: Final = 40094
_NEW: Final = frozenset({CallbackType.MESSAGE, CallbackType.DEFERRED_MESSAGE})
_OF_A_MESSAGE: Final = frozenset({CallbackType.UPDATE, CallbackType.DEFERRED_UPDATE})
_LEGAL: Final[Mapping[InteractionKind, frozenset[CallbackType]]] = {
    InteractionKind.COMMAND: _NEW | {CallbackType.MODAL},
    InteractionKind.COMPONENT: _NEW | _OF_A_MESSAGE | {CallbackType.MODAL},
    InteractionKind.AUTOCOMPLETE: frozenset({CallbackType.SUGGESTIONS}),
    InteractionKind.MODAL: _NEW,
}


@dataclass(slots=True, kw_only=True)
class KnownInteraction:
    """What an interaction is.

    Attributes:
        kind: Its kind.
        from_message: Whether a component of a message is behind it.
        user_install_only: Five follow-ups at most.
        followups: How many were made.
    """

    kind: InteractionKind
    from_message: bool = False
    user_install_only: bool = False
    followups: int = 0

    def count_followup(self) -> None:
        """Take one more follow-up.

        Raises:
            PortRejectedError: It is one too many; it was not taken.
        """
        if self.user_install_only and self.followups >= MOST_FOLLOWUPS:
            raise PortRejectedError(
                f"an application that only the user installed sends {MOST_FOLLOWUPS} follow-ups at most",
                code=_TOO_MANY_FOLLOWUPS,
            )
        self.followups += 1


def check_first_answer(known: KnownInteraction, callback: Callback) -> None:
    """Refuse a first answer that does not fit.

    Raises:
        PortRejectedError: The kind of interaction does not take it, or there is nothing in it.
    """
    legal = _LEGAL[known.kind]
    if known.kind is InteractionKind.MODAL and known.from_message:
        legal |= _OF_A_MESSAGE
    if callback.type not in legal:
        raise PortRejectedError(
            f"{known.kind.name.lower()} does not take {callback.type.name.lower()} as its first answer",
            code=_INVALID_FORM,
        )
    if callback.type is CallbackType.MESSAGE:
        check_shown(callback.message or OutgoingMessage())


def check_shown(message: OutgoingMessage) -> None:
    """Refuse a message that would show nothing.

    Raises:
        PortRejectedError: There is nothing in it.
    """
    words = (message.content or "").strip()
    if not (words or message.embeds or message.components or message.files):
        raise PortRejectedError("a message cannot be empty", code=_EMPTY_MESSAGE)
