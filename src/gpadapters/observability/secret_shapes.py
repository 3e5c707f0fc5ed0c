"""What a secret looks like in a text: by the form that it has, or by the words around it.

Logs may repeat what a stranger sent, so every pattern takes time in proportion to the text: no
two unbounded repetitions compete for the same characters.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

Span = tuple[int, int]
"""Where a secret begins and where it ends, in characters."""

_FLAGS: Final = re.ASCII | re.IGNORECASE | re.DOTALL


@dataclass(frozen=True, slots=True)
class _Shape:
    """A pattern whose group ``secret`` must not be seen.

    Attributes:
        hints: In lower case; a text without any of them has no such secret. Empty: always look.
        pattern: What to search for.
    """

    hints: tuple[str, ...]
    pattern: re.Pattern[str]


_ISSUED_TOKEN: Final = _Shape(("aw50zxjhy3rpb24",), re.compile(r"(?P<secret>aW50ZXJhY3Rpb24[\w.~%+=-]*)", _FLAGS))
"""Base64 of ``interaction``, with which every token begins that Discord has been seen to issue."""

_LONG_RUN: Final = _Shape(
    (),
    re.compile(
        r"(?<![\w-])(?P<secret>[\w-]{120,}|[\w-]{20,}\.[\w-]{5,8}\.[\w-]{25,}(?:\.[\w-]+)*)",
        re.ASCII,
    ),
)
"""Tokens without a known beginning: one long run of base64url, or a bot token's three parts."""

_PATH: Final = _Shape(
    ("interactions", "webhooks"),
    re.compile(
        r"(?:interactions|webhooks)(?:\\?/|%2F)[^\s/%]{1,64}(?:\\?/|%2F)(?!\{|%7B)(?P<secret>[^\s/?#\"'<>\\,;)}]+)",
        _FLAGS,
    ),
)
"""The segment after the id in the paths that an interaction's token opens; a template's name may stay."""

_CREDENTIALS: Final = _Shape(
    ("bot", "bearer", "basic"), re.compile(r"\b(?:Bot|Bearer|Basic)(?:\s+|%20)(?P<secret>[\w.~%+/=-]{20,})", _FLAGS)
)
"""The value of an ``Authorization`` header, wherever it stands."""

_NAMED: Final = _Shape(
    ("token", "secret", "passw", "authorization", "api"),
    re.compile(
        r"""(?:token|secret|password|passwd|authorization|api[_-]?key)
            (?: \\{0,8}["']?\s*[:=]\s* | \\{0,8}["']\s*,\s* )       # {"token": …}, token=…, (b'authorization', …)
            (?:b(?=\\{0,8}["']))? (?P<quote>\\{0,8}["'])?
            (?P<secret>
                (?(quote) (?:(?!(?P=quote))(?:\\.|[^\n]))*      # as far as the same quote, or the line's end
                |  (?:(?:Bot|Bearer|Basic)\s+)? [^\s,;&"'<>)}]+ )
            )""",
        _FLAGS | re.VERBOSE,
    ),
)
"""A value with a name that says what it is."""

_ADDRESS: Final = _Shape(("://",), re.compile(r"://[^\s/:\"<>]*:(?!\d{1,5}/)(?P<secret>[^\s\"<>]{1,512})@", _FLAGS))
"""A URL's password, as far as the last ``@``; slashes are not allowed in one, but they occur. No port."""

_SHAPES: Final = (_ISSUED_TOKEN, _LONG_RUN, _PATH, _CREDENTIALS, _NAMED, _ADDRESS)

_SHORTEST: Final = len("a://:b@")


def secret_spans(text: str) -> Iterator[Span]:
    """Yield where something stands that looks like a secret; spans may overlap."""
    if len(text) < _SHORTEST:
        return
    lowered = text.lower()
    for shape in _SHAPES:
        if not shape.hints or any(hint in lowered for hint in shape.hints):
            for match in shape.pattern.finditer(text):
                yield match.span("secret")
