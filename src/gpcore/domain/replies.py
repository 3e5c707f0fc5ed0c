"""What may be said to an interaction, and how: one state machine.

Given the interaction's kind and what has been answered so far, ``decide`` turns the requested
action into a first answer, an edit of the original, a follow-up or a deletion, or refuses it with
the reason and the way out. The legal combinations are Discord's ("Receiving and Responding",
interaction callback types):

===============  ======================================================
kind             first answers
===============  ======================================================
command          message, deferred message, modal
component        message, deferred message, deferred update, update, modal
modal            message, deferred message; from a message also deferred update and update
autocomplete     suggestions
===============  ======================================================
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from gpcore.domain.interactions import InteractionKind
from gpcore.domain.messages import CallbackType
from gpcore.errors import ReplyStateError

MOST_FOLLOWUPS_OF_A_USER_INSTALL: Final = 5
"""Discord's error 40094 says so of an interaction where only the user has installed the application."""


class Action(StrEnum):
    """What a handler asks for."""

    REPLY = "reply"
    DEFER = "defer"
    UPDATE = "update"
    SHOW_MODAL = "show_modal"
    SUGGEST = "suggest"
    FOLLOWUP = "followup"
    EDIT = "edit"
    DELETE = "delete"


class Move(StrEnum):
    """What is sent to Discord."""

    CALLBACK = "callback"
    EDIT_ORIGINAL = "edit_original"
    CREATE_FOLLOWUP = "create_followup"
    DELETE_ORIGINAL = "delete_original"


@dataclass(frozen=True, slots=True)
class Step:
    """A legal move.

    Attributes:
        move: What to send.
        callback: The callback's type, for ``CALLBACK``.
    """

    move: Move
    callback: CallbackType | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyState:
    """What Discord has been told about one interaction.

    Attributes:
        kind: The interaction's kind.
        from_message: Whether a message is behind it, so that it can be updated.
        first: The first answer's type, ``None`` before it.
        loading: Whether the original still shows "thinking".
        ephemeral: Whether the original is ephemeral, fixed with the first answer.
        deleted: Whether the original is gone.
        followups_left: How many more Discord takes, ``None`` without a limit.
    """

    kind: InteractionKind
    from_message: bool = False
    first: CallbackType | None = None
    loading: bool = False
    ephemeral: bool = False
    deleted: bool = False
    followups_left: int | None = None

    @property
    def answered(self) -> bool:
        """Whether a first answer was made."""
        return self.first is not None


def defer_type(state: ReplyState) -> CallbackType:
    """Return the defer that fits: a component keeps its message, everything else shows "thinking".

    Raises:
        ReplyStateError: Autocomplete cannot be deferred.
    """
    if state.kind is InteractionKind.AUTOCOMPLETE:
        raise ReplyStateError("autocomplete cannot be deferred: answer with ctx.suggest within 3 seconds")
    return CallbackType.DEFERRED_UPDATE if state.from_message else CallbackType.DEFERRED_MESSAGE


def decide(state: ReplyState, action: Action, *, ephemeral: bool | None = None) -> Step:
    """Return the move that carries out ``action``.

    Args:
        state: What has been answered.
        action: What the handler asks for.
        ephemeral: The visibility asked for; ``None`` accepts what is fixed.

    Raises:
        ReplyStateError: Discord would refuse it; the text says what to do instead.
    """
    if state.first is None:
        return Step(Move.CALLBACK, _first_answer(state, action))
    if state.first in (CallbackType.SUGGESTIONS, CallbackType.MODAL):
        raise ReplyStateError(_CLOSED[state.first])
    return _later(state, action, ephemeral=ephemeral)


def advance(state: ReplyState, step: Step, *, ephemeral: bool = False) -> ReplyState:
    """Return the state after ``step`` was accepted; ``ephemeral`` as sent with a first answer."""
    if step.callback is not None:
        deferred = step.callback is CallbackType.DEFERRED_MESSAGE
        return replace(state, first=step.callback, loading=deferred, ephemeral=ephemeral)
    if step.move is Move.EDIT_ORIGINAL:
        return replace(state, loading=False)
    if step.move is Move.DELETE_ORIGINAL:
        return replace(state, loading=False, deleted=True)
    return state if state.followups_left is None else replace(state, followups_left=state.followups_left - 1)


def _first_answer(state: ReplyState, action: Action) -> CallbackType:
    autocomplete = state.kind is InteractionKind.AUTOCOMPLETE
    if autocomplete != (action is Action.SUGGEST):
        wanted = "answers only with ctx.suggest" if autocomplete else "cannot be answered with suggestions"
        raise ReplyStateError(f"{_NAMES[state.kind]} {wanted}")
    if action is Action.DEFER:
        return defer_type(state)
    if action is Action.UPDATE and not state.from_message:
        raise ReplyStateError("ctx.update changes the message of a component; there is none: use ctx.reply")
    if action is Action.SHOW_MODAL and state.kind is InteractionKind.MODAL:
        raise ReplyStateError("a modal cannot open another modal: reply with a button that opens it")
    callback = _FIRST.get(action)
    if callback is None:
        raise ReplyStateError(f"nothing was answered yet, so ctx.{action} has no message: call ctx.reply or ctx.defer")
    return callback


def _later(state: ReplyState, action: Action, *, ephemeral: bool | None) -> Step:
    if action is Action.SHOW_MODAL:
        raise ReplyStateError("a modal must be the first answer: declare the handler with defer=Defer.never()")
    if action in (Action.SUGGEST, Action.DEFER):
        raise ReplyStateError(f"ctx.{action} must be the first answer, and one was made already")
    if action is Action.UPDATE:
        return _later_update(state)
    if action in (Action.REPLY, Action.FOLLOWUP):
        return _later_message(state, ephemeral=ephemeral)
    if state.deleted:
        raise ReplyStateError(f"the answer was deleted, so ctx.{action} has no message: use ctx.followup")
    return Step(Move.EDIT_ORIGINAL if action is Action.EDIT else Move.DELETE_ORIGINAL)


def _later_update(state: ReplyState) -> Step:
    if state.first not in (CallbackType.UPDATE, CallbackType.DEFERRED_UPDATE) or state.deleted:
        raise ReplyStateError("ctx.update must be the first answer or follow a component's defer: use ctx.edit")
    return Step(Move.EDIT_ORIGINAL)


def _later_message(state: ReplyState, *, ephemeral: bool | None) -> Step:
    if not state.loading:
        if state.followups_left == 0:
            raise ReplyStateError(
                "Discord takes five follow-ups where only the user has installed the app: change one with ctx.edit"
            )
        return Step(Move.CREATE_FOLLOWUP)
    # Discord turns the first follow-up after a defer into an edit and ignores its visibility.
    if ephemeral is not None and ephemeral != state.ephemeral:
        was = "ephemeral" if state.ephemeral else "public"
        raise ReplyStateError(f"the defer was {was} and fixes the reply's visibility: set it on the defer")
    return Step(Move.EDIT_ORIGINAL)


_NAMES = {
    InteractionKind.COMMAND: "a command",
    InteractionKind.COMPONENT: "a component",
    InteractionKind.AUTOCOMPLETE: "autocomplete",
    InteractionKind.MODAL: "a modal",
}
_FIRST = {
    Action.REPLY: CallbackType.MESSAGE,
    Action.UPDATE: CallbackType.UPDATE,
    Action.SHOW_MODAL: CallbackType.MODAL,
    Action.SUGGEST: CallbackType.SUGGESTIONS,
}
_CLOSED = {
    CallbackType.SUGGESTIONS: "autocomplete is answered: nothing more can be sent",
    CallbackType.MODAL: "a modal was opened: answer in the handler of its submission",
}
