"""W3C trace context, from wherever the publisher put it."""

import re
from collections.abc import Mapping
from typing import Any, Final

_TRACE_PARENT: Final = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def trace_parent(document: Mapping[str, Any], headers: Mapping[str, object]) -> str | None:
    """Return ``traceparent`` of the body or else of the headers.

    One that is malformed reads as absent, as the W3C recommendation asks for: a broken trace must
    not cost the message.
    """
    for value in (document.get("traceparent"), headers.get("traceparent")):
        if isinstance(value, str) and _TRACE_PARENT.fullmatch(value):
            return value
    return None
