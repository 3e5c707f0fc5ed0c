"""What every codec must do; an adapter's test subclasses this."""

import json
import time
from abc import abstractmethod
from pathlib import Path

import pytest

from gpcore.domain.wire_message import WireMessage
from gpcore.errors import DecodeError
from gpcore.ports.codec import Codec
from tests.builders import (
    BAD_BODIES,
    NOW_MS,
    WireFormat,
    a_message,
    a_v1_body,
    an_event_message,
    an_interaction_message,
)

LONGEST_DECODE = 5.0
"""Seconds of processor time: far beyond the port's 100 ms, so that only a body that explodes fails."""

TOKEN_START = b"aW50ZXJhY3Rpb246"


class CodecContract:
    """One test per guarantee of ``Codec``."""

    @abstractmethod
    def a_codec(self) -> Codec:
        """Return the codec under test, accepting every format that it knows."""

    def test_returns_an_envelope_with_id_and_token_for_a_good_interaction(self) -> None:
        body = a_v1_body("01-command-no-options")
        envelope = self.a_codec().decode(a_message(body), received_at_ms=NOW_MS)
        assert envelope.is_interaction
        assert envelope.interaction_id == body["interactionId"]
        assert envelope.interaction_token is not None
        assert envelope.interaction_token.reveal() == body["interactionToken"]

    def test_returns_an_envelope_without_a_token_for_a_good_event(self) -> None:
        envelope = self.a_codec().decode(an_event_message(), received_at_ms=NOW_MS)
        assert envelope.event_type == "member.join"
        assert envelope.interaction_id is None
        assert envelope.interaction_token is None

    @pytest.mark.parametrize("path", sorted(BAD_BODIES.iterdir()), ids=lambda path: path.name[:2])
    def test_raises_nothing_but_decode_error(self, path: Path) -> None:
        try:
            self.a_codec().decode(a_message(path.read_bytes()), received_at_ms=NOW_MS)
        except DecodeError as error:
            assert error.reason  # noqa: PT017 - good bodies are among them

    @pytest.mark.parametrize(
        "body",
        [
            b"[" * 1_000_000,
            b'{"data":' * 100_000,
            b"[" + b"{}," * 340_000 + b"{}]",
            b'{"eventId":' + b"1" * 1_000_000,
            b'{"data":"' + rb"\ud800" * 170_000 + b'"}',
            b'{"eventType":"interaction.button","data":{"values":[' + b"1," * 500_000 + b"1]}}",
        ],
        ids=["open-brackets", "open-objects", "many-objects", "long-number", "surrogates", "wrong-items"],
    )
    def test_does_not_stall_on_a_hostile_body(self, body: bytes) -> None:
        started = time.process_time()
        with pytest.raises(DecodeError):
            self.a_codec().decode(a_message(body), received_at_ms=NOW_MS)
        assert time.process_time() - started < LONGEST_DECODE

    def test_a_reason_never_contains_a_part_of_the_body(self) -> None:
        secret = "s3cret-part"
        for field in ("eventId", "eventType", "guildId", "interactionId", "interactionToken", "data"):
            body = a_v1_body("01-command-no-options") | {field: f"{secret}\x00/../"}
            with pytest.raises(DecodeError) as caught:
                self.a_codec().decode(a_message(body), received_at_ms=NOW_MS)
            assert secret not in caught.value.reason
            assert caught.value.__cause__ is None
            assert caught.value.__context__ is None

    @pytest.mark.parametrize("wire_format", ["v1", "v2", "frame"])
    def test_redact_never_returns_a_token(self, wire_format: WireFormat) -> None:
        redacted = self.a_codec().redact(an_interaction_message("12-button", wire_format=wire_format))
        assert TOKEN_START not in redacted.body
        assert b"[redacted]" in redacted.body
        assert b"claim:v1:42" in redacted.body

    def test_redact_keeps_only_length_and_digest_of_what_cannot_be_parsed(self) -> None:
        body = (BAD_BODIES / "05-truncated.json").read_bytes()
        kept = json.loads(self.a_codec().redact(WireMessage(body=body)).body)
        assert kept.keys() == {"unparsable", "length", "sha256"}
        assert kept["unparsable"] is True
        assert kept["length"] == len(body)
        assert len(kept["sha256"]) == 64

    @pytest.mark.parametrize("wire_format", ["v1", "v2"])
    def test_a_redacted_envelope_still_names_its_type(self, wire_format: WireFormat) -> None:
        codec = self.a_codec()
        message = an_interaction_message("01-command-no-options", wire_format=wire_format)
        envelope = codec.decode(message, received_at_ms=0)
        assert codec.named_type(codec.redact(message)) == envelope.event_type

    def test_a_redacted_frame_still_names_its_dispatch(self) -> None:
        codec = self.a_codec()
        message = an_interaction_message("01-command-no-options", wire_format="frame")
        assert codec.named_type(codec.redact(message)) == "INTERACTION_CREATE"

    @pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"eventType": 7, "payload": []}', b'{"eventType": ""}'])
    def test_a_body_that_names_no_type_has_none(self, body: bytes) -> None:
        assert self.a_codec().named_type(WireMessage(body=body)) is None

    def test_a_type_is_never_shown_at_full_length(self) -> None:
        body = b'{"eventType": "' + b"x" * 500 + b'"}'
        assert self.a_codec().named_type(WireMessage(body=body)) == "x" * 128
