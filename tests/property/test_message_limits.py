"""What the core's limits let pass, the simulator's own table takes too."""

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from gpadapters.discord.component_payloads import modal as modal_payload
from gpadapters.discord.payloads import new_message
from gpadapters.simulator import component_checks, message_checks
from gpcore.domain.components import (
    Button,
    Component,
    Container,
    Label,
    Modal,
    Row,
    RowChild,
    Select,
    SelectOption,
    TextDisplay,
    TextInput,
)
from gpcore.domain.embeds import Embed, EmbedField
from gpcore.domain.form_fields import Checkbox, CheckboxGroup, FileUpload, FormField, RadioGroup
from gpcore.domain.message_limits import check_message
from gpcore.domain.messages import OutgoingMessage
from gpcore.domain.modal_limits import check_modal
from gpcore.errors import ReplyTooLargeError

pytestmark = pytest.mark.property


def around(limit: int) -> st.SearchStrategy[str]:
    """Texts about as long as a limit, of one or two UTF-16 units a character."""
    few = st.sampled_from([1, 2, 3, limit // 2])
    near = st.sampled_from([limit // 2 + 1, limit - 1, limit, limit + 1])
    wide = st.builds(lambda length, letter: letter * length, few | few | few | near, st.sampled_from("xxx😀"))
    return few.map(lambda length: "x" * length) | wide


IDS = st.integers(0, 10**6).map(str) | st.integers(0, 10**6).map(str) | st.just("") | around(100)
BUTTONS = st.builds(lambda label, custom_id: Button(label, id=custom_id), around(80), IDS)
OPTIONS = st.builds(SelectOption, around(100), st.text(min_size=1, max_size=2) | around(100))
SELECTS = st.builds(
    Select, IDS, st.lists(OPTIONS, min_size=1, max_size=26), placeholder=st.none() | around(150)
) | st.builds(
    Select, IDS, kind=st.sampled_from(["user", "role", "mentionable", "channel"]), max_values=st.integers(1, 26)
)
CHILDREN: st.SearchStrategy[tuple[RowChild, ...]] = st.lists(BUTTONS, max_size=6).map(tuple) | st.tuples(SELECTS)
ROWS = CHILDREN.map(lambda children: Row(*children))
DISPLAYS = st.builds(TextDisplay, around(4_000) | st.just(""))
CONTAINERS = st.lists(ROWS | DISPLAYS, max_size=4).map(lambda children: Container(*children))
COMPONENTS: st.SearchStrategy[tuple[Component, ...]] = st.lists(ROWS, max_size=6).map(tuple) | st.lists(
    st.one_of(ROWS, DISPLAYS, CONTAINERS), max_size=6
).map(tuple)
FIELDS = st.builds(EmbedField, around(256), around(1_024))
EMBEDS = st.builds(
    Embed,
    st.none() | around(256),
    st.none() | around(4_096),
    footer=st.none() | around(2_048),
    author=st.none() | around(256),
    fields=st.lists(FIELDS, max_size=3),
)
MESSAGES = st.builds(
    OutgoingMessage,
    content=st.none() | around(2_000),
    embeds=st.none() | st.lists(EMBEDS, max_size=3).map(tuple),
    components=st.none() | COMPONENTS,
    ephemeral=st.booleans(),
)
INPUTS = st.builds(
    TextInput,
    IDS,
    label=around(45),
    placeholder=st.none() | around(100),
    value=st.none() | around(4_000),
    max_length=st.none() | st.integers(0, 4_001),
)
GROUPED = st.lists(OPTIONS, min_size=1, max_size=11)
FORM_FIELDS: st.SearchStrategy[FormField] = st.one_of(
    st.builds(FileUpload, IDS, max_values=st.integers(1, 11), required=st.booleans()),
    st.builds(FileUpload, IDS, min_values=st.integers(0, 1), required=st.just(value=False)),
    st.builds(RadioGroup, IDS, GROUPED, required=st.booleans()),
    st.builds(CheckboxGroup, IDS, GROUPED, max_values=st.none() | st.integers(1, 11), required=st.booleans()),
    st.builds(Checkbox, IDS, default=st.booleans()),
)
MODALS = st.builds(
    Modal,
    around(45),
    id=IDS,
    fields=st.lists(
        INPUTS | DISPLAYS | st.builds(Label, around(45), SELECTS | FORM_FIELDS, description=st.none() | around(100)),
        max_size=6,
    )
    | st.lists(INPUTS, min_size=1, max_size=2),
)


@given(message=MESSAGES)
def test_a_message_that_passes_is_taken(message: OutgoingMessage) -> None:
    try:
        check_message(message)
    except ReplyTooLargeError:
        event("refused")
        return
    event("passed")

    assert list(message_checks.message((), new_message(message), message_checks.NEW_FLAGS)) == []


@given(modal=MODALS)
def test_a_modal_that_passes_is_taken(modal: Modal) -> None:
    try:
        check_modal(modal)
    except ReplyTooLargeError:
        event("refused")
        return
    event("passed")

    assert list(component_checks.modal((), modal_payload(modal))) == []
