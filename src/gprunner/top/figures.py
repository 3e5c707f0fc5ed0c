"""The figures of a worker that matter at night."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

from gprunner.top.series import Series

_MB: Final = 1_048_576
_LANES: Final = ("interactions", "events")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One worker, or all together.

    Attributes:
        name: Its address, with its name under a parent.
        fault: Why there are no figures; empty if there are.
        version: What runs.
        consuming: Lanes that are consumed.
        oldest_s: Age of the oldest interaction without a first answer, in seconds.
        p50_s, p99_s: Time to first answer in seconds; ``None`` if nothing was answered.
        answers: First answers.
        missed: Interactions that got none.
        settled: Deliveries settled.
        retries, dead: Copies to delay queues and to dead letters.
        in_flight: Deliveries in hand.
        waiting: Messages at the broker, as last known.
        lag_p99_s: How late the event loop is, in seconds.
        memory_mb: Resident memory in MiB.
        seconds: The time that the counts are of; 0 for the worker's whole life.
    """

    name: str
    fault: str = ""
    version: str = ""
    consuming: tuple[str, ...] = ()
    oldest_s: float = 0.0
    p50_s: float | None = None
    p99_s: float | None = None
    answers: float = 0.0
    missed: float = 0.0
    settled: float = 0.0
    retries: float = 0.0
    dead: float = 0.0
    in_flight: float = 0.0
    waiting: float = 0.0
    lag_p99_s: float | None = None
    memory_mb: float = 0.0
    seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return asdict(self)


def figures(name: str, now: Series, before: Series | None, seconds: float) -> Figures:
    """Return a worker's figures: what is so now, and what was done since the look before.

    Args:
        name: What to call it.
        now: Its series.
        before: Its series at the look before; ``None`` counts its whole life.
        seconds: Between the two looks.
    """
    done = now if before is None else now.since(before)
    waiting = [now.greatest("gp_queue_messages_ready", lane=lane) for lane in _LANES]
    return Figures(
        name=name,
        version=now.label("gp_build_info", "version"),
        consuming=tuple(lane for lane in _LANES if now.greatest("gp_consuming", lane=lane) == 1),
        oldest_s=now.greatest("gp_oldest_waiting_interaction_seconds") or 0.0,
        p50_s=done.quantile("gp_interaction_first_answer_seconds", 0.5),
        p99_s=done.quantile("gp_interaction_first_answer_seconds", 0.99),
        answers=done.total("gp_interaction_first_answer_seconds_count"),
        missed=done.total("gp_interactions_missed_total"),
        settled=done.total("gp_deliveries_total"),
        retries=done.total("gp_retries_total"),
        dead=done.total("gp_dead_letters_total"),
        in_flight=now.total("gp_in_flight"),
        waiting=sum(found for found in waiting if found is not None),
        lag_p99_s=done.quantile("gp_event_loop_lag_seconds", 0.99),
        memory_mb=now.total("process_resident_memory_bytes") / _MB,
        seconds=0.0 if before is None else seconds,
    )


def together(workers: Iterable[Figures], series: Iterable[Series]) -> Figures:
    """Return the figures of all: sums, and quantiles over everybody's answers.

    Args:
        workers: Those that answered.
        series: What each of them did in the time.
    """
    answered = list(workers)
    merged: dict[Any, float] = {}
    for one in series:
        for key, value in one.values.items():
            merged[key] = merged.get(key, 0.0) + value
    everybody = Series(merged)
    return Figures(
        name=f"all {len(answered)}",
        consuming=tuple(lane for lane in _LANES if any(lane in one.consuming for one in answered)),
        oldest_s=max((one.oldest_s for one in answered), default=0.0),
        p50_s=everybody.quantile("gp_interaction_first_answer_seconds", 0.5),
        p99_s=everybody.quantile("gp_interaction_first_answer_seconds", 0.99),
        answers=sum(one.answers for one in answered),
        missed=sum(one.missed for one in answered),
        settled=sum(one.settled for one in answered),
        retries=sum(one.retries for one in answered),
        dead=sum(one.dead for one in answered),
        in_flight=sum(one.in_flight for one in answered),
        waiting=max((one.waiting for one in answered), default=0.0),
        lag_p99_s=everybody.quantile("gp_event_loop_lag_seconds", 0.99),
        memory_mb=sum(one.memory_mb for one in answered),
        seconds=max((one.seconds for one in answered), default=0.0),
    )
