"""What the demo counts: telemetry that also remembers."""

from collections import Counter
from collections.abc import Callable
from typing import Final

from typing_extensions import override

from gpcore.domain import metrics
from gpcore.domain.metrics import Metric
from gpcore.ports.telemetry import Telemetry

FAILED: Final = frozenset(
    {"failed", "timeout", "unanswered", "dead_lettered", "late", "shed", "expired", "publish_failed"}
)
"""Outcomes that nobody wants to see."""

AGAIN: Final = frozenset({"retried", "busy", "defer_lost", "discord_unavailable", "drained", "state_down"})
"""Outcomes of deliveries that come again."""

_MS: Final = 1000.0


class Tally(Telemetry):
    """Passes everything on to other telemetry and keeps what the table shows.

    Attributes:
        outcomes: Settled deliveries by outcome.
        answers: First answers by kind of answer.
    """

    __slots__ = ("_inner", "_render", "_times", "answers", "outcomes")

    def __init__(self, inner: Telemetry, render: Callable[[], tuple[bytes, str]]) -> None:
        self._inner: Final = inner
        self._render: Final = render
        self._times: Final[list[float]] = []
        self.outcomes: Final[Counter[str]] = Counter()
        self.answers: Final[Counter[str]] = Counter()

    @property
    def failed(self) -> int:
        """Deliveries that ended as nobody wants."""
        return sum(count for outcome, count in self.outcomes.items() if outcome in FAILED)

    @property
    def settled(self) -> int:
        """Deliveries settled for good so far."""
        return sum(self.outcomes.values()) - self.again

    @property
    def again(self) -> int:
        """Deliveries that were sent round once more."""
        return sum(count for outcome, count in self.outcomes.items() if outcome in AGAIN)

    def percentile_ms(self, share: float) -> float:
        """Return the time to first answer, in ms, that ``share`` of all answers stayed under."""
        if not self._times:
            return 0.0
        ordered = sorted(self._times)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * _MS

    @override
    def count(self, metric: Metric, *labels: str) -> None:
        if metric is metrics.DELIVERIES:
            self.outcomes[labels[1]] += 1
        self._inner.count(metric, *labels)

    @override
    def observe(self, metric: Metric, value: float, *labels: str) -> None:
        if metric is metrics.FIRST_ANSWER:
            self._times.append(value)
            self.answers[labels[1]] += 1
        self._inner.observe(metric, value, *labels)

    @override
    def gauge(self, metric: Metric, value: float, *labels: str) -> None:
        self._inner.gauge(metric, value, *labels)

    def render(self) -> tuple[bytes, str]:
        """Return the inner telemetry's exposition."""
        return self._render()
