import json
from typing import Final

import pytest

from gpadapters.wire.encoding import encode_frame, encode_v1, encode_v2
from gpadapters.wire.json_codec import JsonCodec
from gpadapters.wire.permission_names import permission_names
from gpcore.domain.ids import interaction_event_id
from tests.builders import FIXTURES, NOW_MS, Json, a_dispatch, a_fixture, a_message, fixture_names

MANIFEST: Final = {
    entry["file"].removesuffix(".json"): entry
    for entry in json.loads((FIXTURES / "MANIFEST.json").read_bytes())
    if "routingKey" in entry
}

OUTAGE: Final = "30-guild-create-unavailable"
NEEDS_MEMORY: Final = "27-guild-member-update-nick-only"
"""Only who kept the old roles knows that these did not change."""


@pytest.mark.parametrize("fixture", sorted(set(fixture_names()) - {OUTAGE, NEEDS_MEMORY}))
def test_v1_is_what_the_original_ingestor_publishes(fixture: str) -> None:
    dispatch = a_dispatch(fixture, fresh=False)
    publication = encode_v1(dispatch.name, dispatch.raw, published_at_ms=NOW_MS)
    original = a_fixture(f"{fixture}.envelope")
    if original is None:
        assert publication is None
        return
    assert publication is not None
    body = json.loads(publication.message.body)
    assert comparable(body) == comparable(original)
    recorded = MANIFEST[fixture]
    assert publication.routing_key == recorded["routingKey"]
    assert publication.message.priority == recorded["priority"]
    assert publication.message.headers == recorded["amqp"]["headers"]
    assert publication.message.message_id == body["eventId"]


def comparable(body: Json) -> Json:
    """Leave out what differs by design: ids and times of the envelope, and what needs a memory."""
    unknown = {"oldNickname", "addedRoles", "removedRoles"}
    data = {name: value for name, value in body["data"].items() if name not in unknown}
    return {**body, "data": data, "eventId": None, "timestamp": None}


def test_v1_does_not_take_an_outage_for_a_join() -> None:
    dispatch = a_dispatch(OUTAGE)
    assert encode_v1(dispatch.name, dispatch.raw, published_at_ms=NOW_MS) is None


def test_v1_of_a_member_who_left_names_them() -> None:
    raw = {"guild_id": "849255963033731074", "user": {"id": "430305391411331087", "username": "alice.example"}}
    publication = encode_v1("GUILD_MEMBER_REMOVE", raw, published_at_ms=NOW_MS)
    assert publication is not None
    assert json.loads(publication.message.body)["data"] == {"userId": "430305391411331087", "username": "alice.example"}


def test_v1_of_a_member_without_a_joining_time_says_so() -> None:
    dispatch = a_dispatch("25-guild-member-add", joined_at=None)
    publication = encode_v1(dispatch.name, dispatch.raw, published_at_ms=NOW_MS)
    assert publication is not None
    assert json.loads(publication.message.body)["data"]["joinedAt"] is None


def test_v1_of_an_old_modal_reads_its_rows() -> None:
    field = {"type": 4, "id": 2, "custom_id": "why", "value": "Because."}
    data = {"custom_id": "apply", "components": [{"type": 1, "id": 1, "components": [field]}]}
    dispatch = a_dispatch("20-modal-submit-labels", data=data)
    publication = encode_v1(dispatch.name, dispatch.raw, published_at_ms=NOW_MS)
    assert publication is not None
    assert json.loads(publication.message.body)["data"]["fields"] == {"why": "Because."}


@pytest.mark.parametrize(
    ("bits", "names"),
    [
        (None, []), ("", []), ("x", []), ("٨", []), ("0", []), ("8", ["Administrator"]),
        (str(1 << 46 | 1 << 60), ["SendVoiceMessages"]),
    ],
)  # fmt: skip
def test_permissions_are_named_by_bit(bits: str | None, names: list[str]) -> None:
    assert permission_names(bits) == names


@pytest.mark.parametrize("fixture", fixture_names())
def test_v2_is_routed_by_its_event_type_and_carries_discords_object_untouched(fixture: str) -> None:
    dispatch = a_dispatch(fixture)
    publication = encode_v2(
        dispatch.name, dispatch.raw, published_at_ms=NOW_MS, received_at_ms=NOW_MS - 3, shard_id=2, shard_count=4
    )
    body = json.loads(publication.message.body)
    assert (body["v"], body["shardId"], body["shardCount"]) == (2, 2, 4)
    assert (body["timestamp"], body["receivedAt"]) == (NOW_MS, NOW_MS - 3)
    assert body["raw"] == dispatch.raw
    assert publication.routing_key == body["eventType"]
    assert publication.message.message_id == body["eventId"]
    assert "traceparent" not in body


def test_v2_passes_the_trace_on() -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    dispatch = a_dispatch("12-button")
    message = encode_v2(dispatch.name, dispatch.raw, published_at_ms=NOW_MS, trace_parent=trace).message
    assert JsonCodec().decode(message, received_at_ms=NOW_MS).trace_parent == trace


@pytest.mark.parametrize("fixture", fixture_names())
def test_a_frame_is_routed_by_discords_name(fixture: str) -> None:
    dispatch = a_dispatch(fixture)
    publication = encode_frame(dispatch.name, dispatch.raw, shard_id=2, sequence=dispatch.sequence)
    assert publication.routing_key == dispatch.name
    envelope = JsonCodec().decode(publication.message, received_at_ms=NOW_MS)
    assert envelope.raw == dispatch.raw
    assert envelope.shard_id == 2
    assert publication.message.message_id == envelope.event_id


def test_the_event_id_of_an_interaction_is_the_same_in_every_format() -> None:
    dispatch = a_dispatch("12-button")
    v1 = encode_v1(dispatch.name, dispatch.raw, published_at_ms=NOW_MS, sequence=7)
    assert v1 is not None
    v2 = encode_v2(dispatch.name, dispatch.raw, published_at_ms=NOW_MS + 9, shard_id=1)
    frame = encode_frame(dispatch.name, dispatch.raw)
    expected = interaction_event_id(dispatch.raw["id"])
    assert {v1.message.message_id, v2.message.message_id, frame.message.message_id} == {expected}


def test_headers_leave_out_a_guild_that_is_not_there() -> None:
    dispatch = a_dispatch("07-dm-command")
    assert encode_frame(dispatch.name, dispatch.raw).message.headers == {"shardId": 0}


@pytest.mark.parametrize(
    ("fixture", "priority"), [("10-autocomplete-string", 10), ("12-button", 9), ("03-subcommand", 8)]
)
def test_the_harder_the_deadline_the_higher_the_priority(fixture: str, priority: int) -> None:
    dispatch = a_dispatch(fixture)
    assert encode_v2(dispatch.name, dispatch.raw, published_at_ms=NOW_MS).message.priority == priority
    assert encode_frame(dispatch.name, dispatch.raw).message.priority == priority


def test_what_is_no_json_cannot_be_published() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        encode_frame("X", {"ratio": float("nan")})


def test_a_raw_frame_with_unknown_siblings_decodes() -> None:
    body = json.loads(encode_frame("GUILD_ROLE_CREATE", {"guild_id": "849255963033731074"}).message.body)
    envelope = JsonCodec().decode(a_message(body | {"shard_count": 4}), received_at_ms=NOW_MS)
    assert envelope.event_type == "GUILD_ROLE_CREATE"
