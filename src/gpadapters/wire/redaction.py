"""What may be kept of a message: everything but its tokens."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Final, cast

from gpadapters.wire.canonical import compact_json
from gpadapters.wire.parsing import Document, parse_body
from gpcore.domain.wire_message import WireMessage
from gpcore.errors import DecodeError

REDACTED: Final = "[redacted]"

_ISSUED_PREFIX: Final = "aW50ZXJhY3Rpb246"
"""Base64 of ``interaction:``, with which every token begins that Discord has been seen to issue."""

_TOKEN_SHAPE: Final = re.compile(_ISSUED_PREFIX + r"[A-Za-z0-9_-]*")

_LONGEST_NAME: Final = 128

_SHORTEST_SECRET: Final = 16
"""Shorter tokens are replaced where they stand, but not searched for elsewhere: they would hit ordinary words."""


def redacted(message: WireMessage) -> WireMessage:
    """Return the message as it may be kept.

    Every field whose name ends with ``token`` is replaced, in body and headers; so is whatever
    repeats the interaction's token or looks like one. The body is always written anew, so that a
    token hidden in a key that stands twice does not survive.
    """
    document = _parsed(message.body)
    scrubber = _Scrubber(() if document is None else _tokens(document))
    return replace(
        message,
        body=_summary(message.body) if document is None else _rewritten(document, scrubber, message.body),
        headers=scrubber.fields(message.headers),
        message_id=None if message.message_id is None else scrubber.text(message.message_id),
        content_type="application/json",
        content_encoding=None,
    )


def named_type(body: bytes) -> str | None:
    """Return what a body calls its own type, unchecked but short; ``None`` if it names none."""
    document = _parsed(body) or {}
    names = (document.get("eventType"), document.get("t"), _object(document, "payload").get("t"))
    return next((name[:_LONGEST_NAME] for name in names if isinstance(name, str) and name), None)


class _Scrubber:
    """Replaces what must not be kept, given the tokens that a document was seen to hold."""

    def __init__(self, tokens: Iterable[str]) -> None:
        self._tokens = tuple(tokens)

    def fields(self, source: Mapping[str, object]) -> dict[str, object]:
        return {
            self.text(name): REDACTED if _names_a_token(name) else self.value(value) for name, value in source.items()
        }

    def value(self, value: object) -> object:
        if value is None or isinstance(value, (int, float)):
            return value  # most of a large body; the patterns below cost more
        match value:
            case str():
                return self.text(value)
            case bytes():  # a header may hold any octets; Latin-1 maps each to one character and back
                return self.text(value.decode("latin-1")).encode("latin-1")
            case Mapping():
                return self.fields(cast("Mapping[str, object]", value))
            case list() | tuple():
                return [self.value(item) for item in value]
            case _:
                return value

    def text(self, text: str) -> str:
        for token in self._tokens:
            if token in text:
                text = text.replace(token, REDACTED)
        return _TOKEN_SHAPE.sub(REDACTED, text) if _ISSUED_PREFIX in text else text


def _parsed(body: bytes) -> Document | None:
    try:
        return parse_body(body)
    except DecodeError:
        return None


def _rewritten(document: Document, scrubber: _Scrubber, body: bytes) -> bytes:
    try:
        return compact_json(scrubber.fields(document))
    except ValueError:  # a number too large for a float was read as an infinity
        return _summary(body)


def _summary(body: bytes) -> bytes:
    return compact_json({"unparsable": True, "length": len(body), "sha256": sha256(body).hexdigest()})


def _tokens(document: Document) -> Iterator[str]:
    """Yield the tokens that stand where the wire formats put them."""
    frame = _object(document, "payload") or document
    places = (
        (document, "interactionToken"),
        (_object(document, "data"), "interaction_token"),
        (_object(document, "raw"), "token"),
        (_object(frame, "d"), "token"),
    )
    for source, name in places:
        token = source.get(name)
        if isinstance(token, str) and len(token) >= _SHORTEST_SECRET:
            yield token


def _object(source: Document, name: str) -> Document:
    value = source.get(name)
    return value if isinstance(value, dict) else {}


def _names_a_token(name: str) -> bool:
    return name.lower().endswith("token")
