import pytest

from gpadapters.wire.json_codec import JsonCodec
from gpcore.domain.envelope import Envelope
from gpcore.errors import DecodeError
from tests.builders import ABSENT, NOW_MS, Json, a_dispatch, a_fresh_event_id, a_fresh_snowflake, a_message, a_v1_body

COMMAND = "01-command-no-options"


def a_v2_body(fixture: str = COMMAND, *, event_type: str, raw: Json = None, **changes: Json) -> dict[str, Json]:
    body = {
        "v": 2,
        "eventId": a_fresh_event_id(),
        "eventType": event_type,
        "timestamp": NOW_MS,
        "raw": a_dispatch(fixture).raw if raw is None else raw,
        **changes,
    }
    return {name: value for name, value in body.items() if value is not ABSENT}


def a_command(**changes: Json) -> dict[str, Json]:
    return a_v2_body(event_type="interaction.command.check-eligibility", **changes)


def decoded(body: Json) -> Envelope:
    return JsonCodec().decode(a_message(body), received_at_ms=NOW_MS)


def reason_of(body: Json) -> str:
    with pytest.raises(DecodeError) as caught:
        decoded(body)
    return caught.value.reason


def test_data_is_ignored_where_raw_is_there() -> None:
    envelope = decoded(a_command(data={"type": 2, "commandName": "admin-wipe"}))
    assert envelope.data == {}
    assert envelope.event_type == "interaction.command.check-eligibility"


def test_raw_names_the_kind_that_a_header_in_v1_s_words_hides() -> None:
    body = a_v2_body("05-user-context-menu", event_type="interaction.button")
    assert decoded(body).event_type == "interaction.command.View Wallet"


@pytest.mark.parametrize("fixture", [COMMAND, "12-button"])
def test_a_header_that_names_another_command_is_refused(fixture: str) -> None:
    assert reason_of(a_v2_body(fixture, event_type="interaction.command.admin-wipe")) == "mismatch:eventType"


def test_a_header_that_names_another_interaction_is_refused() -> None:
    assert reason_of(a_command(interactionId=a_fresh_snowflake())) == "mismatch:interactionId"
    assert reason_of(a_command(interactionToken="another")) == "mismatch:interactionToken"


def test_the_header_supplies_what_raw_does_not_say() -> None:
    body = a_v2_body(
        "30-guild-create-unavailable", event_type="GUILD_SOMETHING", raw={"x": 1}, guildId="849255963033731074",
        channelId="849256214691971078", userId="430305391411331087", shardId=3,
    )  # fmt: skip
    envelope = decoded(body)
    assert (envelope.guild_id, envelope.channel_id, envelope.user_id, envelope.shard_id) == (
        "849255963033731074", "849256214691971078", "430305391411331087", 3,
    )  # fmt: skip
    assert envelope.dispatch == "GUILD_SOMETHING"


def test_an_unknown_user_in_the_header_is_nobody() -> None:
    raw = a_dispatch("25-guild-member-add").raw
    assert decoded(a_v2_body(event_type="member.leave", raw=raw, userId="unknown")).user_id == raw["user"]["id"]
    assert decoded(a_v2_body(event_type="poll.closed", raw={}, userId="unknown")).user_id is None


def test_an_event_type_of_no_dispatch_has_none() -> None:
    assert decoded(a_v2_body(event_type="poll.closed", raw={})).dispatch is None


@pytest.mark.parametrize("raw", [ABSENT, None])
def test_v2_without_raw_is_read_as_v1(raw: Json) -> None:
    body = a_v1_body(COMMAND, v=2, raw=raw)
    envelope = decoded(body)
    assert (envelope.wire_format, envelope.raw, envelope.data) == ("v2", None, body["data"])


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"raw": ABSENT}, "missing_field:raw"),
        ({"eventId": ABSENT}, "missing_field:eventId"),
        ({"raw": ABSENT, "eventId": ABSENT}, "missing_field:eventId"),
        ({"raw": [1]}, "bad_type:raw"),
        ({"shardCount": 0}, "bad_value:shardCount"),
        ({"receivedAt": "now"}, "bad_type:receivedAt"),
        ({"userId": "me"}, "bad_value:userId"),
    ],
)
def test_a_wrong_header_is_named(changes: dict[str, Json], reason: str) -> None:
    assert reason_of(a_command(**changes)) == reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": ABSENT}, "missing_field:raw.id"),
        ({"id": 1574394111514120223}, "bad_type:raw.id"),
        ({"token": ABSENT}, "missing_field:raw.token"),
        ({"token": "../x"}, "bad_value:raw.token"),
        ({"type": ABSENT}, "missing_field:raw.type"),
        ({"type": "2"}, "bad_type:raw.type"),
        ({"type": [2]}, "bad_type:raw.type"),
        ({"type": True}, "bad_type:raw.type"),
        ({"application_id": "me"}, "bad_value:raw.application_id"),
        ({"guild_id": "me"}, "bad_value:raw.guild_id"),
        ({"member": {"user": {"id": "me"}}}, "bad_value:raw.member.user.id"),
        ({"data": ABSENT}, "missing_field:raw.data"),
        ({"data": {}}, "missing_field:raw.data.name"),
        ({"data": {"name": "a\x00"}}, "control_character"),
        ({"type": 3, "data": {"custom_id": "c" * 101}}, "bad_value:raw.data.custom_id"),
        ({"type": 5, "data": {"custom_id": 5}}, "bad_type:raw.data.custom_id"),
    ],
)
def test_a_wrong_field_of_an_interaction_is_named(changes: dict[str, Json], reason: str) -> None:
    assert reason_of(a_command(raw=a_dispatch(COMMAND, **changes).raw)) == reason


@pytest.mark.parametrize(
    ("event_type", "raw", "reason"),
    [
        ("member.join", {"guild_id": "849255963033731074"}, "missing_field:raw.user"),
        ("member.leave", {"user": {"id": "430305391411331087"}}, "missing_field:raw.guild_id"),
        ("guild.outage", {"unavailable": True}, "missing_field:raw.id"),
        ("message.create", {"id": "1574394111514120223", "author": {"id": "1"}}, "missing_field:raw.channel_id"),
    ],
)
def test_an_event_without_the_ids_that_it_is_about_is_refused(event_type: str, raw: Json, reason: str) -> None:
    assert reason_of(a_v2_body(event_type=event_type, raw=raw)) == reason
