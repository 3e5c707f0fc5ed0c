"""Takes secrets out of what is about to be logged."""

import math
import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from gpadapters.observability.secret_shapes import Span, secret_spans
from gpadapters.observability.secret_spellings import known_secrets
from gpcore.domain.secrets import Secret

REDACTED: Final = "[redacted]"

_DEEPEST: Final = 8
"""Containers within containers; what lies deeper is left out, so that one that holds itself ends."""

_SECRET_NAME: Final = re.compile(r"(?:token|secret|password|passwd|authorization|apikey|body)s?\Z")
_NOT_IN_A_WORD: Final = re.compile(r"[^a-z0-9]")


class Redactor:
    """Replaces secrets by ``[redacted]``: those that it knows, and whatever looks like one.

    Args:
        secrets: Values known to be secret, for example the bot token and the URLs with passwords.
            Values of fewer than six characters are found by their shape only.
    """

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        self._known: Final = known_secrets(secrets)

    def text(self, text: str) -> str:
        """Return the text without secrets, in time proportional to its length."""
        # All searches read the original: what one of them replaced could hide a shape from the next.
        spans = [*self._known_spans(text), *secret_spans(text)]
        return _replaced(text, spans) if spans else text

    def fields(self, fields: Mapping[str, object]) -> dict[str, object]:
        """Return the fields as plain values for JSON, without those whose name says that they are secret."""
        return self._fields(fields, 0)

    def named(self, fields: Mapping[str, object]) -> dict[str, object]:
        """Return the same objects, except those whose name says that they are secret."""
        return {name: REDACTED if _names_a_secret(str(name)) else value for name, value in fields.items()}

    def _known_spans(self, text: str) -> Iterable[Span]:
        return () if self._known is None else (match.span() for match in self._known.finditer(text))

    def _fields(self, fields: Mapping[str, object], depth: int) -> dict[str, object]:
        return {
            self.text(str(name)): REDACTED if _names_a_secret(str(name)) else self._value(value, depth + 1)
            for name, value in fields.items()
        }

    def _value(self, value: object, depth: int) -> object:
        match value:
            case Mapping() | list() | tuple() | AbstractSet() if depth >= _DEEPEST:
                return "…"
            case Mapping():
                return self._fields(value, depth)
            case list() | tuple() | AbstractSet():
                return [self._value(item, depth + 1) for item in value]
            case _:
                return self._single(value)

    def _single(self, value: object) -> object:
        match value:
            case None | bool() | int():
                return value
            case float() if math.isfinite(value):
                return value
            case bytes() | bytearray() | memoryview():
                return f"<{len(value)} bytes>"
            case BaseException():
                return self.text(f"{type(value).__name__}: {value}")
            case _:
                return self.text(str(value))


def _names_a_secret(name: str) -> bool:
    return _SECRET_NAME.search(_NOT_IN_A_WORD.sub("", name.lower())) is not None


def _replaced(text: str, spans: list[Span]) -> str:
    pieces: list[str] = []
    kept_until = 0
    covered_until = -1
    for start, end in sorted(spans):
        if start == end:
            continue
        if start > covered_until:
            pieces += (text[kept_until:start], REDACTED)
        covered_until = kept_until = max(covered_until, end)
    return "".join((*pieces, text[kept_until:]))
