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
        appears: What must happen before it has a series; empty if any work is enough.
    """

    name: str
    kind: Literal["counter", "histogram", "gauge"]
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()
    appears: str = ""


_ANSWER_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 2.7, 3.0, 5.0)
_HANDLER_BUCKETS: Final = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_LAG_BUCKETS: Final = (0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_STATE_BUCKETS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0)
_CALL_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
"""OpenTelemetry's advice for ``http.client.request.duration``."""

# --- the deadline ---

FIRST_ANSWER: Final = Metric(
    "gp_interaction_first_answer_seconds",
    "histogram",
    "Time from an interaction's creation to its first answer; Discord's limit is 3 s.",
    ("kind", "answer"),
    _ANSWER_BUCKETS,
)
MISSES: Final = Metric(
    "gp_interactions_missed",
    "counter",
    "Interactions that got no first answer: late, shed for want of time or a slot, expired, or unanswered.",
    ("reason",),
    appears="an interaction that is not answered in time",
)
OLDEST_WAITING: Final = Metric(
    "gp_oldest_waiting_interaction_seconds",
    "gauge",
    "Greatest age, within the last 15 s, of an interaction that waited for its first answer; 0 if none did.",
)
CLOCK_SKEW: Final = Metric("gp_late_at_first_delivery", "counter", "Interactions already late when first delivered.")

# --- the flow of deliveries ---

DELIVERIES: Final = Metric("gp_deliveries", "counter", "Deliveries settled, by lane and outcome.", ("lane", "outcome"))
PROCESS_DURATION: Final = Metric(
    "messaging_process_duration_seconds",
    "histogram",
    "Time from a delivery's receipt to its settlement, waiting for a slot included.",
    ("lane",),
    _HANDLER_BUCKETS,
)
HANDLER_DURATION: Final = Metric(
    "gp_handler_duration_seconds", "histogram", "Time a handler ran.", ("handler", "outcome"), _HANDLER_BUCKETS
)
IN_FLIGHT: Final = Metric("gp_in_flight", "gauge", "Deliveries being worked on.", ("lane",))
QUEUE_READY: Final = Metric(
    "gp_queue_messages_ready",
    "gauge",
    "Messages that wait in the lane's queue, as the broker last said; a worker asks every half minute.",
    ("lane",),
)
CONSUMING: Final = Metric("gp_consuming", "gauge", "1 while the lane is consumed, 0 while it is not.", ("lane",))
LOST_ACKS: Final = Metric(
    "gp_lost_acks",
    "counter",
    "Settlements the broker was not told of.",
    ("lane",),
    appears="a connection to the broker lost with deliveries in hand",
)
RETRIES: Final = Metric(
    "gp_retries", "counter", "Copies published to delay queues.", ("lane",), appears="a delivery that is tried again"
)
DEAD_LETTERS: Final = Metric(
    "gp_dead_letters", "counter", "Dead letters by lane and reason.", ("lane", "reason"), appears="a dead letter"
)
SUSPECTS: Final = Metric(
    "gp_suspects", "counter", "Deliveries that may have killed a worker: events then run alone, interactions no more."
)
RECONNECTS: Final = Metric(
    "gp_broker_reconnects", "counter", "Broker connections rebuilt.", ("reason",), appears="a lost broker connection"
)

# --- state ---

CLAIMS: Final = Metric("gp_claims", "counter", "Claims by lane and verdict.", ("lane", "verdict"))
COMPLETIONS: Final = Metric(
    "gp_claim_completions",
    "counter",
    "Claims completed, by what was found: ok, recreated after a loss, or already and stale for what ran twice.",
    ("result",),
)
ADMISSIONS: Final = Metric("gp_admissions", "counter", "Limit and cooldown decisions.", ("decision",))
STATE_FAILURES: Final = Metric(
    "gp_state_failures",
    "counter",
    "State operations that failed.",
    ("operation",),
    appears="a state store that does not answer",
)
STATE_DURATION: Final = Metric(
    "db_client_operation_duration_seconds",
    "histogram",
    "Time of a call to Redis, by command or script; error_type is empty for success.",
    ("db_operation_name", "error_type"),
    _STATE_BUCKETS,
    appears="a state store that is Redis",
)
UNREADABLE_SESSIONS: Final = Metric(
    "gp_unreadable_sessions", "counter", "Sessions that another program or another version of a class wrote."
)

# --- Discord ---

DISCORD_CALLS: Final = Metric("gp_discord_calls", "counter", "Calls to Discord.", ("operation", "outcome"))
DISCORD_DURATION: Final = Metric(
    "http_client_request_duration_seconds",
    "histogram",
    "Time of a request to Discord, by route and status; the status is empty if no answer came.",
    ("http_request_method", "url_template", "http_response_status_code"),
    _CALL_BUCKETS,
)
LIMIT_WAITS: Final = Metric(
    "gp_rate_limit_wait_seconds",
    "histogram",
    "Time that a call as the bot waited for Discord's rate limits before it was sent.",
    ("operation",),
    _CALL_BUCKETS,
    appears="a call as the bot that must wait",
)

# --- the process ---

LOOP_LAG: Final = Metric(
    "gp_event_loop_lag_seconds",
    "histogram",
    "How much later than asked the event loop wakes a task; large where a handler blocks it.",
    (),
    _LAG_BUCKETS,
)
MEMORY_THRESHOLD: Final = Metric(
    "gp_memory_threshold_bytes", "gauge", "Resident memory above which `/health` says unhealthy."
)

CATALOGUE: Final = (
    FIRST_ANSWER,
    MISSES,
    OLDEST_WAITING,
    CLOCK_SKEW,
    DELIVERIES,
    PROCESS_DURATION,
    HANDLER_DURATION,
    IN_FLIGHT,
    QUEUE_READY,
    CONSUMING,
    LOST_ACKS,
    RETRIES,
    DEAD_LETTERS,
    SUSPECTS,
    RECONNECTS,
    CLAIMS,
    COMPLETIONS,
    ADMISSIONS,
    STATE_FAILURES,
    STATE_DURATION,
    UNREADABLE_SESSIONS,
    DISCORD_CALLS,
    DISCORD_DURATION,
    LIMIT_WAITS,
    LOOP_LAG,
    MEMORY_THRESHOLD,
)
"""Every metric, for exporters and their tests."""
