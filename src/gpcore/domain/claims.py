"""Claims: who may process a delivery, and how far it got.

A claim is one value per event or interaction id. It says who owns it (``owner`` and a ``fence``
that grows with every claim), until when (``lease``), how many attempts were made, and for an
interaction what Discord has been told (``progress``).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LEASE_US: Final = 30_000_000
"""How long a silent owner keeps a claim."""

FIRST_ANSWER_LEASE_US: Final = 1_000_000
"""How long a silent owner keeps an interaction that has no first answer yet.

Discord waits 2.7 s for one, so another worker must be able to take over inside them. The owner
extends it a few times a second; a worker that stands still for longer may be overtaken, and
Discord then takes only one of the two answers.
"""

DONE_KEPT_US: Final = 24 * 3600 * 1_000_000
"""How long a finished id is remembered."""

MAX_ATTEMPTS: Final = 6
"""The first attempt and one for each rung of the retry ladder."""


class Verdict(StrEnum):
    """The answer to a claim."""

    CLAIMED = "claimed"
    """It is yours now."""
    OWNED = "owned"
    """It was yours already: a repeated request."""
    BUSY = "busy"
    """Another owner's lease still runs."""
    DONE = "done"
    """It was processed before."""
    EXHAUSTED = "exhausted"
    """Its attempts are used up."""


class Progress(StrEnum):
    """What Discord has been told about an interaction.

    The intent (``DEFERRING``, ``ANSWERING``, ``SPEAKING``) is written before the call, the fact
    after it, so a redelivery knows what may have happened.
    """

    NONE = "none"
    DEFERRING = "deferring"
    DEFERRED = "deferred"
    ANSWERING = "answering"
    """The first answer is on its way, and it is no defer."""
    SPEAKING = "speaking"
    """It was deferred, and the first word after that is on its way."""
    ANSWERED = "answered"


class Completion(StrEnum):
    """What completing a claim found."""

    OK = "ok"
    RECREATED = "recreated"
    """The key had vanished (flushed or evicted); it is marked done again."""
    ALREADY = "already"
    """Somebody had completed it before: it ran twice."""
    STALE = "stale"
    """Somebody else owns it now; nothing was written."""


class Reopening(StrEnum):
    """What reopening an id found."""

    REOPENED = "reopened"
    """Its attempts are forgotten."""
    ABSENT = "absent"
    """Nothing is known about it: nothing had to be done."""
    BUSY = "busy"
    """An owner's lease still runs; nothing was changed."""
    DONE = "done"
    """It was processed; nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Proof of a claim, needed for every later write.

    Attributes:
        claim_id: The event's or interaction's id.
        owner: A string that no other delivery of the fleet has.
        fence: Grows by one with every claim of this id.
    """

    claim_id: str
    owner: str
    fence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimResult:
    """A store's answer to a claim.

    Attributes:
        verdict: Whether the caller owns it.
        ticket: The proof; only meaningful for ``CLAIMED`` and ``OWNED``.
        attempts: Attempts made, this one included.
        progress: What an earlier attempt had told Discord, as it was before this claim.
        ephemeral: Whether that attempt deferred ephemerally.
        retry_after_us: For ``BUSY``: what is left of the other's lease.
    """

    verdict: Verdict
    ticket: Ticket
    attempts: int = 1
    progress: Progress = Progress.NONE
    ephemeral: bool = False
    retry_after_us: int = 0
