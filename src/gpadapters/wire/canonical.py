"""JSON as gp writes it, and the digest that tells two dispatches apart."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

_CANONICAL: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def compact_json(value: Mapping[str, object]) -> bytes:
    """Return UTF-8 JSON without spaces.

    Raises:
        ValueError: The value holds NaN or an infinity.
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8", "replace")


def body_sha256(raw: Mapping[str, object]) -> str:
    """Return the hex digest of an object's canonical JSON: keys sorted, no spaces, UTF-8 unescaped."""
    return sha256(_CANONICAL.encode(raw).encode("utf-8", "replace")).hexdigest()
