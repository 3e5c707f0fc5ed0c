from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from gpcore.domain.components import (
    Button,
    Container,
    Label,
    Modal,
    Raw,
    Row,
    Select,
    SelectOption,
    TextDisplay,
    TextInput,
    needs_components_v2,
)
from gpcore.domain.embeds import Embed, EmbedField
from gpcore.domain.files import File
from gpcore.domain.form_fields import Checkbox, CheckboxGroup, FileUpload, RadioGroup

JUNK: Any = "loud"
"""What a handler without a type checker may write."""


def test_values_read_as_handlers_write_them() -> None:
    row = Row(Button("Confirm", id="x"), Button("Docs", url="https://example.org"))
    modal = Modal("Feedback", id="feedback:42", fields=[TextInput("text", label="What happened?")])
    embed = Embed("Title", "Text", fields=[EmbedField("a", "b")])

    assert [button.style for button in row.components if isinstance(button, Button)] == ["primary", "link"]
    assert (modal.title, modal.id, modal.fields) == (
        "Feedback",
        "feedback:42",
        (TextInput("text", label="What happened?"),),
    )
    assert embed.fields == (EmbedField("a", "b"),)


def test_selects_and_groups_take_plain_texts_for_options() -> None:
    lines = (SelectOption("a", "a"), SelectOption("B", "b"))

    assert Select("s", ["a", SelectOption("B", "b")]).lines == lines
    assert RadioGroup("r", ["a", SelectOption("B", "b")]).lines == lines
    assert CheckboxGroup("c", ["a", SelectOption("B", "b")]).lines == lines


@pytest.mark.parametrize(
    "value",
    [
        Row(Button("x", id="x")),
        Container(TextDisplay("x"), spoiler=True),
        Select("s", ["a"]),
        Modal("t", id="m", fields=[TextDisplay("x"), Label("l", Select("s", kind="user"))]),
        Label("l", FileUpload("f")),
        RadioGroup("r", ["a", "b"]),
        CheckboxGroup("c", ["a"]),
        Checkbox("c"),
        Embed("t", fields=[EmbedField("a", "b")]),
        Raw({"type": 14}),
    ],
)
def test_values_are_frozen_and_can_be_compared_and_hashed(value: object) -> None:
    name = next(iter(type(value).__dataclass_fields__))  # type: ignore[attr-defined] # every one is a dataclass
    with pytest.raises(AttributeError):
        setattr(value, name, None)
    assert isinstance(hash(value), int)


def test_a_file_does_not_print_its_content() -> None:
    assert "secret" not in repr(File("a.txt", b"secret"))


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: Button("x"), "either an id or a url"),
        (lambda: Button("x", id="x", url="https://example.org"), "either an id or a url"),
        (lambda: Button(id="x"), "a label, an emoji"),
        (lambda: Button("x", id="x", style=JUNK), "style is one of"),
        (lambda: Button("x", id="x", style="link"), "has a url"),
        (lambda: Select("s"), "has options"),
        (lambda: Select("s", ["a"], kind="user"), "has options"),
        (lambda: Select("s", kind=JUNK), "kind is one of"),
        (lambda: Select("s", kind="user", channel_types=[0]), "channel_types"),
        (lambda: Select("s", ["a"], min_values=2, max_values=1), "min_values"),
        (lambda: TextInput("t", style=JUNK), "style is one of"),
        (lambda: TextInput("t", min_length=5, max_length=4), "min_length"),
        (lambda: TextInput("t", description="d"), "needs a label"),
        (lambda: Label("l", TextInput("t", label="own")), "no label of its own"),
        (lambda: Label("l", Select("s", ["a"], disabled=True)), "cannot be disabled"),
        (lambda: Label("l", Select("s", ["a"], min_values=0)), "give required=False too"),
        (lambda: FileUpload("f", min_values=2), "min_values is at most"),
        (lambda: FileUpload("f", min_values=0), "give required=False too"),
        (lambda: RadioGroup("r", [SelectOption("a", emoji="🔥"), "b"]), "a radio group's options have no emoji"),
        (lambda: RadioGroup("r", [SelectOption(name, default=True) for name in "ab"]), "at most one option"),
        (lambda: CheckboxGroup("c", [SelectOption("a", emoji="🔥")]), "a checkbox group's options have no emoji"),
        (lambda: CheckboxGroup("c", ["a"], min_values=2), "min_values is at most its max_values"),
        (lambda: CheckboxGroup("c", ["a"], min_values=2, max_values=2), "at most the number of its options"),
        (lambda: CheckboxGroup("c", ["a"], min_values=0), "give required=False too"),
        (lambda: Label("l", cast("Any", Button("x", id="x"))), "a Label takes no Button"),
        (lambda: Modal("t", id="m", fields=[TextInput("t")]), "needs a label"),
        (lambda: Modal("t", id="m", fields=[cast("Any", Select("s", ["a"]))]), "no Select by itself: put it into a L"),
        (lambda: Modal("t", id="m", fields=[cast("Any", Row())]), "a modal takes no Row by itself$"),
        (lambda: Container(accent_color=0x1000000), "accent_color"),
        (lambda: Embed(color=-1), "color"),
        (lambda: Embed(timestamp=datetime(2026, 1, 1)), "time zone"),  # noqa: DTZ001 - that is the point
        (lambda: Embed(footer_icon="x"), "footer"),
        (lambda: Embed(author_url="x"), "author"),
        (lambda: File("", b""), "path segment"),
        (lambda: File("a/b", b""), "path segment"),
        (lambda: File("a\nb", b""), "path segment"),
    ],
)
def test_a_value_that_discord_could_never_take_is_refused_where_it_is_made(
    make: Callable[[], object], problem: str
) -> None:
    with pytest.raises((ValueError, TypeError), match=problem):
        make()


def test_an_aware_timestamp_is_taken() -> None:
    assert Embed(timestamp=datetime(2026, 1, 1, tzinfo=UTC)).timestamp is not None


@pytest.mark.parametrize(
    ("part", "needed"),
    [
        (Row(Button("x", id="x")), False),
        (TextDisplay("x"), True),
        (Container(TextDisplay("x")), True),
        (Raw({"type": 1}), False),
        (Raw({"type": 9}), True),
        (Raw({}), False),
    ],
)
def test_only_the_newer_components_need_the_flag(part: Row | TextDisplay | Container | Raw, needed: bool) -> None:
    assert needs_components_v2((part,)) is needed
