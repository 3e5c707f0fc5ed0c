"""The state machine's refusals, each with the way out that it names."""

import pytest

from gpcore.domain.interactions import InteractionKind
from gpcore.domain.messages import CallbackType
from gpcore.domain.replies import Action, Move, ReplyState, Step, advance, decide, defer_type
from gpcore.errors import ReplyStateError

COMMAND = ReplyState(kind=InteractionKind.COMMAND)
COMPONENT = ReplyState(kind=InteractionKind.COMPONENT, from_message=True)
AUTOCOMPLETE = ReplyState(kind=InteractionKind.AUTOCOMPLETE)
MODAL = ReplyState(kind=InteractionKind.MODAL)
MODAL_ON_MESSAGE = ReplyState(kind=InteractionKind.MODAL, from_message=True)


def after(state: ReplyState, *actions: Action, ephemeral: bool = False) -> ReplyState:
    for action in actions:
        state = advance(state, decide(state, action), ephemeral=ephemeral)
    return state


@pytest.mark.parametrize(
    ("state", "action", "callback"),
    [
        (COMMAND, Action.REPLY, CallbackType.MESSAGE),
        (COMMAND, Action.DEFER, CallbackType.DEFERRED_MESSAGE),
        (COMMAND, Action.SHOW_MODAL, CallbackType.MODAL),
        (COMPONENT, Action.REPLY, CallbackType.MESSAGE),
        (COMPONENT, Action.DEFER, CallbackType.DEFERRED_UPDATE),
        (COMPONENT, Action.UPDATE, CallbackType.UPDATE),
        (COMPONENT, Action.SHOW_MODAL, CallbackType.MODAL),
        (MODAL, Action.REPLY, CallbackType.MESSAGE),
        (MODAL, Action.DEFER, CallbackType.DEFERRED_MESSAGE),
        (MODAL_ON_MESSAGE, Action.DEFER, CallbackType.DEFERRED_UPDATE),
        (MODAL_ON_MESSAGE, Action.UPDATE, CallbackType.UPDATE),
        (AUTOCOMPLETE, Action.SUGGEST, CallbackType.SUGGESTIONS),
    ],
)
def test_a_first_answer_has_the_callback_that_fits(state: ReplyState, action: Action, callback: CallbackType) -> None:
    assert decide(state, action) == Step(Move.CALLBACK, callback)


@pytest.mark.parametrize(
    ("state", "action", "move"),
    [
        (after(COMMAND, Action.REPLY), Action.REPLY, Move.CREATE_FOLLOWUP),
        (after(COMMAND, Action.REPLY), Action.FOLLOWUP, Move.CREATE_FOLLOWUP),
        (after(COMMAND, Action.REPLY), Action.EDIT, Move.EDIT_ORIGINAL),
        (after(COMMAND, Action.REPLY), Action.DELETE, Move.DELETE_ORIGINAL),
        (after(COMMAND, Action.DEFER), Action.REPLY, Move.EDIT_ORIGINAL),
        (after(COMMAND, Action.DEFER), Action.FOLLOWUP, Move.EDIT_ORIGINAL),
        (after(COMMAND, Action.DEFER, Action.REPLY), Action.REPLY, Move.CREATE_FOLLOWUP),
        (after(COMMAND, Action.DEFER, Action.DELETE), Action.REPLY, Move.CREATE_FOLLOWUP),
        (after(COMPONENT, Action.DEFER), Action.REPLY, Move.CREATE_FOLLOWUP),
        (after(COMPONENT, Action.DEFER), Action.UPDATE, Move.EDIT_ORIGINAL),
        (after(COMPONENT, Action.UPDATE), Action.UPDATE, Move.EDIT_ORIGINAL),
    ],
)
def test_what_follows_is_the_move_that_fits(state: ReplyState, action: Action, move: Move) -> None:
    assert decide(state, action) == Step(move)


@pytest.mark.parametrize(
    ("state", "action", "words"),
    [
        (COMMAND, Action.SUGGEST, "a command cannot be answered with suggestions"),
        (COMMAND, Action.UPDATE, "there is none: use ctx.reply"),
        (COMMAND, Action.EDIT, "nothing was answered yet, so ctx.edit has no message: call ctx.reply or ctx.defer"),
        (COMMAND, Action.DELETE, "nothing was answered yet"),
        (COMMAND, Action.FOLLOWUP, "nothing was answered yet"),
        (COMPONENT, Action.SUGGEST, "a component cannot be answered with suggestions"),
        (MODAL, Action.SHOW_MODAL, "a modal cannot open another modal"),
        (MODAL, Action.UPDATE, "there is none: use ctx.reply"),
        (AUTOCOMPLETE, Action.REPLY, "autocomplete answers only with ctx.suggest"),
        (AUTOCOMPLETE, Action.DEFER, "autocomplete answers only with ctx.suggest"),
        (after(AUTOCOMPLETE, Action.SUGGEST), Action.SUGGEST, "nothing more can be sent"),
        (after(COMMAND, Action.SHOW_MODAL), Action.REPLY, "answer in the handler of its submission"),
        (after(COMMAND, Action.DEFER), Action.SHOW_MODAL, r"declare the handler with defer=Defer\.never\(\)"),
        (after(COMMAND, Action.REPLY), Action.DEFER, r"ctx\.defer must be the first answer"),
        (after(COMMAND, Action.REPLY), Action.SUGGEST, r"ctx\.suggest must be the first answer"),
        (after(COMMAND, Action.REPLY), Action.UPDATE, r"use ctx\.edit"),
        (after(COMPONENT, Action.REPLY), Action.UPDATE, r"use ctx\.edit"),
        (after(COMPONENT, Action.UPDATE, Action.DELETE), Action.UPDATE, r"use ctx\.edit"),
        (
            after(COMMAND, Action.REPLY, Action.DELETE),
            Action.EDIT,
            r"so ctx\.edit has no message",
        ),
        (after(COMMAND, Action.REPLY, Action.DELETE), Action.DELETE, "the answer was deleted"),
    ],
)
def test_a_refusal_says_what_to_do_instead(state: ReplyState, action: Action, words: str) -> None:
    with pytest.raises(ReplyStateError, match=words):
        decide(state, action)


@pytest.mark.parametrize(
    ("deferred", "asked", "words"),
    [(False, True, "the defer was public"), (True, False, "the defer was ephemeral")],
)
def test_a_reply_cannot_change_the_visibility_of_its_defer(deferred: bool, asked: bool, words: str) -> None:
    state = after(COMMAND, Action.DEFER, ephemeral=deferred)

    with pytest.raises(ReplyStateError, match=words):
        decide(state, Action.REPLY, ephemeral=asked)
    assert decide(state, Action.REPLY, ephemeral=deferred) == Step(Move.EDIT_ORIGINAL)


def test_an_autocomplete_has_no_defer() -> None:
    with pytest.raises(ReplyStateError, match="cannot be deferred"):
        defer_type(AUTOCOMPLETE)


def test_a_follow_up_changes_nothing_about_the_original() -> None:
    state = after(COMMAND, Action.REPLY)

    assert after(state, Action.FOLLOWUP) == state
