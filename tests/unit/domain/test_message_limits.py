from typing import Any

import pytest

from gpcore.domain.components import (
    Button,
    Component,
    Container,
    Label,
    Modal,
    Raw,
    Row,
    Select,
    SelectOption,
    TextDisplay,
    TextInput,
)
from gpcore.domain.embeds import Embed, EmbedField
from gpcore.domain.files import File
from gpcore.domain.form_fields import Checkbox, CheckboxGroup, FileUpload, FormField, RadioGroup
from gpcore.domain.message_limits import check_choices, check_message
from gpcore.domain.messages import AllowedMentions, Choice, OutgoingMessage
from gpcore.domain.modal_limits import check_modal
from gpcore.errors import ReplyTooLargeError


def rows(number: int) -> tuple[Row, ...]:
    return tuple(Row(Button("x", id=f"row-{index}")) for index in range(number))


def buttons(number: int) -> Row:
    return Row(*(Button("x", id=f"b-{index}") for index in range(number)))


def fields(number: int) -> list[TextInput]:
    return [TextInput(f"t-{index}", label="l") for index in range(number)]


def with_components(*components: Component) -> OutgoingMessage:
    return OutgoingMessage(components=components)


GOOD = [
    OutgoingMessage(),
    OutgoingMessage(content="x" * 2_000),
    OutgoingMessage(content="😀" * 1_000),
    OutgoingMessage(embeds=(Embed(description="x" * 4_096), Embed(description="x" * 1_904))),
    OutgoingMessage(embeds=(Embed("x" * 256, footer="x" * 2_048, author="x" * 256),) + (Embed("x"),) * 9),
    OutgoingMessage(embeds=(Embed(fields=[EmbedField("n" * 10, "v" * 10)] * 25),)),
    with_components(*rows(5)),
    with_components(buttons(5)),
    with_components(Row(Select("s", ["x" * 100] + [str(index) for index in range(24)], placeholder="x" * 150))),
    with_components(Row(Button("x" * 80, id="x" * 100))),
    with_components(Row(Button("x", url="https://e.org/" + "x" * 498))),
    with_components(Row(Button(id="e", emoji="🔥", label=""))),
    with_components(TextDisplay("x" * 4_000)),
    with_components(Container(*(TextDisplay("x") for _ in range(39)))),
    OutgoingMessage(content="", embeds=(), components=(TextDisplay("x"),)),
    OutgoingMessage(files=tuple(File(f"{index}.txt", b"x" * 1_000) for index in range(10))),
    OutgoingMessage(content="x", allowed_mentions=AllowedMentions(users=("1",) * 100, roles=True)),
    with_components(Row(Raw({"type": 2, "custom_id": "x" * 500}))),
]

BAD = [
    (OutgoingMessage(content="x" * 2_001), "content has 2001 characters, Discord takes at most 2000"),
    (OutgoingMessage(content="😀" * 1_001), "content has 2002 characters"),
    (OutgoingMessage(embeds=(Embed("x"),) * 11), "11 embeds in a message, Discord takes at most 10"),
    (OutgoingMessage(embeds=(Embed(description="x" * 4_000),) * 2), "all embeds together is 8000"),
    (OutgoingMessage(embeds=(Embed("x" * 257),)), "an embed's title has 257"),
    (OutgoingMessage(embeds=(Embed(description="x" * 4_097),)), "an embed's description has 4097"),
    (OutgoingMessage(embeds=(Embed(footer="x" * 2_049),)), "an embed's footer has 2049"),
    (OutgoingMessage(embeds=(Embed(author="x" * 257),)), "an embed's author has 257"),
    (OutgoingMessage(embeds=(Embed(fields=[EmbedField("n", "v")] * 26),)), "26 fields in an embed"),
    (OutgoingMessage(embeds=(Embed(fields=[EmbedField("n" * 257, "v")]),)), "an embed field's name has 257"),
    (OutgoingMessage(embeds=(Embed(fields=[EmbedField("n", "v" * 1_025)]),)), "an embed field's value has 1025"),
    (OutgoingMessage(embeds=(Embed(fields=[EmbedField("n", "")]),)), "wants at least 1"),
    (with_components(*rows(6)), "6 rows of components"),
    (with_components(buttons(6)), "6 buttons in a row"),
    (with_components(Row()), "0 buttons in a row"),
    (with_components(Row(Select("s", ["a"]), Button("x", id="x"))), "2 components in a row with a select"),
    (with_components(Row(Button("x", id="x"), Button("y", id="x"))), "the ids in a message must be unique"),
    (with_components(Row(Button("x", id=""))), "a button's id has 0"),
    (with_components(Row(Button("x", id="x" * 101))), "a button's id has 101"),
    (with_components(Row(Button("x" * 81, id="x"))), "a button's label has 81"),
    (with_components(Row(Button("", id="x"))), "a button's label has 0"),
    (with_components(Row(Button("x", url="x" * 513))), "a button's url has 513"),
    (with_components(Row(Select("s", [str(index) for index in range(26)]))), "26 options in a select"),
    (with_components(Row(Select("s", ["a", "a"]))), "option values in a select must be unique"),
    (with_components(Row(Select("s", [SelectOption("x" * 101, "a")]))), "an option's label has 101"),
    (with_components(Row(Select("s", [SelectOption("a", "x" * 101)]))), "an option's value has 101"),
    (with_components(Row(Select("s", [SelectOption("a", description="x" * 101)]))), "an option's description has 101"),
    (with_components(Row(Select("s", ["a"], placeholder="x" * 151))), "a select's placeholder has 151"),
    (with_components(Row(Select("s", ["a"], max_values=26))), "a select's max_values is 26"),
    (with_components(Row(Select("s", ["a"], min_values=-1))), "a select's min_values is -1"),
    (with_components(TextDisplay("")), "a text display has 0"),
    (with_components(TextDisplay("x" * 2_001), TextDisplay("x" * 2_000)), "all text displays together is 4001"),
    (with_components(Container()), "0 components in a container"),
    (with_components(Container(*(TextDisplay("x") for _ in range(40)))), "41 components in a message"),
    (OutgoingMessage(content="x", components=(TextDisplay("x"),)), "has no content and no embeds"),
    (OutgoingMessage(embeds=(Embed("x"),), components=(TextDisplay("x"),)), "has no content and no embeds"),
    (OutgoingMessage(files=tuple(File(f"{index}", b"") for index in range(11))), "11 files in a message"),
    (OutgoingMessage(files=(File("a", b""), File("a", b""))), "names of a message's files must be unique"),
    (OutgoingMessage(files=(File("a", b"", description="x" * 1_025),)), "a file's description has 1025"),
    (OutgoingMessage(files=(File("a", bytes(25 * 1024 * 1024 + 1)),)), "26214401 bytes"),
    (OutgoingMessage(allowed_mentions=AllowedMentions(users=("1",) * 101)), "101 users in allowed_mentions"),
    (OutgoingMessage(allowed_mentions=AllowedMentions(roles=("1",) * 101)), "101 roles in allowed_mentions"),
]


def form_of(field: FormField | Select) -> Modal:
    return Modal("t", id="m", fields=[Label("l", field)])


JUNK: list[Any] = [
    (Button("x", id="x"), "a message takes no Button by itself: put it into a Row"),
    (Select("s", ["a"]), "a message takes no Select by itself: put it into a Row"),
    ({"type": 1}, "a message takes no dict by itself"),
    (Row(TextDisplay("x")), "a row takes no TextDisplay by itself"),  # type: ignore[arg-type]  # the mistake
    (Row(Row()), "a row takes no Row by itself"),  # type: ignore[arg-type]  # likewise
    (Container(Button("x", id="x")), "a container takes no Button by itself: put it into a Row"),  # type: ignore[arg-type]  # likewise
    (Container(Container(TextDisplay("x"))), "a container takes no Container"),  # type: ignore[arg-type]  # likewise
    (Container(Row("x")), "a row takes no str by itself"),  # type: ignore[arg-type]  # likewise
]
"""What a handler without a type checker may write."""

BAD_MODALS = [
    (Modal("", id="m", fields=fields(1)), "a modal's title has 0"),
    (Modal("x" * 46, id="m", fields=fields(1)), "a modal's title has 46"),
    (Modal("t", id="x" * 101, fields=fields(1)), "a modal's id has 101"),
    (Modal("t", id="m", fields=[]), "0 fields in a modal"),
    (Modal("t", id="m", fields=fields(6)), "6 fields in a modal"),
    (Modal("t", id="m", fields=fields(1) * 2), "the ids in a modal must be unique"),
    (Modal("t", id="m", fields=[TextInput("t", label="x" * 46)]), "label has 46"),
    (Modal("t", id="m", fields=[TextInput("t", label="l", description="x" * 101)]), "description has 101"),
    (Modal("t", id="m", fields=[TextInput("", label="l")]), "a text input's id has 0"),
    (Modal("t", id="m", fields=[TextInput("t", label="l", placeholder="x" * 101)]), "placeholder has 101"),
    (Modal("t", id="m", fields=[TextInput("t", label="l", value="x" * 4_001)]), "value has 4001"),
    (Modal("t", id="m", fields=[TextInput("t", label="l", min_length=-1)]), "min_length is -1"),
    (Modal("t", id="m", fields=[TextInput("t", label="l", max_length=0)]), "max_length is 0"),
    (Modal("t", id="m", fields=[Label("l", Select("x" * 101, kind="user"))]), "a select's id has 101"),
    (Modal("t", id="m", fields=[Label("", TextInput("t"))]), "label has 0"),
    (Modal("t", id="m", fields=[TextDisplay("")]), "a text display has 0"),
    (Modal("t", id="m", fields=[Label("l", Checkbox("t")), *fields(1), Label("l", Checkbox("t-0"))]), "must be unique"),
    (form_of(FileUpload("")), "a file upload's id has 0"),
    (form_of(FileUpload("f", min_values=-1)), "a file upload's min_values is -1"),
    (form_of(FileUpload("f", max_values=11)), "a file upload's max_values is 11"),
    (form_of(RadioGroup("x" * 101, ["a", "b"])), "a radio group's id has 101"),
    (form_of(RadioGroup("r", ["a"])), "1 options in a radio group, Discord wants at least 2"),
    (form_of(RadioGroup("r", [str(index) for index in range(11)])), "11 options in a radio group"),
    (form_of(RadioGroup("r", ["a", "a"])), "option values in a radio group must be unique"),
    (form_of(CheckboxGroup("", ["a"])), "a checkbox group's id has 0"),
    (form_of(CheckboxGroup("c", [])), "0 options in a checkbox group"),
    (form_of(CheckboxGroup("c", ["a"], min_values=-1)), "a checkbox group's min_values is -1"),
    (form_of(CheckboxGroup("c", ["a"], max_values=0)), "a checkbox group's max_values is 0"),
    (form_of(CheckboxGroup("c", [SelectOption("x" * 101, "a")])), "an option's label has 101"),
    (form_of(Checkbox("")), "a checkbox's id has 0"),
]


@pytest.mark.parametrize("message", GOOD)
def test_what_is_within_every_limit_passes(message: OutgoingMessage) -> None:
    check_message(message)


@pytest.mark.parametrize(("message", "problem"), BAD)
def test_what_breaks_a_limit_is_refused_by_its_name(message: OutgoingMessage, problem: str) -> None:
    with pytest.raises(ReplyTooLargeError) as caught:
        check_message(message)

    assert problem in str(caught.value)


@pytest.mark.parametrize(("part", "problem"), JUNK)
def test_a_component_in_a_wrong_place_is_named(part: Component, problem: str) -> None:
    with pytest.raises(ReplyTooLargeError, match=problem):
        check_message(OutgoingMessage(content="x", components=(part,)))


@pytest.mark.parametrize("empty", [OutgoingMessage(), OutgoingMessage(content=" \n", embeds=(), components=())])
def test_a_new_message_says_something(empty: OutgoingMessage) -> None:
    check_message(empty)
    with pytest.raises(ReplyTooLargeError, match="this one is empty"):
        check_message(empty, anew=True)


@pytest.mark.parametrize("anew", [True, False])
@pytest.mark.parametrize(
    ("content", "given"), [(5, "int"), (0, "int"), (Embed(title="x"), "Embed"), ([Row(Button("x", id="x"))], "list")]
)
def test_content_that_is_no_text_is_told_what_takes_it(content: str, given: str, *, anew: bool) -> None:
    with pytest.raises(ReplyTooLargeError, match=rf"not of type {given}: pass embeds=\[…\] or components=\[…\]"):
        check_message(OutgoingMessage(content=content), anew=anew)


def test_a_modal_within_every_limit_passes() -> None:
    check_modal(Modal("x" * 45, id="x" * 100, fields=[*fields(3), Label("l", Select("s", ["a"])), Raw({"type": 10})]))
    check_modal(Modal("t", id="m", fields=[TextInput("t", label="x" * 45, value="x" * 4_000, max_length=4_000)]))
    ten = [SelectOption("x" * 100, str(index), description="x" * 100) for index in range(10)]
    upload, radios = FileUpload("f", min_values=0, max_values=10, required=False), RadioGroup("r", ten)
    group, box = CheckboxGroup("g", ten, min_values=10), Checkbox("x" * 100, default=True)
    check_modal(
        Modal("t", id="m", fields=[TextDisplay("x" * 4_000)] + [Label("l", f) for f in (upload, radios, group, box)])
    )


@pytest.mark.parametrize(("modal", "problem"), BAD_MODALS)
def test_a_modal_that_breaks_a_limit_is_refused_by_its_name(modal: Modal, problem: str) -> None:
    with pytest.raises(ReplyTooLargeError) as caught:
        check_modal(modal)

    assert problem in str(caught.value)


def test_suggestions_within_every_limit_pass() -> None:
    check_choices([])
    check_choices([Choice(name="x" * 100, value="x" * 100)] * 25)
    check_choices([Choice(name="x", value=2**53 - 1), Choice(name="x", value=-0.5), Choice(name="x", value="")])


@pytest.mark.parametrize(
    "choices",
    [
        [Choice(name="x", value="x")] * 26,
        [Choice(name="", value="x")],
        [Choice(name="x" * 101, value="x")],
        [Choice(name="x", value="x" * 101)],
        [Choice(name="x", value=2**53)],
        [Choice(name="x", value=float("nan"))],
        [Choice(name="x", value=float("inf"))],
    ],
)
def test_suggestions_that_break_a_limit_are_refused(choices: list[Choice]) -> None:
    with pytest.raises(ReplyTooLargeError):
        check_choices(choices)


@pytest.mark.parametrize(
    ("option_type", "fits", "problem"),
    [
        (3, ["a"], "of type int, but the option takes texts"),
        (4, [7, -7], "of type str, but the option takes whole numbers"),
        (10, [7, 0.5], "of type str, but the option takes numbers"),
    ],
)
def test_a_suggestion_is_of_its_options_type(option_type: int, fits: list[str | float], problem: str) -> None:
    other: str | int = 7 if option_type == 3 else "7"
    check_choices([Choice(name="x", value=value) for value in fits], option_type=option_type)
    check_choices([Choice(name="x", value=other)])
    with pytest.raises(ReplyTooLargeError, match=problem):
        check_choices([Choice(name="x", value=other)], option_type=option_type)


@pytest.mark.parametrize(
    ("option_type", "takes"), [(3, "texts"), (4, "whole numbers"), (10, "numbers"), (None, "texts or numbers")]
)
def test_a_truth_value_is_no_suggestion(option_type: int | None, takes: str) -> None:
    with pytest.raises(ReplyTooLargeError, match=f"of type bool, but the option takes {takes}$"):
        check_choices([Choice(name="x", value=True)], option_type=option_type)


def test_a_whole_number_is_none_with_a_point() -> None:
    with pytest.raises(ReplyTooLargeError, match="of type float"):
        check_choices([Choice(name="x", value=7.0)], option_type=4)


def test_a_lone_surrogate_counts_as_one() -> None:
    check_message(OutgoingMessage(content="\ud800" * 2_000))
