"""No sequence of actions leads to a call that Discord refuses.

The table below is written from Discord's documentation alone: which first answers an interaction of each kind
takes, and what may follow. It shares nothing with the state machine that it judges.
"""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcore.domain.interactions import InteractionKind
from gpcore.domain.replies import Action, Move, ReplyState, Step, advance, decide, defer_type
from gpcore.errors import ReplyStateError

pytestmark = pytest.mark.property

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
LEGAL_FIRST = {
    (COMMAND, False): {4, 5, 9},
    (COMPONENT, True): {4, 5, 6, 7, 9},
    (AUTOCOMPLETE, False): {8},
    (MODAL, False): {4, 5},
    (MODAL, True): {4, 5, 6, 7},
}
"""Callback types by the interaction's type and whether a message is behind it; 12 starts an activity, which gp
does not offer."""

SHOWS_A_MESSAGE = {4, 5, 6, 7}
"""First answers with an original: a new message, or the one that the component is on."""

THINKING = 5


@dataclass
class Discord:
    """What Discord knows of one interaction.

    Attributes:
        kind: Its type.
        has_message: Whether a message is behind it.
        first: The first answer's type.
        original: Whether there is an original that can be edited and deleted.
        thinking: Whether the original is a placeholder: the first follow-up would replace it
            and lose its own visibility.
    """

    kind: int
    has_message: bool
    first: int | None = None
    original: bool = False
    thinking: bool = False

    def take(self, step: Step) -> None:
        """Take a call, or fail as Discord refuses it."""
        if step.move is Move.CALLBACK:
            assert self.first is None, "40060: already acknowledged"
            assert step.callback is not None
            assert int(step.callback) in LEGAL_FIRST[self.kind, self.has_message], "50035: no such answer"
            self.first = int(step.callback)
            self.original = self.first in SHOWS_A_MESSAGE
            self.thinking = self.first == THINKING
            return
        assert step.callback is None
        assert self.first is not None, "10015: no answer yet"
        assert self.first in SHOWS_A_MESSAGE, "a form or suggestions are the last word"
        if step.move is Move.CREATE_FOLLOWUP:
            assert not self.thinking, "it would become an edit of the placeholder"
            return
        assert self.original, "10008: unknown message"
        self.thinking = False
        self.original = step.move is Move.EDIT_ORIGINAL


KINDS = st.sampled_from(sorted(LEGAL_FIRST))
ASKED = st.lists(st.tuples(st.sampled_from(Action), st.sampled_from([None, True, False])), max_size=12)


@given(kind=KINDS, asked=ASKED)
def test_no_sequence_of_actions_leads_to_a_call_that_discord_refuses(
    kind: tuple[int, bool], asked: list[tuple[Action, bool | None]]
) -> None:
    discord = Discord(*kind)
    state = ReplyState(kind=InteractionKind(kind[0]), from_message=kind[1])
    for action, ephemeral in asked:
        try:
            step = decide(state, action, ephemeral=ephemeral)
        except ReplyStateError:
            continue
        discord.take(step)
        state = advance(state, step, ephemeral=bool(ephemeral))
        assert state.answered
        assert state.loading == discord.thinking
        assert state.deleted == (discord.first in SHOWS_A_MESSAGE and not discord.original)


@pytest.mark.parametrize("kind", sorted(LEGAL_FIRST))
def test_what_discord_would_take_as_a_first_answer_can_be_said(kind: tuple[int, bool]) -> None:
    """The converse: nothing legal is out of reach, but the defer that shows a new message from a component."""
    state = ReplyState(kind=InteractionKind(kind[0]), from_message=kind[1])
    reachable = set()
    for wanted in Action:
        try:
            step = decide(state, wanted)
        except ReplyStateError:
            continue
        assert step.callback is not None
        reachable.add(int(step.callback))

    assert LEGAL_FIRST[kind] - reachable == ({THINKING} if kind[1] else set())


@given(kind=KINDS, asked=ASKED, ephemeral=st.booleans())
def test_the_visibility_of_a_defer_holds_for_what_replaces_it(
    kind: tuple[int, bool], asked: list[tuple[Action, bool | None]], ephemeral: bool
) -> None:
    state = ReplyState(kind=InteractionKind(kind[0]), from_message=kind[1])
    if kind[0] == AUTOCOMPLETE:
        with pytest.raises(ReplyStateError):
            defer_type(state)
        return
    state = advance(state, decide(state, Action.DEFER), ephemeral=ephemeral)
    for action, wanted in asked:
        loading = state.loading
        try:
            step = decide(state, action, ephemeral=wanted)
        except ReplyStateError:
            continue
        if loading and step.move is Move.EDIT_ORIGINAL and action in (Action.REPLY, Action.FOLLOWUP):
            assert wanted in (None, ephemeral), "a private word would be shown to everybody"
        state = advance(state, step)
        assert state.ephemeral is ephemeral
