"""What happens to a delivery in the end.

The dispositions are values: the use cases return exactly one for each delivery, and
``gpcore.application.settlement`` alone carries it out.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ack:
    """Done with it: acknowledge.

    Attributes:
        outcome: A short word that is counted, such as ``handled``, ``duplicate`` or ``late``.
    """

    outcome: str


@dataclass(frozen=True, slots=True)
class Retry:
    """Publish a copy to a delay queue, then acknowledge.

    Attributes:
        outcome: A short word that is counted, such as ``retried`` or ``busy``.
        after: Seconds to wait, as ``gpcore.domain.retrying`` chose them.
        counts: Whether this was an attempt. A delivery that only waits for another owner's lease
            burns none.
        error: The class name of the error that caused it, for the ``gp-error`` header.
    """

    outcome: str
    after: float
    counts: bool = True
    error: str | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Publish a redacted copy to the lane's dead-letter queue, then acknowledge.

    Attributes:
        reason: The ``gp-reason`` header, such as ``not_json`` or ``attempts``.
        error: The class name of the error that caused it, if a handler raised one.
    """

    reason: str
    error: str | None = None


@dataclass(frozen=True, slots=True)
class GiveBack:
    """Return it to its queue at once, for another worker (drain, or state down for too long).

    Attributes:
        outcome: A short word that is counted.
    """

    outcome: str


Disposition = Ack | Retry | DeadLetter | GiveBack
