"""Why a body cannot be processed. Runs only after the strict parse or a strict model has failed.

The order of the checks decides the reason where a body has several faults: encoding, JSON, depth,
routing characters, required fields, types, values. A reason names a field of gp's own models and
never contains any part of the body.
"""

import json
from typing import Any, Final, NoReturn

from pydantic import ValidationError

from gpadapters.wire.characters import has_control_character, has_lone_surrogate, without_lone_surrogates
from gpcore.errors import DecodeError

_BOM: Final = "\ufeff"


def parse_again(body: bytes) -> object:
    """Return the document in a body that the strict parser refused, if a lenient one accepts it.

    The standard library's parser takes half of a surrogate pair, which a publisher leaves behind
    when it cuts text inside an emoji; ``mend`` deals with that.

    Raises:
        DecodeError: ``empty_body``, ``not_utf8``, ``bom``, ``not_json`` or ``too_deep``.
    """
    if not body:
        raise DecodeError("empty_body")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise DecodeError("not_utf8")
    if text.startswith(_BOM):
        raise DecodeError("bom")
    return _parsed(text)


def mend(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document without lone surrogates, which become U+FFFD.

    Args:
        document: From ``parse_again``, of bounded depth.

    Raises:
        DecodeError: ``lone_surrogate``, if one stands in a field that routes.
    """
    if has_lone_surrogate(document):
        raise DecodeError("lone_surrogate")
    return {str(without_lone_surrogates(key)): without_lone_surrogates(value) for key, value in document.items()}


def reason_of(error: ValidationError, document: dict[str, Any], prefix: str) -> str:
    """Return the first reason, in the order above, why a model refused a document.

    Args:
        error: What the model found.
        document: The whole document, whose routing characters are looked at first.
        prefix: Where in the document the model was applied, such as ``raw.``.
    """
    if has_control_character(document):
        return "control_character"
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    kind, fault = min(((_kind(fault["type"]), fault) for fault in faults), key=lambda found: _KINDS.index(found[0]))
    field = ".".join(step for step in fault["loc"] if isinstance(step, str))
    return f"{kind}:{prefix}{field}"


_KINDS: Final = ("missing_field", "bad_type", "bad_value")


def _kind(pydantic_type: str) -> str:
    if pydantic_type == "missing":
        return "missing_field"
    return "bad_type" if pydantic_type.endswith("_type") else "bad_value"


def _parsed(text: str) -> object:
    reason = None
    document: object = None
    try:
        document = json.loads(text, parse_constant=_refuse)
    except RecursionError:
        reason = "too_deep"
    except ValueError:
        reason = "not_json"
    if reason is not None:
        raise DecodeError(reason)
    return document


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
