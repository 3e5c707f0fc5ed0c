import pytest

from gpadapters.wire.json_codec import JsonCodec
from gpcore.domain.envelope import Envelope
from gpcore.errors import DecodeError, IgnoredBodyError
from tests.builders import ABSENT, NOW_MS, Json, a_message, a_v1_body

COMMAND = "01-command-no-options"
BUTTON = "12-button"
JOIN = "25-guild-member-add"


def decoded(body: Json) -> Envelope:
    return JsonCodec().decode(a_message(body), received_at_ms=NOW_MS)


def reason_of(body: Json) -> str:
    with pytest.raises(DecodeError) as caught:
        decoded(body)
    return caught.value.reason


@pytest.mark.parametrize(
    ("outer", "inner", "value"),
    [
        ("customId", "customId", "claim:7"),
        ("componentType", "componentType", 3),
        ("selectedValues", "values", ["gold"]),
        ("subcommand", "subcommand", "show"),
    ],
)
def test_a_field_of_the_top_level_is_found_in_data(outer: str, inner: str, value: Json) -> None:
    body = a_v1_body(BUTTON, data={"type": 3}, **{outer: value})
    assert decoded(body).data == {"type": 3, inner: value}


def test_data_wins_over_the_top_level() -> None:
    assert decoded(a_v1_body(BUTTON, customId="outer")).data["customId"] == "claim:v1:42"


def test_a_null_in_data_reads_as_absent() -> None:
    data = {"type": 3, "customId": None, "values": None}
    assert decoded(a_v1_body(BUTTON, data=data, customId="outer")).data["customId"] == "outer"


@pytest.mark.parametrize(
    ("event_type", "expected"),
    [
        ("interaction.command.wallet", {"type": 2, "commandName": "wallet"}),
        ("interaction.button", {"type": 3}),
        ("interaction.autocomplete", {"type": 4}),
        ("interaction.modal", {"type": 5}),
        ("interaction.teleport", {}),
    ],
)
def test_data_that_is_absent_is_completed_from_the_event_type(event_type: str, expected: dict[str, object]) -> None:
    assert decoded(a_v1_body(BUTTON, eventType=event_type, data=ABSENT)).data == expected


def test_the_kind_in_data_wins_over_the_event_type() -> None:
    assert decoded(a_v1_body("05-user-context-menu")).data["type"] == 2


def test_data_with_every_field_is_kept_as_it_came() -> None:
    body = a_v1_body("02-command-all-option-types")
    assert decoded(body).data == body["data"]


def test_a_command_name_at_the_top_level_must_agree_with_the_event_type() -> None:
    assert reason_of(a_v1_body(COMMAND, data={"type": 2}, commandName="admin-wipe")) == "mismatch:eventType"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"eventType": ""}, "bad_value:eventType"),
        ({"eventType": "x" * 256}, "bad_value:eventType"),
        ({"eventType": 7}, "bad_type:eventType"),
        ({"eventType": ABSENT}, "missing_field:eventType"),
        ({"eventId": None}, "bad_type:eventId"),
        ({"eventId": "adb47551-a182-483c-8a13-9e9c2b4e6cba\n"}, "control_character"),
        ({"eventId": "{adb47551-a182-483c-8a13-9e9c2b4e6cba}"}, "bad_value:eventId"),
        ({"timestamp": 1.5}, "bad_type:timestamp"),
        ({"timestamp": 2**53}, "bad_value:timestamp"),
        ({"shardId": "0"}, "bad_type:shardId"),
        ({"guildId": "me"}, "bad_value:guildId"),
        ({"guildId": 849255963033731074}, "bad_type:guildId"),
        ({"channelId": "\u0661" * 18}, "bad_value:channelId"),
        ({"userId": "unknown"}, "bad_value:userId"),
        ({"userId": "430305391411331087\x7f"}, "control_character"),
        ({"interactionToken": "x" * 1025}, "bad_value:interactionToken"),
        ({"interactionToken": "a.b"}, "bad_value:interactionToken"),
        ({"interactionId": None}, "bad_type:interactionId"),
        ({"data": []}, "bad_type:data"),
        ({"data": {"type": True}}, "bad_type:data.type"),
        ({"data": {"type": "2"}}, "bad_type:data.type"),
        ({"data": {"commandName": 5}}, "bad_type:data.commandName"),
        ({"data": {"commandName": "a\tb"}}, "control_character"),
        ({"data": {"customId": ""}}, "bad_value:data.customId"),
        ({"data": {"values": [1, 2]}}, "bad_type:data.values"),
        ({"data": {"fields": []}}, "bad_type:data.fields"),
        ({"data": {"memberPermissions": "Administrator"}}, "bad_type:data.memberPermissions"),
        ({"customId": "c" * 101}, "bad_value:customId"),
        ({"selectedValues": "gold"}, "bad_type:selectedValues"),
    ],
)
def test_a_wrong_field_is_named(changes: dict[str, Json], reason: str) -> None:
    assert reason_of(a_v1_body(COMMAND, **changes)) == reason


def test_a_missing_field_is_reported_before_a_wrong_type_and_that_before_a_wrong_value() -> None:
    body = a_v1_body(COMMAND, eventId="no uuid", shardId="0", interactionToken=ABSENT)
    assert reason_of(body) == "missing_field:interactionToken"
    assert reason_of(body | {"interactionToken": "abc"}) == "bad_type:shardId"
    assert reason_of(body | {"interactionToken": "abc", "shardId": 0}) == "bad_value:eventId"


def test_a_custom_id_is_measured_in_code_points() -> None:
    custom_id = "🦀" * 100
    assert decoded(a_v1_body(BUTTON, data={"customId": custom_id})).data["customId"] == custom_id


def test_the_event_id_is_folded_to_lower_case() -> None:
    body = a_v1_body(COMMAND, eventId="ADB47551-A182-1111-0A13-9E9C2B4E6CBA")
    assert decoded(body).event_id == "adb47551-a182-1111-0a13-9e9c2b4e6cba"


def test_an_event_finds_its_ids_in_data() -> None:
    guild = a_v1_body("32-guild-delete-kick", guildId=ABSENT)
    assert decoded(guild).guild_id == guild["data"]["guildId"]
    join = a_v1_body(JOIN, userId=ABSENT)
    assert decoded(join).user_id == join["data"]["userId"]
    message = a_v1_body("34-message-create", channelId=ABSENT, userId=ABSENT)
    assert decoded(message).channel_id == message["data"]["channelId"]
    assert decoded(message).user_id == message["data"]["authorId"]


@pytest.mark.parametrize(
    ("fixture", "changes", "reason"),
    [
        (JOIN, {"guildId": ABSENT}, "missing_field:guildId"),
        (JOIN, {"userId": None, "data": {}}, "missing_field:userId"),
        (JOIN, {"userId": None, "data": {"userId": 5}}, "bad_type:data.userId"),
        (JOIN, {"userId": None, "data": {"userId": "5"}}, "bad_value:data.userId"),
        ("32-guild-delete-kick", {"guildId": ABSENT, "data": ABSENT}, "missing_field:guildId"),
        ("34-message-create", {"channelId": ABSENT, "data": {}}, "missing_field:channelId"),
        (JOIN, {"data": None}, "bad_type:data"),
    ],
)
def test_an_event_without_the_ids_that_it_is_about_is_refused(
    fixture: str, changes: dict[str, Json], reason: str
) -> None:
    assert reason_of(a_v1_body(fixture, **changes)) == reason


@pytest.mark.parametrize(
    "body",
    [
        a_v1_body(JOIN, userId="unknown"),
        a_v1_body(JOIN, userId=ABSENT, data={"userId": "unknown"}),
        a_v1_body("34-message-create", userId="unknown"),
    ],
)
def test_an_event_about_nobody_is_ignored(body: Json) -> None:
    with pytest.raises(IgnoredBodyError) as caught:
        decoded(body)
    assert caught.value.reason == "unusable:userId"


def test_an_event_that_gp_does_not_model_may_lack_anything() -> None:
    envelope = decoded(
        {"eventId": "adb47551-a182-483c-8a13-9e9c2b4e6cba", "eventType": "poll.closed", "timestamp": NOW_MS}
    )
    assert (envelope.event_type, envelope.guild_id, envelope.data) == ("poll.closed", None, {})
