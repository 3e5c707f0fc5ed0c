import json
from hashlib import sha256

import pytest

from gpadapters.wire.json_codec import JsonCodec
from gpcore.domain.wire_message import WireMessage
from tests.builders import (
    BAD_BODIES,
    NOW_MS,
    Json,
    WireFormat,
    a_dispatch,
    a_fresh_token,
    a_message,
    a_v1_body,
    an_event_message,
    an_interaction_message,
)

TOKEN = a_fresh_token("1574394111514120223")
OPAQUE = "an-opaque-token-of-another-shape"


def redacted(message: WireMessage) -> WireMessage:
    return JsonCodec().redact(message)


def body_of(document: Json) -> Json:
    return json.loads(redacted(a_message(document)).body)


@pytest.mark.parametrize("wire_format", ["v1", "v2", "frame"])
def test_everything_but_the_token_is_kept(wire_format: WireFormat) -> None:
    message = an_interaction_message("12-button", wire_format=wire_format)
    kept = json.loads(redacted(message).body)
    original = json.loads(message.body)
    expected = json.loads(message.body.replace(token_of(original).encode(), b"[redacted]"))
    assert kept == expected


def token_of(document: Json) -> str:
    raw = document.get("raw") or document.get("d") or {}
    token = document.get("interactionToken") or raw["token"]
    assert isinstance(token, str)
    return token


@pytest.mark.parametrize(
    "document",
    [
        {"interactionToken": OPAQUE, "data": {"url": f"https://x.invalid/{OPAQUE}/callback", OPAQUE: [OPAQUE]}},
        {"raw": {"token": OPAQUE, "note": OPAQUE}},
        {"t": "X", "d": {"token": OPAQUE}, "copy": OPAQUE},
        {"payload": {"d": {"token": OPAQUE}}, "copy": OPAQUE},
        {"data": {"interaction_token": OPAQUE}, "copy": OPAQUE},
        {"deep": [{"Token": OPAQUE}, {"botToken": {"value": OPAQUE}}]},
        {"text": f"see {TOKEN}!", TOKEN: 1},
        {"double_encoded": json.dumps({"token": TOKEN})},
    ],
)
def test_a_token_is_found_wherever_it_stands(document: Json) -> None:
    body = redacted(a_message(document)).body
    assert OPAQUE.encode() not in body
    assert TOKEN.encode() not in body
    assert b"[redacted]" in body


def test_a_token_in_a_key_that_stands_twice_does_not_survive() -> None:
    body = redacted(a_message(f'{{"d":{{"token":"{TOKEN}"}},"d":{{}}}}'.encode())).body
    assert json.loads(body) == {"d": {}}


def test_a_token_of_another_type_is_replaced_too() -> None:
    assert body_of({"interactionToken": 5, "d": {"token": None}}) == {
        "interactionToken": "[redacted]",
        "d": {"token": "[redacted]"},
    }


def test_a_short_token_is_not_searched_for_elsewhere() -> None:
    assert body_of({"interactionToken": "a", "name": "banana"}) == {"interactionToken": "[redacted]", "name": "banana"}


def test_headers_and_message_id_are_redacted_as_well() -> None:
    body = a_v1_body("12-button", interactionToken=OPAQUE)
    headers = {
        "shardId": 0, "guildId": "849255963033731074", "token": "x", "copy": OPAQUE,
        "octets": OPAQUE.encode() + b"\xff",
        "nested": {"list": [OPAQUE, TOKEN], "number": 1.5}, f"key-{OPAQUE}": None,
    }  # fmt: skip
    kept = redacted(a_message(body, headers=headers, message_id=OPAQUE))
    assert kept.headers == {
        "shardId": 0, "guildId": "849255963033731074", "token": "[redacted]", "copy": "[redacted]",
        "octets": b"[redacted]\xff", "nested": {"list": ["[redacted]", "[redacted]"], "number": 1.5},
        "key-[redacted]": None,
    }  # fmt: skip
    assert kept.message_id == "[redacted]"


@pytest.mark.parametrize("wire_format", ["v1", "v2", "frame"])
def test_a_redacted_event_decodes_to_the_same_envelope(wire_format: WireFormat) -> None:
    message = an_event_message(wire_format=wire_format)
    codec = JsonCodec()
    assert codec.decode(redacted(message), received_at_ms=NOW_MS) == codec.decode(message, received_at_ms=NOW_MS)


@pytest.mark.parametrize(
    "body",
    [
        (BAD_BODIES / "05-truncated.json").read_bytes(),
        (BAD_BODIES / "16-gzip-body.bin").read_bytes(),
        (BAD_BODIES / "26-array-body.json").read_bytes(),
        (BAD_BODIES / "38-deep-nesting-5000.json").read_bytes(),
        json.dumps(json.dumps(a_v1_body("12-button"))).encode(),
        b'{"x":1e999}',
        b"{}".ljust(2 * 1024 * 1024),
        b"",
    ],
    ids=["truncated", "gzip", "array", "deep", "double-encoded", "infinite", "large", "empty"],
)
def test_of_what_cannot_be_read_only_length_and_digest_are_kept(body: bytes) -> None:
    kept = redacted(WireMessage(body=body, content_type="application/msgpack", content_encoding="gzip"))
    assert json.loads(kept.body) == {"unparsable": True, "length": len(body), "sha256": sha256(body).hexdigest()}
    assert (kept.content_type, kept.content_encoding) == ("application/json", None)


def test_the_priority_is_kept() -> None:
    assert redacted(a_message(a_dispatch("12-button").raw, priority=9)).priority == 9
