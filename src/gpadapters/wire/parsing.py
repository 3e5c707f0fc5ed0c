"""From bytes to a JSON object: one parse when all is well, a diagnosis when it is not."""

from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from gpadapters.wire.classifier import mend, parse_again, reason_of
from gpcore.domain.wire_message import WireMessage
from gpcore.errors import DecodeError

LARGEST_BODY: Final = 1024 * 1024
"""Bytes. The largest legal interaction is about 600 KiB."""

DEEPEST: Final = 32
"""Levels of objects and arrays, the body itself being the first. A message with nested components has about 14."""

MOST_CONTAINERS: Final = 65_536
"""Opening brackets and braces, those in texts included. A guild of 1 MiB has about 40 000; each costs about a
microsecond, so that many more would hold up the event loop."""

Document = dict[str, Any]
"""A parsed JSON object. Its values are unchecked until a model has seen them."""

Checked = TypeVar("Checked")

_REFUSED: Final = object()
_USUAL_TYPES: Final = (None, "", "application/json")
_USUAL_ENCODINGS: Final = (None, "", "utf-8")


def parse(message: WireMessage) -> Document:
    """Return the JSON object in a message's body, provided that its properties say that it is JSON.

    Raises:
        DecodeError: Too large, declared as something else, or as ``parse_body``.
    """
    _check_size(message.body)
    _check_properties(message)
    return parse_body(message.body)


def parse_body(body: bytes) -> Document:
    """Return the JSON object in a body.

    Of a key that stands twice in one object the last value counts: looking for such keys would cost
    every good body a second pass.

    Raises:
        DecodeError: Too large, too many values, not UTF-8, not JSON, nested too deeply, no object,
            or half a surrogate pair in a field that routes.
    """
    _check_size(body)
    containers = body.count(b"{") + body.count(b"[")
    if containers > MOST_CONTAINERS:
        raise DecodeError("too_many_values")
    document = _parse_strictly(body)
    refused = document is _REFUSED
    if refused:
        document = parse_again(body)
    if containers > DEEPEST and nests_deeper_than(document, DEEPEST):
        raise DecodeError("too_deep")
    if not isinstance(document, dict):
        raise DecodeError("not_object")
    return mend(document) if refused else document


def check(adapter: TypeAdapter[Checked], value: object, *, document: Document, prefix: str = "") -> Checked:
    """Return what a strict model makes of a part of the document.

    Raises:
        DecodeError: The model refuses it.
    """
    try:
        # Past the adapter's own method, which only sorts out arguments that are never given here.
        checked: Checked = adapter.validator.validate_python(value, strict=True)
    except ValidationError as error:
        reason = reason_of(error, document, prefix)
    else:
        return checked
    # Outside the handler: pydantic's error quotes the body and must not be in this one's context.
    raise DecodeError(reason)


def nests_deeper_than(document: object, levels: int) -> bool:
    """Tell whether objects and arrays are nested in more than so many levels."""
    layer = [document] if isinstance(document, (dict, list)) else []
    for _ in range(levels):
        layer = [
            child
            for parent in layer
            for child in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(child, (dict, list))
        ]
        if not layer:
            return False
    return True


def _parse_strictly(body: bytes) -> object:
    try:
        return from_json(body, allow_inf_nan=False, cache_strings="keys")
    except ValueError:
        return _REFUSED


def _check_size(body: bytes) -> None:
    if len(body) > LARGEST_BODY:
        raise DecodeError("body_too_large")


def _check_properties(message: WireMessage) -> None:
    media_type, encoding = message.content_type, message.content_encoding
    if media_type not in _USUAL_TYPES and media_type.partition(";")[0].strip().lower() not in _USUAL_TYPES:
        raise DecodeError("unsupported_content_type")
    if encoding not in _USUAL_ENCODINGS and encoding.strip().lower() not in _USUAL_ENCODINGS:
        raise DecodeError("unsupported_content_encoding")
