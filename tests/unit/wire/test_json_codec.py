import pytest

from gpadapters.wire.json_codec import WIRE_FORMATS, JsonCodec
from gpcore.errors import ConfigurationError, DecodeError
from gpcore.ports.codec import Codec
from tests.builders import (
    NOW_MS,
    WireFormat,
    a_fixture,
    a_message,
    a_v1_body,
    an_interaction_message,
)
from tests.contracts.codec import CodecContract

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class TestJsonCodec(CodecContract):
    def a_codec(self) -> Codec:
        return JsonCodec()


@pytest.mark.parametrize("formats", [(), ("v3",), ("v1", "json")])
def test_refuses_formats_that_do_not_exist(formats: tuple[str, ...]) -> None:
    with pytest.raises(ConfigurationError, match="v1, v2, frame"):
        JsonCodec(formats)


def reason_with(formats: tuple[str, ...], body: object) -> str:
    with pytest.raises(DecodeError) as caught:
        JsonCodec(formats).decode(a_message(body), received_at_ms=NOW_MS)
    return caught.value.reason


def test_a_frame_is_an_envelope_without_an_event_id_where_frames_are_not_accepted() -> None:
    assert reason_with(("v1", "v2"), a_fixture("01-command-no-options")) == "missing_field:eventId"
    assert reason_with(("v2",), a_fixture("01-command-no-options")) == "missing_field:eventId"


def test_refuses_an_envelope_whose_version_is_switched_off() -> None:
    body = a_v1_body("01-command-no-options")
    assert reason_with(("v2", "frame"), body) == "unsupported_envelope_version"
    assert reason_with(("v1", "frame"), body | {"v": 2}) == "unsupported_envelope_version"


@pytest.mark.parametrize("version", [1, 3, "2", 2.0, True, [2]])
def test_refuses_an_envelope_of_another_version(version: object) -> None:
    assert reason_with(WIRE_FORMATS, a_v1_body("01-command-no-options", v=version)) == "unsupported_envelope_version"


def test_a_null_version_reads_as_absent() -> None:
    message = a_message(a_v1_body("01-command-no-options", v=None))
    assert JsonCodec().decode(message, received_at_ms=NOW_MS).wire_format == "v1"


@pytest.mark.parametrize("content_type", [None, "", "application/json", "Application/JSON; charset=utf-8"])
@pytest.mark.parametrize("content_encoding", [None, "", "utf-8", "UTF-8"])
def test_accepts_json_by_any_usual_declaration(content_type: str | None, content_encoding: str | None) -> None:
    message = a_message(a_v1_body("12-button"), content_type=content_type, content_encoding=content_encoding)
    assert JsonCodec().decode(message, received_at_ms=NOW_MS).event_type == "interaction.button"


@pytest.mark.parametrize("wire_format", WIRE_FORMATS)
def test_takes_the_trace_from_the_headers(wire_format: str) -> None:
    body = a_v1_body("12-button") if wire_format == "v1" else a_fixture("12-button")
    message = a_message(body, headers={"traceparent": TRACE})
    assert JsonCodec().decode(message, received_at_ms=NOW_MS).trace_parent == TRACE


@pytest.mark.parametrize("trace", ["", "00-zz", f"{TRACE}\n", 7, None])
def test_a_malformed_trace_costs_only_the_trace(trace: object) -> None:
    body = a_v1_body("12-button", v=2, traceparent=trace)
    assert JsonCodec().decode(a_message(body), received_at_ms=NOW_MS).trace_parent is None


@pytest.mark.parametrize("levels", [28, 29])
def test_accepts_thirty_two_levels_and_no_more(levels: int) -> None:
    nested: object = 1
    for _ in range(levels):
        nested = [nested]
    body = a_v1_body("01-command-no-options")
    body["data"]["options"] = {"deep": nested}  # below the body, data and options
    if 3 + levels > 32:
        assert reason_with(WIRE_FORMATS, body) == "too_deep"
    else:
        assert JsonCodec().decode(a_message(body), received_at_ms=NOW_MS).data["options"] == {"deep": nested}


def test_depth_is_checked_in_fields_that_nobody_reads() -> None:
    nested: object = 1
    for _ in range(40):
        nested = {"x": nested}
    assert reason_with(WIRE_FORMATS, a_v1_body("01-command-no-options", unread=nested)) == "too_deep"


def test_half_a_surrogate_pair_in_free_text_becomes_a_replacement_character() -> None:
    body = a_v1_body("01-command-no-options")
    body["data"]["options"] = {"text": "PAIR"}
    encoded = a_message(body).body.replace(b"PAIR", rb"cut \ud83d")
    data = JsonCodec().decode(a_message(encoded), received_at_ms=NOW_MS).data
    assert data["options"] == {"text": "cut \ufffd"}


@pytest.mark.parametrize("wire_format", WIRE_FORMATS)
def test_half_a_surrogate_pair_in_a_custom_id_is_refused(wire_format: WireFormat) -> None:
    message = an_interaction_message("12-button", wire_format=wire_format)
    encoded = message.body.replace(b"claim:v1:42", rb"claim\udc00")
    assert reason_with(WIRE_FORMATS, encoded) == "lone_surrogate"


def test_a_control_character_in_a_custom_id_is_the_bots_business() -> None:
    body = a_v1_body("12-button")
    body["data"]["customId"] = "a\nb"
    assert JsonCodec().decode(a_message(body), received_at_ms=NOW_MS).data["customId"] == "a\nb"
