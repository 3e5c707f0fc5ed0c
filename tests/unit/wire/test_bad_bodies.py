"""Every malformed or hostile body gets its reason; the traps for over-strict readers are processed."""

import gzip
import json
from typing import Final

import pytest

from gpadapters.wire.json_codec import JsonCodec
from gpcore.domain.wire_message import WireMessage
from gpcore.errors import DecodeError, IgnoredBodyError
from tests.builders import BAD_BODIES, NOW_MS

REASONS: Final = {
    "01-empty-body.bin": "empty_body",
    "02-whitespace-only.bin": "not_json",
    "04-html-error-page.bin": "not_json",
    "05-truncated.json": "not_json",
    "07-two-documents.json": "not_json",
    "08-single-quotes.json": "not_json",
    "10-comments.json": "not_json",
    "11-utf8-bom.json": "bom",
    "12-utf16le-bom.bin": "not_utf8",
    "14-latin1.bin": "not_utf8",
    "16-gzip-body.bin": "not_utf8",
    "17-zlib-body.bin": "unsupported_content_encoding",
    "18-msgpack-body.bin": "unsupported_content_type",
    "20-nul-bytes-in-string.json": "control_character",
    "21-raw-nul-bytes.bin": "not_json",
    "23-lone-surrogate.json": "lone_surrogate",
    "25-null-document.json": "not_object",
    "26-array-body.json": "not_object",
    "28-number-document.json": "not_object",
    "29-true-document.json": "not_object",
    "30-empty-object.json": "missing_field:eventId",
    "33-nan-timestamp.json": "not_json",
    "34-infinity.json": "not_json",
    "36-huge-int.json": "bad_value:timestamp",
    "38-deep-nesting-5000.json": "too_deep",
    "40-missing-eventId.json": "missing_field:eventId",
    "42-missing-timestamp.json": "missing_field:timestamp",
    "43-missing-interactionId.json": "missing_field:interactionId",
    "44-missing-interactionToken.json": "missing_field:interactionToken",
    "49-eventId-not-uuid.json": "bad_value:eventId",
    "50-eventId-number.json": "bad_type:eventId",
    "54-eventType-mismatch-data.json": "mismatch:eventType",
    "57-timestamp-string.json": "bad_type:timestamp",
    "58-timestamp-negative.json": "bad_value:timestamp",
    "60-timestamp-seconds.json": "bad_value:timestamp",
    "61-timestamp-bool.json": "bad_type:timestamp",
    "64-shardId-negative.json": "bad_value:shardId",
    "66-data-null.json": "bad_type:data",
    "67-data-string.json": "bad_type:data",
    "69-options-array-of-junk.json": "bad_type:data.options",
    "70-interactionId-int.json": "bad_type:interactionId",
    "72-interactionId-not-digits.json": "bad_value:interactionId",
    "74-interactionId-leading-zero.json": "bad_value:interactionId",
    "76-interactionId-too-big.json": "bad_value:interactionId",
    "77-interactionId-zero.json": "bad_value:interactionId",
    "82-token-empty.json": "bad_value:interactionToken",
    "83-token-path-traversal.json": "bad_value:interactionToken",
    "85-token-query-fragment.json": "bad_value:interactionToken",
    "87-token-absolute-url.json": "bad_value:interactionToken",
    "89-token-number.json": "bad_type:interactionToken",
    "A0-rust-snake-case-envelope.json": "unsupported_envelope_version",
    "A3-custom-id-too-long.json": "bad_value:data.customId",
}

IGNORED: Final = {"81-userId-unknown-literal.json": "unusable:userId"}

DECODED: Final = {
    # The last of two equal keys counts.
    "31-duplicate-keys.json": "interaction.command.check-eligibility",
    "39-proto-pollution-keys.json": "interaction.command.check-eligibility",
    "46-missing-guildId.json": "interaction.command.check-eligibility",
    "47-missing-shardId.json": "interaction.command.check-eligibility",
    # Whether a type is known is for the registry of handlers to say.
    "52-eventType-unknown.json": "interaction.teleport",
    "56-eventType-uppercase-spaces.json": "interaction.command.View Wallet",
    "63-timestamp-far-future.json": "interaction.command.check-eligibility",
    "80-guildId-null.json": "interaction.command.check-eligibility",
    "90-token-belongs-to-other-interaction.json": "interaction.command.check-eligibility",
    # Age, duplicates, queues and delivery counts are judged by the use cases.
    "92-interaction-age-16min.json": "interaction.command.check-eligibility",
    "93-interaction-from-2015.json": "interaction.command.check-eligibility",
    "94-interaction-1s-in-future.json": "interaction.command.check-eligibility",
    "96-interaction-year-2154.json": "interaction.command.check-eligibility",
    "98-redelivered-duplicate.json": "interaction.command.check-eligibility",
    "A1-raw-gateway-frame.json": "interaction.command.check-eligibility",
    "A5-member-event-on-interaction-queue.json": "member.update",
    "A7-x-death-count-exceeded.json": "interaction.command.check-eligibility",
    "A8-autocomplete-without-options.json": "interaction.autocomplete",
}

PROPERTIES: Final[dict[str, dict[str, str]]] = {
    "17-zlib-body.bin": {"content_encoding": "deflate"},
    "18-msgpack-body.bin": {"content_type": "application/msgpack"},
}

MIB: Final = 1024 * 1024


def a_bad_message(name: str) -> WireMessage:
    properties = PROPERTIES.get(name, {})
    return WireMessage(
        body=(BAD_BODIES / name).read_bytes(),
        content_type=properties.get("content_type", "application/json"),
        content_encoding=properties.get("content_encoding"),
    )


def reason_of(message: WireMessage, codec: JsonCodec | None = None) -> str:
    with pytest.raises(DecodeError) as caught:
        (codec or JsonCodec()).decode(message, received_at_ms=NOW_MS)
    assert not isinstance(caught.value, IgnoredBodyError)
    return caught.value.reason


def test_the_tables_name_every_bad_body() -> None:
    assert sorted(REASONS | IGNORED | DECODED) == sorted(path.name for path in BAD_BODIES.iterdir())


@pytest.mark.parametrize("name", sorted(REASONS))
def test_a_bad_body_is_refused_for_its_reason(name: str) -> None:
    assert reason_of(a_bad_message(name)) == REASONS[name]


@pytest.mark.parametrize("name", sorted(IGNORED))
def test_a_useless_body_is_ignored(name: str) -> None:
    with pytest.raises(IgnoredBodyError) as caught:
        JsonCodec().decode(a_bad_message(name), received_at_ms=NOW_MS)
    assert caught.value.reason == IGNORED[name]


@pytest.mark.parametrize("name", sorted(DECODED))
def test_a_body_that_only_looks_bad_is_decoded(name: str) -> None:
    assert JsonCodec().decode(a_bad_message(name), received_at_ms=NOW_MS).event_type == DECODED[name]


def test_the_last_of_two_equal_keys_counts() -> None:
    last = json.loads((BAD_BODIES / "31-duplicate-keys.json").read_bytes())
    envelope = JsonCodec().decode(a_bad_message("31-duplicate-keys.json"), received_at_ms=NOW_MS)
    assert envelope.event_type == last["eventType"]
    assert envelope.data == last["data"]


def test_a_frame_is_refused_while_frames_are_switched_off() -> None:
    message = a_bad_message("A1-raw-gateway-frame.json")
    assert reason_of(message, JsonCodec(("v1", "v2"))) == "missing_field:eventId"


@pytest.mark.parametrize(
    "body",
    [
        b'{"eventType":"' + b"x" * (10 * MIB) + b'"}',
        b" " * (10 * MIB) + b"{}",
        b"{" + b",".join(b'"k%d":%d' % (key, key) for key in range(1_000_000)) + b"}",
        b"[" * MIB + b"]" * MIB,
        b'{"eventType":"' + rb"\u0061" * (10 * MIB // 6) + b'"}',
    ],
    ids=["string", "whitespace", "million-keys", "deep", "escapes"],
)
def test_a_body_over_one_mebibyte_is_refused_before_anything_else(body: bytes) -> None:
    assert reason_of(WireMessage(body=body, content_type="application/msgpack")) == "body_too_large"


def test_exactly_one_mebibyte_is_still_read() -> None:
    assert reason_of(WireMessage(body=b"{}".ljust(MIB))) == "missing_field:eventId"
    assert reason_of(WireMessage(body=b"{}".ljust(MIB + 1))) == "body_too_large"


def test_a_body_of_nothing_but_brackets_is_refused_before_it_is_parsed() -> None:
    assert reason_of(WireMessage(body=b"[" + b"{}," * 65_535 + b"{}]")) == "too_many_values"
    assert reason_of(WireMessage(body=b"[" + b"{}," * 65_534 + b"{}]")) == "not_object"


def test_a_compressed_bomb_is_never_inflated() -> None:
    bomb = gzip.compress(bytes(MIB)) * 990  # concatenated members inflate one after the other
    assert len(bomb) <= MIB
    assert reason_of(WireMessage(body=bomb)) == "not_utf8"


def test_a_number_of_a_million_digits_is_no_json_for_us() -> None:
    assert reason_of(WireMessage(body=b"1" * 1_000_000)) == "not_json"
