"""How a known secret may be written in a text."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote, quote_plus, unquote

from gpcore.domain.secrets import Secret

SHORTEST: Final = 6
"""Characters. Shorter values would hit ordinary words; in a URL or beside their name they are found by shape."""

_PASSWORD_IN_URL: Final = re.compile(r"[^\s:/]+://[^:/]*:(?P<password>.*)@", re.DOTALL)
_ESCAPE: Final = re.compile(r"%[0-9A-F]{2}")


def known_secrets(secrets: Iterable[Secret]) -> re.Pattern[str] | None:
    """Return a pattern that finds every spelling of the values, or ``None`` if there is none to search for.

    Of a URL the password is the secret, not the host, so a URL without one is none.
    """
    values = {part for secret in secrets for part in _secret_parts(secret.reveal()) if len(part) >= SHORTEST}
    spellings = {spelling for value in values for spelling in _spellings(value)}
    if not spellings:
        return None
    longest_first = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
    return re.compile("|".join(map(_pattern, longest_first)))


def _pattern(spelling: str) -> str:
    """Return a pattern for the spelling, with percent escapes in either case."""
    return _ESCAPE.sub(lambda escape: f"(?i:{escape[0]})", re.escape(spelling))


def _secret_parts(value: str) -> Iterator[str]:
    if "://" not in value:
        yield value
    elif found := _PASSWORD_IN_URL.match(value):
        yield found["password"]
        yield unquote(found["password"])


def _spellings(value: str) -> Iterator[str]:
    """Yield the value as it stands, in URLs, in ``repr`` and in JSON."""
    yield value
    yield quote(value, errors="surrogatepass")
    yield quote(value, safe="", errors="surrogatepass")
    yield quote_plus(value, errors="surrogatepass")
    for written in (repr(value)[1:-1], ascii(value)[1:-1], repr(value.encode("utf-8", "surrogatepass"))[2:-1]):
        yield written
        yield written.replace("'", "\\'")
    yield json.dumps(value)[1:-1]
    yield json.dumps(value, ensure_ascii=False)[1:-1]
