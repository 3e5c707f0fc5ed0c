"""Which fault may make one event run twice, and which may keep an interaction from its answer.

An event has its effect a second time only if two things meet: there was a *copy* (its delivery came back, or was
published again), and the *guard* failed (nothing said that it had been done). Each repeated effect must name a
fault of its own that broke the guard.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tests.faults.diary import Run
from tests.faults.schedule import OF_THE_BROKER, OF_THE_STATE, Kind

MARKING: Final = 2.0
"""Seconds from an effect until it is marked as done on a machine that is busy with other things."""

CLAIMING: Final = 1.0
"""Seconds before a handler's start in which it was claimed."""

ANSWERING: Final = 3.0
"""Seconds that Discord waits for a first answer."""

FOR_EVER: Final = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault that was done.

    Attributes:
        kind: What was done.
        began: When it began, in Unix seconds.
        ended: When every worker was ready again.
        process: The process id of the worker that it was done to; 0 for a server's.
    """

    kind: Kind
    began: float
    ended: float
    process: int = 0

    def touches(self, since: float, until: float) -> bool:
        """Tell whether some of it lies between two moments."""
        return self.began <= until and since <= self.ended


def copied(fault: Fault, *, sent: float, until: float) -> bool:
    """Tell whether a fault may have made a copy of what was sent first at ``sent``.

    A killed worker's deliveries come back, and so do those of a connection that was lost; a publisher whose
    confirmation was lost publishes again. A pause makes none: the broker waits much longer for a heartbeat.
    """
    return (fault.kind is Kind.WORKER_KILLED or fault.kind in OF_THE_BROKER) and fault.touches(sent, until)


def unguarded(fault: Fault, run: Run, *, until: float) -> bool:
    """Tell whether a fault may be why nothing said that this run had had its effect.

    Args:
        fault: What was done.
        run: A run that had its effect.
        until: When the next one began.
    """
    assert run.done is not None
    marked = run.done + MARKING
    if fault.kind is Kind.WORKER_KILLED:
        return fault.process == run.process and run.done <= fault.began <= marked
    if fault.kind is Kind.WORKER_PAUSED:
        return fault.process == run.process and fault.touches(run.began, marked)
    if fault.kind not in OF_THE_STATE:
        return False
    forgot = fault.kind is Kind.STATE_RESTARTED and fault.touches(run.done, until)
    return forgot or fault.touches(run.began - CLAIMING, marked)


def unexplained(runs: Sequence[Run], faults: Sequence[Fault], *, sent: float, parked: bool) -> int:
    """Count the repeats of one event that no fault of their own explains.

    Args:
        runs: All its runs, in order.
        faults: All that was done.
        sent: When it was first published.
        parked: Whether it is among the dead letters too: after an effect that is a repeat like any other.
    """
    effective = [run for run in runs if run.done is not None]
    untils = [run.began for run in effective[1:]] + ([FOR_EVER] if parked and effective else [])
    left = list(faults)
    missing = 0
    for run, until in zip(effective, untils, strict=False):
        broken = next((fault for fault in left if unguarded(fault, run, until=until)), None)
        if broken is None or not any(copied(fault, sent=sent, until=until) for fault in faults):
            missing += 1
        else:
            left.remove(broken)
    return missing


def may_be_unanswered(faults: Sequence[Fault], *, sent: float) -> bool:
    """Tell whether a fault touched the three seconds in which an interaction's first answer was due."""
    return any(fault.touches(sent, sent + ANSWERING) for fault in faults)
