"""The field types of the wire formats: what each field may hold, said once for checks and schema."""

from typing import Annotated, Final

from pydantic import Field, StringConstraints, WithJsonSchema

from gpcore.domain.ids import DISCORD_EPOCH_MS, LARGEST_SNOWFLAKE

_LARGEST_EXACT: Final = 2**53
"""Beyond this a publisher written in JavaScript has already lost digits."""

_PRINTABLE: Final = r"^[^\x00-\x1f\x7f-\x9f]+$"


_ID: Final = r"[1-9][0-9]{16,19}"
"""What a publisher is told; the bound is left out for its length."""


def _ids_within_bounds() -> str:
    """Return a pattern of 17 to 19 digits, or of 20 that are no more than the largest."""
    largest = LARGEST_SNOWFLAKE
    below = [
        f"{largest[:at]}[0-{int(digit) - 1}][0-9]{{{len(largest) - at - 1}}}"
        for at, digit in enumerate(largest)
        if at and digit != "0"
    ]
    return "|".join(["[1-9][0-9]{16,18}", *below, largest])


_BOUNDED_ID: Final = _ids_within_bounds()

Snowflake = Annotated[
    str,
    StringConstraints(pattern=f"^({_BOUNDED_ID})$"),
    WithJsonSchema({"type": "string", "pattern": f"^{_ID}$"}),
]
"""17 to 20 ASCII digits, at most 2**64 - 1."""

UNKNOWN_USER: Final = "unknown"
"""What the original ingestor writes for a member who is no longer known."""


UserIdOrUnknown = Annotated[
    str,
    StringConstraints(pattern=f"^({UNKNOWN_USER}|{_BOUNDED_ID})$"),
    WithJsonSchema({"type": "string", "pattern": f"^({UNKNOWN_USER}|{_ID})$"}),
]
"""The user of a v1 event."""

EventId = Annotated[
    str, StringConstraints(pattern=r"^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$")
]
"""A UUID of any version in any case; it is an idempotency key, so nothing else will do."""

EventType = Annotated[str, StringConstraints(pattern=_PRINTABLE, max_length=255)]
"""An AMQP routing key is at most 255 bytes, so no publisher has a longer one."""

DispatchName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,63}$")]
"""Discord's name of a gateway event."""

CommandName = Annotated[str, StringConstraints(pattern=_PRINTABLE, max_length=100)]
"""Discord's limit is 32; the slack is for its future. Spaces and upper case are legal."""

CustomId = Annotated[str, StringConstraints(min_length=1, max_length=100)]
"""Counted in code points."""

InteractionToken = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$", max_length=1024)]
"""Becomes a segment of a URL's path, so its alphabet is closed."""

UnixMs = Annotated[int, Field(ge=DISCORD_EPOCH_MS, lt=_LARGEST_EXACT)]
"""Milliseconds; seconds would lie before Discord's epoch and are refused by that."""

ShardId = Annotated[int, Field(ge=0, lt=_LARGEST_EXACT)]
ShardCount = Annotated[int, Field(ge=1, lt=_LARGEST_EXACT)]
Sequence = Annotated[int, Field(ge=0, lt=_LARGEST_EXACT)]

Texts = Annotated[list[str], Field(fail_fast=True)]
"""One wrong item is enough: a hostile list must not yield a fault for each of a million."""
