import pytest

from gpadapters.wire.canonical import body_sha256
from gpadapters.wire.json_codec import JsonCodec
from gpcore.domain.envelope import Envelope
from gpcore.domain.ids import dispatch_event_id
from gpcore.errors import DecodeError
from tests.builders import ABSENT, NOW_MS, Json, a_dispatch, a_message

BUTTON = "12-button"
JOIN = "25-guild-member-add"


def a_frame(fixture: str, **siblings: Json) -> dict[str, Json]:
    dispatch = a_dispatch(fixture)
    frame = {"op": 0, "t": dispatch.name, "s": dispatch.sequence, "d": dispatch.raw, **siblings}
    return {name: value for name, value in frame.items() if value is not ABSENT}


def decoded(body: Json, *, received_at_ms: int = NOW_MS) -> Envelope:
    return JsonCodec().decode(a_message(body), received_at_ms=received_at_ms)


def reason_of(body: Json) -> str:
    with pytest.raises(DecodeError) as caught:
        decoded(body)
    return caught.value.reason


@pytest.mark.parametrize(
    "frame",
    [
        a_frame(JOIN, shardId=3),
        a_frame(JOIN, __metadata={"s": [0, 3, 8]}),
        a_frame(JOIN, shardId=3, __metadata={"s": [0, 4, 8]}),
        {"payload": a_frame(JOIN), "shardId": 3},
        {"payload": a_frame(JOIN, __metadata={"s": [0, 3, 8]})},
        {"payload": a_frame(JOIN), "__metadata": {"s": [0, 3, 8]}},
    ],
)
def test_the_shard_is_found_beside_the_frame_or_around_it(frame: Json) -> None:
    assert decoded(frame).shard_id == 3


@pytest.mark.parametrize(
    "metadata", [None, 3, {}, {"s": None}, {"s": [0]}, {"s": [0, "3", 8]}, {"s": [0, -1, 8]}, {"s": [0, True, 8]}]
)
def test_metadata_of_another_shape_say_nothing(metadata: Json) -> None:
    assert decoded(a_frame(JOIN, __metadata=metadata)).shard_id == 0


def test_two_publishers_of_one_dispatch_agree_on_the_event_id() -> None:
    frame = a_frame(JOIN, shardId=3)
    reordered = {"payload": {"d": dict(reversed(frame["d"].items())), "s": frame["s"], "t": frame["t"]}, "shardId": 3}
    expected = dispatch_event_id("GUILD_MEMBER_ADD", 3, frame["s"], body_sha256(frame["d"]))
    assert decoded(frame).event_id == decoded(reordered).event_id == expected


def test_another_sequence_or_shard_or_content_is_another_event() -> None:
    frame = a_frame(JOIN)
    others = [frame | {"s": 65}, frame | {"shardId": 1}, frame | {"d": frame["d"] | {"nick": "Chi"}}]
    assert len({decoded(body).event_id for body in [frame, *others]}) == 4


def test_a_lost_sequence_counts_as_zero() -> None:
    absent, null, zero = (decoded(a_frame(JOIN, s=sequence)) for sequence in (ABSENT, None, 0))
    assert absent.event_id == null.event_id == zero.event_id


def test_an_unknown_dispatch_keeps_its_name_and_may_hold_anything() -> None:
    envelope = decoded(a_frame(JOIN, t="SOUNDBOARD_SOUNDS", d={"guild_id": 5, "user": [], "id": None}))
    assert (envelope.event_type, envelope.dispatch) == ("SOUNDBOARD_SOUNDS", "SOUNDBOARD_SOUNDS")
    assert (envelope.guild_id, envelope.channel_id, envelope.user_id) == (None, None, None)


def test_a_guild_is_joined_only_within_a_minute_of_the_receipt() -> None:
    frame = a_frame("29-guild-create-join")
    assert decoded(frame).event_type == "guild.join"
    assert decoded(frame, received_at_ms=NOW_MS + 60_000).event_type == "guild.available"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (a_frame(BUTTON, t=ABSENT), "missing_field:t"),
        (a_frame(BUTTON, t=None), "bad_type:t"),
        (a_frame(BUTTON, t="interaction create"), "bad_value:t"),
        (a_frame(BUTTON, t="A\x00"), "control_character"),
        (a_frame(BUTTON, d=ABSENT), "missing_field:d"),
        (a_frame(BUTTON, d=None), "bad_type:d"),
        (a_frame(BUTTON, s="64"), "bad_type:s"),
        (a_frame(BUTTON, op=10), "bad_value:op"),
        (a_frame(BUTTON, shardId=-1), "bad_value:shardId"),
        ({"op": 11}, "missing_field:t"),
        ({"payload": "eyJ0Ijo="}, "bad_type:payload"),
        ({"payload": a_frame(BUTTON), "shardId": "0"}, "bad_type:shardId"),
        ({"payload": {}}, "missing_field:t"),
        (a_frame(JOIN, t="INTERACTION_CREATE"), "missing_field:d.id"),
        (a_frame(BUTTON, t="GUILD_MEMBER_REMOVE"), "missing_field:d.user"),
        ({"op": 0, "t": "GUILD_DELETE", "d": {"id": "me"}}, "bad_value:d.id"),
    ],
)
def test_a_wrong_field_is_named(body: Json, reason: str) -> None:
    assert reason_of(body) == reason
