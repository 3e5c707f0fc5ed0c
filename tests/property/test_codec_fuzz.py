"""No body makes the codec raise anything but its own error, and nothing of a body leaks."""

import json
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpadapters.wire.encoding import encode_frame, encode_v2
from gpadapters.wire.json_codec import JsonCodec
from gpcore.domain.envelope import Envelope
from gpcore.domain.wire_message import WireMessage
from gpcore.errors import DecodeError
from tests.builders import FIXTURES, NOW_MS, Json, a_fixture, a_fresh_token, a_v1_body, fixture_names

pytestmark = pytest.mark.property

CODEC: Final = JsonCodec()

SMALL: Final = [name for name in fixture_names() if (FIXTURES / f"{name}.json").stat().st_size < 10_000]
GOOD_BODIES: Final = [
    *(a_fixture(name) for name in SMALL),
    *(body for name in SMALL if (body := a_fixture(f"{name}.envelope")) is not None),
]
GOOD_BYTES: Final = [json.dumps(body).encode() for body in GOOD_BODIES]

FLOATS: Final = st.floats(allow_nan=False, allow_infinity=False)
SCALARS: Final = (
    st.none() | st.booleans() | st.integers() | FLOATS | st.text() | st.sampled_from(["", "unknown", "0", "\x00"])
)
JSON: Final = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)
FIELDS: Final = [
    "v",
    "eventId",
    "eventType",
    "timestamp",
    "shardId",
    "guildId",
    "channelId",
    "userId",
    "interactionId",
    "interactionToken",
    "data",
    "raw",
    "t",
    "s",
    "op",
    "d",
    "payload",
    "commandName",
    "customId",
    "selectedValues",
    "shardCount",
    "receivedAt",
    "traceparent",
    "__metadata",
    "event_id",
]
INNER_FIELDS: Final = [
    "id",
    "token",
    "type",
    "data",
    "name",
    "custom_id",
    "options",
    "values",
    "fields",
    "customId",
    "commandName",
    "member",
    "user",
    "author",
    "guild_id",
    "channel_id",
    "application_id",
    "joined_at",
    "unavailable",
    "userId",
    "guildId",
]
WORDS: Final = {
    "missing_field",
    "bad_type",
    "bad_value",
    "mismatch",
    "unusable",
    "control_character",
    "lone_surrogate",
    "unsupported_envelope_version",
}


@st.composite
def byte_mutations(draw: st.DrawFn) -> bytes:
    """A good body with a few bytes replaced, inserted or cut."""
    body = bytearray(draw(st.sampled_from(GOOD_BYTES)))
    for _ in range(draw(st.integers(1, 4))):
        position = draw(st.integers(0, len(body)))
        body[position : position + draw(st.integers(0, 8))] = draw(st.binary(max_size=4))
    return bytes(body)


@st.composite
def field_mutations(draw: st.DrawFn) -> Json:
    """A good body with a few fields set to anything or left out."""
    body = json.loads(draw(st.sampled_from(GOOD_BYTES)))
    for _ in range(draw(st.integers(1, 3))):
        target = body
        for inner in draw(st.sampled_from([(), ("data",), ("d",), ("raw",), ("d", "data"), ("payload",)])):
            if isinstance(target.get(inner), dict):
                target = target[inner]
        names = FIELDS if target is body else INNER_FIELDS
        name = draw(st.sampled_from(names))
        if draw(st.booleans()):
            target[name] = draw(JSON)
        else:
            target.pop(name, None)
    return body


def outcome(body: bytes, **properties: Json) -> Envelope | str:
    """Return the envelope or the reason; anything else that is raised fails the test."""
    try:
        return CODEC.decode(WireMessage(body=body, **properties), received_at_ms=NOW_MS)
    except DecodeError as error:
        return error.reason


@given(st.binary() | byte_mutations(), st.none() | st.text(), st.none() | st.text())
def test_any_bytes_decode_or_have_a_reason(body: bytes, content_type: str | None, encoding: str | None) -> None:
    outcome(body, content_type=content_type, content_encoding=encoding)
    outcome(body)
    CODEC.redact(WireMessage(body=body))


@given(st.one_of(JSON, st.dictionaries(st.sampled_from(FIELDS), JSON), field_mutations()))
def test_any_json_decodes_or_has_a_reason(document: Json) -> None:
    result = outcome(json.dumps(document).encode())
    if isinstance(result, Envelope):
        assert result.event_type
        if result.is_interaction:
            assert result.interaction_id
            assert result.interaction_token


@given(field_mutations(), st.sampled_from(FIELDS + INNER_FIELDS), st.text())
def test_a_reason_is_a_fixed_word_and_a_field_of_ours(document: Json, name: str, content: str) -> None:
    document[name] = {content: content}
    result = outcome(json.dumps(document).encode())
    if isinstance(result, str):
        word, _, path = result.partition(":")
        assert word in WORDS
        assert set(path.split(".")) <= {"", *FIELDS, *INNER_FIELDS}


@given(st.data(), st.text("abcXYZ_-", min_size=16, max_size=200))
def test_redact_never_returns_the_token(data: st.DataObject, token: str) -> None:
    document = data.draw(field_mutations())
    place = data.draw(st.sampled_from(["v1", "v2", "frame", "wrapped"]))
    copies = {"copy": token, f"x{token}y": [f"https://x.invalid/{token}/callback"]}
    match place:
        case "v1":
            document = {**document, "interactionToken": token, "data": copies}
        case "v2":
            document = {**document, "raw": {"token": token, **copies}}
        case "frame":
            document = {key: value for key, value in document.items() if key != "payload"}
            document = {**document, "d": {"token": token, **copies}}
        case _:
            document = {"payload": {"t": "X", "d": {"token": token, **copies}}}
    message = WireMessage(body=json.dumps(document).encode(), headers={"copy": token}, message_id=token)
    kept = CODEC.redact(message)
    assert token.encode() not in kept.body
    assert token not in str(dict(kept.headers)) + str(kept.message_id)


@given(byte_mutations())
def test_redact_never_returns_what_looks_like_a_token(body: bytes) -> None:
    token = a_fresh_token("1574394111514120223")
    kept = CODEC.redact(WireMessage(body=body.replace(b"Bobby", token.encode())))
    assert token.encode() not in kept.body


SAFE_TEXT: Final = st.text(st.characters(exclude_categories=["Cs"]))
SAFE_JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | FLOATS | SAFE_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SAFE_TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(
    st.sampled_from([name for name in SMALL if "op" in a_fixture(name)]),
    st.dictionaries(SAFE_TEXT.map("x".__add__), SAFE_JSON, max_size=5),
    st.integers(0, 2**20),
    st.integers(0, 2**31),
)
def test_what_is_encoded_decodes_to_the_same(name: str, extra: Json, shard_id: int, sequence: int) -> None:
    frame = a_fixture(name)
    raw = {**frame["d"], **extra}
    v2 = encode_v2(frame["t"], raw, published_at_ms=NOW_MS, shard_id=shard_id, sequence=sequence)
    bare = encode_frame(frame["t"], raw, shard_id=shard_id, sequence=sequence)
    for publication in (v2, bare):
        envelope = CODEC.decode(publication.message, received_at_ms=NOW_MS)
        assert envelope.raw == raw
        assert envelope.shard_id == shard_id
        assert envelope.event_id == publication.message.message_id


@given(st.dictionaries(SAFE_TEXT, SAFE_JSON, max_size=5))
def test_free_text_of_v1_is_kept_as_it_came(options: Json) -> None:
    body = a_v1_body("01-command-no-options")
    body["data"]["options"] = options
    envelope = CODEC.decode(WireMessage(body=json.dumps(body).encode()), received_at_ms=NOW_MS)
    assert envelope.data["options"] == options
