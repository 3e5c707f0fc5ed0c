"""The headers that gp adds to messages, and how they travel through retries.

Names beginning with ``x-`` belong to the broker. Some brokers interpret them when a client sends
them back, so every copy that gp publishes is stripped of them.
"""

from collections.abc import Mapping
from typing import Final

ATTEMPT: Final = "gp-attempt"
"""How many attempts have failed so far; absent means none."""

FIRST_SEEN: Final = "gp-first-seen-ms"
"""When gp first gave a message back, in Unix milliseconds on that worker's clock."""

ORIGIN: Final = "gp-origin"
"""The lane that a dead letter came from, so that a replay goes back to that lane's queue only."""

ERROR: Final = "gp-error"
"""Class name of the error that caused the retry or dead letter."""

REASON: Final = "gp-reason"
"""Why a message was dead-lettered, in one short word."""

REPLAYED: Final = "gp-replayed"
"""How often a dead letter has been replayed."""

UNREADABLE: Final = "gp-unreadable"
"""Properties that could not be decoded and were left out, comma-separated (set by the source)."""

MAX_ATTEMPT: Final = 1_000
"""Any larger count is taken as this one: a header comes from outside."""

_MAX_TEXT: Final = 128
_MAX_UNIX_MS: Final = 2**53


def attempts_failed(headers: Mapping[str, object]) -> int:
    """Read how many attempts have failed; anything but a sane count is 0."""
    return _count(headers.get(ATTEMPT), most=MAX_ATTEMPT)


def first_seen_ms(headers: Mapping[str, object]) -> int:
    """Read when gp first gave the message back, in Unix ms; 0 if it never did."""
    return _count(headers.get(FIRST_SEEN), most=_MAX_UNIX_MS)


def times_replayed(headers: Mapping[str, object]) -> int:
    """Read how often a dead letter was replayed; anything but a sane count is 0."""
    return _count(headers.get(REPLAYED), most=MAX_ATTEMPT)


def unreadable_properties(headers: Mapping[str, object]) -> str | None:
    """Return the names of properties that were lost in decoding, or ``None`` if all were read."""
    marker = headers.get(UNREADABLE)
    return None if marker is None else _text(str(marker))


def without_broker_headers(headers: Mapping[str, object]) -> dict[str, object]:
    """Copy the headers without the broker's own."""
    return {name: value for name, value in headers.items() if not name.lower().startswith("x-")}


def retry_headers(
    headers: Mapping[str, object], *, failures: int, now_ms: int, error: str | None = None
) -> dict[str, object]:
    """Make the headers of a copy that waits for another attempt.

    Args:
        headers: The delivery's headers.
        failures: Attempts that have failed, this one included if it counts.
        now_ms: Wall clock in Unix milliseconds; kept only if no earlier copy has set it.
        error: Class name of the error that caused it.
    """
    copy = without_broker_headers(headers)
    copy[ATTEMPT] = min(failures, MAX_ATTEMPT)
    copy[FIRST_SEEN] = _count(headers.get(FIRST_SEEN), most=_MAX_UNIX_MS) or now_ms
    return _with_error(copy, error)


def dead_letter_headers(
    headers: Mapping[str, object], *, reason: str, origin: str, now_ms: int, error: str | None = None
) -> dict[str, object]:
    """Make the headers of a dead letter.

    Args:
        headers: The delivery's headers.
        reason: Why, in one short word; cut to 128 characters.
        origin: The lane it came from.
        now_ms: Wall clock in Unix milliseconds; kept only if no earlier copy has set it.
        error: Class name of the error that caused it.
    """
    copy = retry_headers(headers, failures=attempts_failed(headers), now_ms=now_ms, error=error)
    copy[REASON] = _text(reason)
    copy[ORIGIN] = _text(origin)
    return copy


def replay_headers(headers: Mapping[str, object]) -> dict[str, object]:
    """Make the headers of a dead letter that is put back: no attempts, one replay more."""
    copy = without_broker_headers(headers)
    for name in (REASON, ERROR, ORIGIN, UNREADABLE):
        copy.pop(name, None)
    copy[ATTEMPT] = 0
    copy[REPLAYED] = min(times_replayed(headers) + 1, MAX_ATTEMPT)
    return copy


def _with_error(copy: dict[str, object], error: str | None) -> dict[str, object]:
    copy.pop(ERROR, None)
    if error is not None:
        copy[ERROR] = _text(error)
    return copy


def _count(value: object, *, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        return 0
    return min(max(value, 0), most)


def _text(value: str) -> str:
    return value[:_MAX_TEXT]
