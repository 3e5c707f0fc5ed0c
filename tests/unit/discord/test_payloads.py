from datetime import UTC, datetime
from typing import Any, cast

import pytest

from gpadapters.discord import payloads
from gpadapters.discord.component_payloads import component, modal
from gpcore.domain.components import (
    Button,
    Component,
    Container,
    Label,
    Modal,
    Raw,
    Row,
    Select,
    SelectKind,
    SelectOption,
    TextDisplay,
    TextInput,
)
from gpcore.domain.embeds import Embed, EmbedField
from gpcore.domain.files import File
from gpcore.domain.form_fields import Checkbox, CheckboxGroup, FileUpload, FormField, RadioGroup
from gpcore.domain.messages import AllowedMentions, Callback, CallbackType, Choice, OutgoingMessage

NOBODY = {"parse": list[str]()}


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (OutgoingMessage(content="hi"), {"content": "hi"}),
        (OutgoingMessage(content="hi", ephemeral=True), {"content": "hi", "flags": 64}),
        (OutgoingMessage(content="hi", suppress_embeds=True, ephemeral=True), {"content": "hi", "flags": 68}),
        (OutgoingMessage(content="", embeds=(), components=()), {"content": "", "embeds": [], "components": []}),
        (
            OutgoingMessage(components=(TextDisplay("hi"),), ephemeral=True),
            {"components": [{"type": 10, "content": "hi"}], "flags": 32768 | 64},
        ),
        (
            OutgoingMessage(files=(File("a.txt", b"a"),)),
            {"attachments": [{"id": 0, "filename": "a.txt"}]},
        ),
    ],
)
def test_a_new_message(message: OutgoingMessage, expected: dict[str, Any]) -> None:
    assert payloads.new_message(message) == expected | {"allowed_mentions": NOBODY}


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (OutgoingMessage(components=()), {"components": []}),
        (OutgoingMessage(content="hi", ephemeral=True), {"content": "hi"}),
        (
            OutgoingMessage(components=(TextDisplay("hi"),)),
            {"components": [{"type": 10, "content": "hi"}], "flags": 32768, "content": None, "embeds": None},
        ),
    ],
)
def test_changes_to_a_message_name_only_what_changes(message: OutgoingMessage, expected: dict[str, Any]) -> None:
    assert payloads.changed_message(message) == expected | {"allowed_mentions": NOBODY}


@pytest.mark.parametrize(
    ("mentions", "expected"),
    [
        (AllowedMentions(), {"parse": []}),
        (AllowedMentions(everyone=True, users=True, roles=True), {"parse": ["everyone", "users", "roles"]}),
        (AllowedMentions(users=("1",), roles=("2", "3")), {"parse": [], "users": ["1"], "roles": ["2", "3"]}),
        (AllowedMentions(users=(), replied_user=True), {"parse": [], "replied_user": True}),
    ],
)
def test_allowed_mentions_are_always_sent(mentions: AllowedMentions, expected: dict[str, Any]) -> None:
    payload = payloads.new_message(OutgoingMessage(content="hi", allowed_mentions=mentions))

    assert payload["allowed_mentions"] == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Callback(type=CallbackType.DEFERRED_MESSAGE), {"type": 5}),
        (Callback(type=CallbackType.DEFERRED_MESSAGE, ephemeral=True), {"type": 5, "data": {"flags": 64}}),
        (Callback(type=CallbackType.DEFERRED_UPDATE), {"type": 6}),
        (
            Callback(type=CallbackType.UPDATE, message=OutgoingMessage(content="x", ephemeral=True)),
            {"type": 7, "data": {"content": "x", "allowed_mentions": NOBODY}},
        ),
        (
            Callback(type=CallbackType.MESSAGE, message=OutgoingMessage(content="x", ephemeral=True)),
            {"type": 4, "data": {"content": "x", "flags": 64, "allowed_mentions": NOBODY}},
        ),
        (
            Callback(type=CallbackType.SUGGESTIONS, choices=(Choice(name="one", value=1), Choice(name="b", value="c"))),
            {"type": 8, "data": {"choices": [{"name": "one", "value": 1}, {"name": "b", "value": "c"}]}},
        ),
        (Callback(type=CallbackType.SUGGESTIONS), {"type": 8, "data": {"choices": []}}),
        (
            Callback(type=CallbackType.MODAL, modal=Modal("Form", id="form", fields=[])),
            {"type": 9, "data": {"title": "Form", "custom_id": "form", "components": []}},
        ),
    ],
)
def test_a_first_answer(answer: Callback, expected: dict[str, Any]) -> None:
    assert payloads.callback(answer) == expected


def test_an_embed_with_everything() -> None:
    embed = Embed(
        "Title",
        "Text",
        url="https://example.org",
        color=0xFF0000,
        fields=[EmbedField("a", "b"), EmbedField("c", "d", inline=True)],
        footer="foot",
        footer_icon="https://example.org/f.png",
        author="author",
        author_url="https://example.org/a",
        image="attachment://a.png",
        thumbnail="https://example.org/t.png",
        timestamp=datetime(2026, 11, 23, 12, tzinfo=UTC),
    )

    assert payloads.new_message(OutgoingMessage(embeds=(embed,)))["embeds"] == [
        {
            "title": "Title",
            "description": "Text",
            "url": "https://example.org",
            "color": 0xFF0000,
            "timestamp": "2026-11-23T12:00:00+00:00",
            "fields": [{"name": "a", "value": "b", "inline": False}, {"name": "c", "value": "d", "inline": True}],
            "footer": {"text": "foot", "icon_url": "https://example.org/f.png"},
            "author": {"name": "author", "url": "https://example.org/a"},
            "image": {"url": "attachment://a.png"},
            "thumbnail": {"url": "https://example.org/t.png"},
        }
    ]


def test_a_black_embed_keeps_its_color() -> None:
    assert payloads.new_message(OutgoingMessage(embeds=(Embed("x", color=0),)))["embeds"] == [
        {"title": "x", "color": 0}
    ]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (
            Row(Button("Confirm", id="x")),
            {"type": 1, "components": [{"type": 2, "style": 1, "label": "Confirm", "custom_id": "x"}]},
        ),
        (
            Row(Button("Open", url="https://example.org"), Button(id="y", emoji="🔥", style="danger", disabled=True)),
            {
                "type": 1,
                "components": [
                    {"type": 2, "style": 5, "label": "Open", "url": "https://example.org"},
                    {"type": 2, "style": 4, "custom_id": "y", "emoji": {"name": "🔥"}, "disabled": True},
                ],
            },
        ),
        (
            Row(Select("s", ["a", SelectOption("B", "b", description="second", emoji="<a:dance:41>", default=True)])),
            {
                "type": 1,
                "components": [
                    {
                        "type": 3,
                        "custom_id": "s",
                        "min_values": 1,
                        "max_values": 1,
                        "options": [
                            {"label": "a", "value": "a"},
                            {
                                "label": "B",
                                "value": "b",
                                "description": "second",
                                "emoji": {"id": "41", "name": "dance", "animated": True},
                                "default": True,
                            },
                        ],
                    }
                ],
            },
        ),
        (
            Container(TextDisplay("hi"), Raw({"type": 14}), accent_color=0, spoiler=True),
            {
                "type": 17,
                "components": [{"type": 10, "content": "hi"}, {"type": 14}],
                "accent_color": 0,
                "spoiler": True,
            },
        ),
        (Container(TextDisplay("hi")), {"type": 17, "components": [{"type": 10, "content": "hi"}]}),
    ],
)
def test_a_component(part: Component, expected: dict[str, Any]) -> None:
    assert component(part) == expected


@pytest.mark.parametrize(("kind", "number"), [("user", 5), ("role", 6), ("mentionable", 7), ("channel", 8)])
def test_a_select_that_fills_itself(kind: SelectKind, number: int) -> None:
    channel_types = [0, 5] if kind == "channel" else []
    select = Select("s", kind=kind, placeholder="Who?", min_values=0, max_values=3, channel_types=channel_types)

    expected = {"type": number, "custom_id": "s", "placeholder": "Who?", "min_values": 0, "max_values": 3}
    assert component(select) == expected | ({"channel_types": [0, 5]} if kind == "channel" else {})


def test_a_modal_wraps_every_field_in_a_label() -> None:
    form = Modal(
        "Feedback",
        id="feedback:1",
        fields=[
            TextInput("text", label="What happened?", description="In your words", style="paragraph", max_length=500),
            Label("Who?", Select("who", kind="user", required=False)),
            Label("More", TextInput("more", required=False, value="-"), description="If any"),
            TextDisplay("Thanks"),
            Raw({"type": 10, "content": "!"}),
        ],
    )

    assert modal(form) == {
        "title": "Feedback",
        "custom_id": "feedback:1",
        "components": [
            {
                "type": 18,
                "label": "What happened?",
                "description": "In your words",
                "component": {"type": 4, "custom_id": "text", "style": 2, "max_length": 500, "required": True},
            },
            {
                "type": 18,
                "label": "Who?",
                "component": {"type": 5, "custom_id": "who", "min_values": 1, "max_values": 1, "required": False},
            },
            {
                "type": 18,
                "label": "More",
                "description": "If any",
                "component": {"type": 4, "custom_id": "more", "style": 1, "required": False, "value": "-"},
            },
            {"type": 10, "content": "Thanks"},
            {"type": 10, "content": "!"},
        ],
    }


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (FileUpload("f"), {"type": 19, "max_values": 1, "required": True}),
        (
            FileUpload("f", min_values=0, max_values=3, required=False),
            {"type": 19, "min_values": 0, "max_values": 3, "required": False},
        ),
        (
            RadioGroup("f", ["a", SelectOption("B", "b", description="second", default=True)]),
            {
                "type": 21,
                "options": [
                    {"label": "a", "value": "a"},
                    {"label": "B", "value": "b", "description": "second", "default": True},
                ],
                "required": True,
            },
        ),
        (
            CheckboxGroup("f", ["a"], min_values=1, max_values=1, required=False),
            {
                "type": 22,
                "options": [{"label": "a", "value": "a"}],
                "min_values": 1,
                "max_values": 1,
                "required": False,
            },
        ),
        (CheckboxGroup("f", ["a"]), {"type": 22, "options": [{"label": "a", "value": "a"}], "required": True}),
        (Checkbox("f"), {"type": 23}),
        (Checkbox("f", default=True), {"type": 23, "default": True}),
    ],
)
def test_a_field_that_only_a_modal_has(field: FormField, expected: dict[str, Any]) -> None:
    [label] = cast("Any", modal(Modal("Form", id="form", fields=[Label("It", field)]))["components"])

    assert label == {"type": 18, "label": "It", "component": {"custom_id": "f"} | expected}
