"""Dead letters: what one tells about itself, which are meant, and whether one may be put back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gpcore.domain.claims import DONE_KEPT_US
from gpcore.domain.headers import ERROR, REASON, attempts_failed, first_seen_ms, times_replayed
from gpcore.domain.wire_message import Lane

UNKNOWN: Final = "unknown"
MAX_REPLAYS: Final = 3
"""A message that was put back so often and came here again will not be helped by a fourth time."""

GUARDED_MS: Final = DONE_KEPT_US // 1000 - 3_600_000
"""So long after gp saw an event first, its claim surely remembers what became of it: a day, less an hour for clocks."""

UNGUARDED: Final = "unguarded"
"""Why a letter that is older than that is left."""

_LONGEST: Final = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetterEntry:
    """One dead letter, without its body.

    Attributes:
        id: The event id; ``body:`` and a digest where there is none.
        lane: Whose dead-letter queue it is in.
        reason: Why it is there; the broker's own reasons begin with ``broker:``.
        event_type: As in the envelope; what the body says if it does not decode, ``unknown`` if it says nothing.
        decodes: Whether a worker could make anything of the body.
        attempts: How many attempts had failed.
        error: Class name of the last error, empty if there was none.
        first_seen_ms: When gp first gave it back (Unix ms); 0 if only the broker did.
        replayed: How often it was put back before.
    """

    id: str
    lane: Lane
    reason: str
    event_type: str = UNKNOWN
    decodes: bool = True
    attempts: int = 0
    error: str = ""
    first_seen_ms: int = 0
    replayed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which dead letters are meant; ``None`` means any.

    Attributes:
        id: One event id, whatever its case.
        reason: The whole reason, or what stands before its colon.
        event_type: The whole type, or a family such as ``member``.
    """

    id: str | None = None
    reason: str | None = None
    event_type: str | None = None

    def meets(self, entry: DeadLetterEntry) -> bool:
        """Tell whether an entry is meant."""
        return (
            (self.id is None or self.id.lower() == entry.id)
            and (self.reason is None or self.reason in {entry.reason, entry.reason.partition(":")[0]})
            and (self.event_type is None or f"{entry.event_type}.".startswith(f"{self.event_type}."))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetterGroup:
    """Dead letters of one lane, reason and type.

    Attributes:
        count: How many there are.
        oldest_ms: The earliest known ``first_seen_ms``; 0 if none is known.
        example: The id of the first one.
    """

    lane: Lane
    reason: str
    event_type: str
    count: int
    oldest_ms: int
    example: str


def entry_of(
    headers: Mapping[str, object], *, letter_id: str, lane: Lane, event_type: str, decodes: bool = True
) -> DeadLetterEntry:
    """Read what a dead letter's headers tell; none of them is trusted to have a sane value."""
    error = headers.get(ERROR)
    return DeadLetterEntry(
        id=letter_id,
        lane=lane,
        reason=_reason(headers),
        event_type=event_type,
        decodes=decodes,
        attempts=attempts_failed(headers),
        error=error[:_LONGEST] if isinstance(error, str) else "",
        first_seen_ms=first_seen_ms(headers),
        replayed=times_replayed(headers),
    )


def obstacle(entry: DeadLetterEntry, *, now_ms: int, unguarded: bool = False) -> str | None:
    """Say in a word why a dead letter must not be put back, or return ``None``.

    An interaction's token is dead or redacted; a body that does not decode would come straight back. What
    gp saw first so long ago that its claim may be forgotten, or never saw itself, may have been processed
    without anybody knowing.

    Args:
        entry: The letter.
        now_ms: Unix milliseconds.
        unguarded: Whether a second effect is accepted where nothing guards against it.
    """
    if entry.lane is Lane.INTERACTIONS:
        return "interaction"
    if not entry.decodes:
        return "undecodable"
    if entry.replayed >= MAX_REPLAYS:
        return "replayed_too_often"
    return None if unguarded or now_ms - entry.first_seen_ms < GUARDED_MS else UNGUARDED


def grouped(entries: Iterable[DeadLetterEntry]) -> Sequence[DeadLetterGroup]:
    """Group entries by lane, reason and type, the largest group first."""
    groups: dict[tuple[Lane, str, str], list[DeadLetterEntry]] = {}
    for entry in entries:
        groups.setdefault((entry.lane, entry.reason, entry.event_type), []).append(entry)
    found = [_group(members) for members in groups.values()]
    return sorted(found, key=lambda group: (-group.count, group.lane, group.reason, group.event_type))


def _group(members: Sequence[DeadLetterEntry]) -> DeadLetterGroup:
    first = members[0]
    return DeadLetterGroup(
        lane=first.lane,
        reason=first.reason,
        event_type=first.event_type,
        count=len(members),
        oldest_ms=min((one.first_seen_ms for one in members if one.first_seen_ms), default=0),
        example=first.id,
    )


def _reason(headers: Mapping[str, object]) -> str:
    """Return gp's reason, else the broker's: it tells its own in ``x-death``, the latest first."""
    ours = headers.get(REASON)
    if isinstance(ours, str) and ours:
        return ours[:_LONGEST]
    deaths = headers.get("x-death")
    latest = deaths[0] if isinstance(deaths, list) and deaths else None
    theirs = latest.get("reason") if isinstance(latest, Mapping) else None
    return f"broker:{theirs}"[:_LONGEST] if isinstance(theirs, str) else UNKNOWN
