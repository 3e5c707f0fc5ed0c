"""The catalogue of what is counted and measured."""

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric's name, kind, labels and meaning.

    Attributes:
        name: Prometheus name; counters without the ``_total`` suffix, which the exporter adds.
        kind: ``counter``, ``histogram`` or ``gauge``.
        help: One sentence for the operator.
        labels: Label names, in the order in which values are passed.
        buckets: Upper bounds of a histogram, in the metric's unit.
    """

    name: str
    kind: Literal["counter", "histogram", "gauge"]
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


_ANSWER_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 2.7, 3.0, 5.0)
_HANDLER_BUCKETS: Final = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_LAG_BUCKETS: Final = (0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

DELIVERIES: Final = Metric("gp_deliveries", "counter", "Deliveries settled, by lane and outcome.", ("lane", "outcome"))
LOST_ACKS: Final = Metric("gp_lost_acks", "counter", "Settlements the broker was not told of.", ("lane",))
FIRST_ANSWER: Final = Metric(
    "gp_interaction_first_answer_seconds",
    "histogram",
    "Time from an interaction's creation to its first answer; Discord's limit is 3 s.",
    ("kind", "answer"),
    _ANSWER_BUCKETS,
)
HANDLER_DURATION: Final = Metric(
    "gp_handler_duration_seconds", "histogram", "Time a handler ran.", ("handler", "outcome"), _HANDLER_BUCKETS
)
IN_FLIGHT: Final = Metric("gp_in_flight", "gauge", "Deliveries being worked on.", ("lane",))
CLAIMS: Final = Metric("gp_claims", "counter", "Claims by lane and verdict.", ("lane", "verdict"))
COMPLETIONS: Final = Metric(
    "gp_claim_completions",
    "counter",
    "Claims completed, by what was found: ok, recreated after a loss, or already and stale for what ran twice.",
    ("result",),
)
ADMISSIONS: Final = Metric("gp_admissions", "counter", "Limit and cooldown decisions.", ("decision",))
RETRIES: Final = Metric("gp_retries", "counter", "Copies published to delay queues.", ("lane",))
DEAD_LETTERS: Final = Metric("gp_dead_letters", "counter", "Dead letters by lane and reason.", ("lane", "reason"))
SUSPECTS: Final = Metric(
    "gp_suspects", "counter", "Deliveries that may have killed a worker: events then run alone, interactions no more."
)
STATE_FAILURES: Final = Metric("gp_state_failures", "counter", "State operations that failed.", ("operation",))
UNREADABLE_SESSIONS: Final = Metric(
    "gp_unreadable_sessions", "counter", "Sessions that another program or another version of a class wrote."
)
CLOCK_SKEW: Final = Metric("gp_late_at_first_delivery", "counter", "Interactions already late when first delivered.")
RECONNECTS: Final = Metric("gp_broker_reconnects", "counter", "Broker connections rebuilt.", ("reason",))
LOOP_LAG: Final = Metric(
    "gp_event_loop_lag_seconds",
    "histogram",
    "How much later than asked the event loop wakes a task; large where a handler blocks it.",
    (),
    _LAG_BUCKETS,
)
DISCORD_CALLS: Final = Metric("gp_discord_calls", "counter", "Calls to Discord.", ("operation", "outcome"))

CATALOGUE: Final = (
    DELIVERIES,
    LOST_ACKS,
    FIRST_ANSWER,
    HANDLER_DURATION,
    IN_FLIGHT,
    CLAIMS,
    COMPLETIONS,
    ADMISSIONS,
    RETRIES,
    DEAD_LETTERS,
    SUSPECTS,
    STATE_FAILURES,
    UNREADABLE_SESSIONS,
    CLOCK_SKEW,
    RECONNECTS,
    LOOP_LAG,
    DISCORD_CALLS,
)
"""Every metric, for exporters and their tests."""
