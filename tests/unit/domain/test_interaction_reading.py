"""From an envelope to an interaction: Discord's own object and the original envelope."""

from typing import Any

import pytest

from gpadapters.wire.json_codec import JsonCodec
from gpcore.domain.entities import User
from gpcore.domain.envelope import Envelope
from gpcore.domain.interaction_reading import interaction_from
from gpcore.domain.interactions import CommandCall, CommandType, GivenOption, Interaction, InteractionKind
from gpcore.domain.permissions import Permission
from gpcore.domain.secrets import Secret
from tests.builders import WireFormat, an_interaction_message


def read(fixture: str, wire_format: WireFormat = "v2", **changes: Any) -> Interaction:  # noqa: ANN401 - fields of JSON
    message = an_interaction_message(fixture, wire_format=wire_format, **changes)
    found = interaction_from(JsonCodec().decode(message, received_at_ms=0))
    assert found is not None
    return found


def from_raw(raw: dict[str, object]) -> Interaction | None:
    return interaction_from(
        Envelope(
            event_id="1",
            event_type="interaction.button",
            published_at_ms=0,
            wire_format="v2",
            interaction_id="1",
            interaction_token=Secret("t"),
            raw=raw,
        )
    )


def from_v1(data: dict[str, object]) -> Interaction:
    found = interaction_from(
        Envelope(event_id="1", event_type="interaction.button", published_at_ms=0, wire_format="v1", data=data)
    )
    assert found is not None
    return found


ALL_OPTIONS = {"text", "count", "flag", "who", "where", "tier", "target", "ratio", "file"}


@pytest.mark.parametrize("wire_format", ["v1", "v2", "frame"])
@pytest.mark.parametrize(
    ("fixture", "kind", "path"),
    [
        ("01-command-no-options", InteractionKind.COMMAND, 1),
        ("02-command-all-option-types", InteractionKind.COMMAND, 1),
        ("03-subcommand", InteractionKind.COMMAND, 2),
        ("04-subcommand-group", InteractionKind.COMMAND, 3),
        ("12-button", InteractionKind.COMPONENT, 0),
        ("20-modal-submit-labels", InteractionKind.MODAL, 0),
    ],
)
def test_every_shape_makes_the_same_interaction(
    fixture: str, wire_format: WireFormat, kind: InteractionKind, path: int
) -> None:
    interaction = read(fixture, wire_format)

    assert interaction.kind is kind
    assert interaction.user_id == "430305391411331087"
    assert interaction.token.reveal()
    assert len(interaction.calls[0].path if interaction.calls else ()) == path


@pytest.mark.parametrize("wire_format", ["v1", "v2"])
def test_options_are_read_by_name(wire_format: WireFormat) -> None:
    [call, *_] = read("02-command-all-option-types", wire_format).calls

    assert set(call.options) == ALL_OPTIONS
    assert call.options["count"].value == 9007199254740991
    assert call.options["count"].type == (4 if wire_format == "v2" else None)


def test_discords_object_has_one_reading_and_v1_as_many_as_it_may_mean() -> None:
    paths = [call.path for call in read("04-subcommand-group", "v1").calls]

    assert len(read("04-subcommand-group", "v2").calls) == 1
    assert [len(path) for path in paths] == [3, 2, 1]
    assert all(path == paths[0][: len(path)] for path in paths)


@pytest.mark.parametrize(
    ("options", "paths"),
    [
        ({}, [("a",)]),
        ({"x": 1}, [("a",)]),
        ({"x": {"y": 1}}, [("a", "x"), ("a",)]),
        ({"x": {"y": {"z": {"deeper": {}}}}}, [("a", "x", "y"), ("a", "x"), ("a",)]),
        ({"x": {}, "y": {}}, [("a",)]),
        ("nonsense", [("a",)]),
    ],
)
def test_a_nested_map_may_be_a_subcommand(options: object, paths: list[tuple[str, ...]]) -> None:
    assert [call.path for call in from_v1({"type": 2, "commandName": "a", "options": options}).calls] == paths


@pytest.mark.parametrize(
    ("subcommand", "path"), [("b", ("a", "b")), ("b c", ("a", "b", "c")), ("b c d e", ("a", "b", "c", "d", "e"))]
)
def test_a_subcommand_named_apart_belongs_to_the_path(subcommand: str, path: tuple[str, ...]) -> None:
    data = {"type": 2, "commandName": "a", "subcommand": subcommand, "options": {"x": 1}}

    assert from_v1(data).calls == (CommandCall(path=path, options={"x": GivenOption(name="x", value=1)}),)


@pytest.mark.parametrize("type_", [None, 0, 1, 6, 99, "2", True])
def test_a_kind_that_a_worker_cannot_answer_is_none(type_: object) -> None:
    assert from_raw({"type": type_}) is None


@pytest.mark.parametrize("type_", list(InteractionKind))
def test_an_object_with_nothing_in_it_is_still_an_interaction(type_: InteractionKind) -> None:
    interaction = from_raw({"type": int(type_)})

    assert interaction is not None
    assert (interaction.kind, interaction.calls, interaction.fields, interaction.values) == (type_, (), {}, ())
    assert interaction.message is None


@pytest.mark.parametrize(
    ("type_", "message", "expected"),
    [
        (InteractionKind.COMMAND, {"id": "1"}, False),
        (InteractionKind.COMPONENT, {"id": "1"}, True),
        (InteractionKind.COMPONENT, None, True),
        (InteractionKind.AUTOCOMPLETE, {"id": "1"}, False),
        (InteractionKind.MODAL, {"id": "1"}, True),
        (InteractionKind.MODAL, None, False),
    ],
)
def test_only_components_and_their_forms_have_a_message_to_change(
    type_: InteractionKind, message: object, expected: bool
) -> None:
    interaction = from_raw({"type": int(type_), "message": message})

    assert interaction is not None
    assert interaction.opened_from_message is expected
    assert interaction.message == message


def test_v1_components_have_a_message_and_its_forms_may_not() -> None:
    assert from_v1({"type": 3}).opened_from_message
    assert not from_v1({"type": 5}).opened_from_message
    assert not from_v1({"type": 2}).opened_from_message


@pytest.mark.parametrize(
    ("number", "expected"),
    [(1, CommandType.CHAT_INPUT), (2, CommandType.USER), (4, CommandType.ENTRY_POINT), (9, CommandType.CHAT_INPUT)],
)
def test_a_command_says_its_type(number: int, expected: CommandType) -> None:
    interaction = from_raw({"type": 2, "data": {"name": "a", "type": number}})

    assert interaction is not None
    assert interaction.command_type is expected


def test_the_focused_option_is_found_in_a_subcommand() -> None:
    [call] = read("11-autocomplete-nested-number").calls

    assert len(call.path) > 1
    assert call.focused in call.options


def test_the_fields_of_a_form_are_read_from_labels_and_rows() -> None:
    interaction = read("20-modal-submit-labels")
    rows = from_raw(
        {
            "type": 5,
            "data": {
                "components": [
                    {"type": 1, "components": [{"type": 4, "custom_id": "why", "value": "Because."}]},
                    {"type": 18, "component": {"type": 23, "custom_id": "sure", "value": True}},
                    {"type": 18, "component": {"type": 21, "custom_id": "open", "value": None}},
                    {"type": 18, "component": {"type": 4, "custom_id": "odd", "value": 7}},
                    {"type": 18, "component": {"type": 4, "value": "nameless"}},
                    {"type": 18},
                    {"type": 10},
                ]
            },
        }
    )

    assert interaction.fields["why"].value == "Because."
    assert interaction.fields["tier"].value == ("gold",)
    assert interaction.fields["tier"].type == 3
    assert rows is not None
    assert {name: field.value for name, field in rows.fields.items()} == {
        "why": "Because.",
        "sure": True,
        "open": None,
        "odd": None,
    }


def test_v1_fields_are_texts_lists_and_switches() -> None:
    fields = from_v1({"type": 5, "fields": {"a": "x", "b": ["y", 7], "c": True, "d": None, "e": 7}}).fields

    assert {name: field.value for name, field in fields.items()} == {
        "a": "x",
        "b": ("y",),
        "c": True,
        "d": None,
        "e": "7",
    }


@pytest.mark.parametrize("name", ["values", "selectedValues"])
def test_v1_selections_are_found_under_both_names(name: str) -> None:
    assert from_v1({"type": 3, "customId": "pick", name: ["gold"]}).values == ("gold",)


# --- what only some handlers look at -------------------------------------------------------------------------------


def test_the_objects_behind_an_interaction_are_read_on_demand() -> None:
    interaction = read("12-button")

    assert interaction.user is not None
    assert interaction.user.username == "alice.example"
    assert interaction.member is not None
    assert interaction.member.user == interaction.user
    assert interaction.channel is not None
    assert interaction.channel.name == "general"
    assert interaction.message is not None


def test_outside_a_guild_there_is_no_member() -> None:
    interaction = read("07-dm-command")

    assert interaction.member is None
    assert interaction.user is not None
    assert interaction.user.username is not None


def test_from_v1_people_and_places_have_only_their_ids() -> None:
    interaction = read("12-button", "v1")

    assert interaction.user == User(id="430305391411331087")
    assert interaction.member is not None
    assert interaction.member.nick is None
    assert interaction.channel is not None
    assert interaction.channel.name is None
    assert interaction.message is None
    assert interaction.resolved.user("1") == User(id="1")


@pytest.mark.parametrize("fixture", ["01-command-no-options", "12-button", "20-modal-submit-labels"])
def test_v1_says_what_a_member_may_do_as_discord_does(fixture: str) -> None:
    original, raw = read(fixture, "v1").member, read(fixture).member

    assert original is not None
    assert raw is not None
    assert original.permissions == raw.permissions != 0


@pytest.mark.parametrize("said", [{}, {"memberPermissions": None}])
def test_v1_without_permissions_allows_nothing(said: dict[str, object]) -> None:
    member = read("12-button", "v1", data={"type": 3, "customId": "claim"} | said).member

    assert member is not None
    assert member.permissions is None
    assert not member.may(Permission.VIEW_CHANNEL)


def test_what_a_publisher_lost_is_none() -> None:
    interaction = from_v1({"type": 3})

    assert (interaction.user, interaction.member, interaction.channel) == (None, None, None)


def test_an_interaction_does_not_print_what_it_must_not() -> None:
    interaction = read("20-modal-submit-labels")

    assert interaction.token.reveal() not in repr(interaction)
    assert "Because." not in repr(interaction)
