from collections.abc import Callable

import pytest

from gpcore.domain.metrics import CATALOGUE, CLAIMS, CLOCK_SKEW, FIRST_ANSWER, HANDLER_DURATION, IN_FLIGHT, Metric
from gpcore.ports.telemetry import Telemetry

UNKNOWN = Metric("gp_unknown", "counter", "Stands in no catalogue.", ("lane",))

ODD_VALUES = [0.0, -1.0, 5e-324, 1e308, float("inf"), float("-inf"), float("nan")]
ODD_LABELS = ["", "a b", 'quote " and \\', "two\nlines", "ü", "\ud800", "x" * 10_000]

Read = Callable[..., float]


class TelemetryContract:
    """Subclasses give the fixtures ``telemetry`` and ``read``.

    ``read(metric, *labels)`` returns a counter's or a gauge's value, or how many measurements a
    histogram has taken.
    """

    def test_counts_each_series_by_itself(self, telemetry: Telemetry, read: Read) -> None:
        telemetry.count(CLAIMS, "interactions", "claimed")
        telemetry.count(CLAIMS, "interactions", "claimed")
        telemetry.count(CLAIMS, "events", "claimed")
        telemetry.count(CLOCK_SKEW)

        assert read(CLAIMS, "interactions", "claimed") == 2
        assert read(CLAIMS, "events", "claimed") == 1
        assert read(CLOCK_SKEW) == 1

    def test_keeps_every_measurement_of_a_histogram(self, telemetry: Telemetry, read: Read) -> None:
        for seconds in (0.1, 0.1, 700.0):
            telemetry.observe(HANDLER_DURATION, seconds, "ping", "ok")

        assert read(HANDLER_DURATION, "ping", "ok") == 3

    def test_a_gauge_has_the_last_value_it_was_set_to(self, telemetry: Telemetry, read: Read) -> None:
        telemetry.gauge(IN_FLIGHT, 5, "events")
        telemetry.gauge(IN_FLIGHT, 3, "events")
        telemetry.gauge(IN_FLIGHT, 7, "interactions")

        assert read(IN_FLIGHT, "events") == 3
        assert read(IN_FLIGHT, "interactions") == 7

    @pytest.mark.parametrize("metric", CATALOGUE, ids=lambda metric: metric.name)
    def test_takes_every_metric_of_the_catalogue(self, telemetry: Telemetry, read: Read, metric: Metric) -> None:
        labels = [f"{name} value" for name in metric.labels]
        match metric.kind:
            case "counter":
                telemetry.count(metric, *labels)
            case "histogram":
                telemetry.observe(metric, 1.0, *labels)
            case "gauge":
                telemetry.gauge(metric, 1.0, *labels)

        assert read(metric, *labels) == 1

    @pytest.mark.parametrize("value", ODD_VALUES)
    def test_never_raises_whatever_the_value_is(self, telemetry: Telemetry, read: Read, value: float) -> None:
        telemetry.observe(FIRST_ANSWER, value, "command", "message")
        telemetry.gauge(IN_FLIGHT, value, "events")
        telemetry.count(CLOCK_SKEW)

        assert read(CLOCK_SKEW) == 1

    @pytest.mark.parametrize("label", ODD_LABELS, ids=range(len(ODD_LABELS)))
    def test_never_raises_whatever_the_labels_hold(self, telemetry: Telemetry, read: Read, label: str) -> None:
        telemetry.count(CLAIMS, label, label)
        telemetry.count(CLAIMS, "events", "claimed")

        assert read(CLAIMS, "events", "claimed") == 1

    @pytest.mark.parametrize("labels", [(), ("events",), ("events", "claimed", "one too many")], ids=len)
    def test_never_raises_for_labels_that_do_not_fit(
        self, telemetry: Telemetry, read: Read, labels: tuple[str, ...]
    ) -> None:
        telemetry.count(CLAIMS, *labels)
        telemetry.observe(HANDLER_DURATION, 1.0, *labels[1:])
        telemetry.gauge(IN_FLIGHT, 1.0, "events", *labels)

        assert read(CLAIMS, "events", "claimed") == 0

    def test_never_raises_for_a_metric_that_it_does_not_know_or_of_another_kind(
        self, telemetry: Telemetry, read: Read
    ) -> None:
        telemetry.count(UNKNOWN, "events")
        telemetry.count(IN_FLIGHT, "events")
        telemetry.observe(CLAIMS, 1.0, "events", "claimed")
        telemetry.gauge(CLAIMS, 1.0, "events", "claimed")

        assert read(CLOCK_SKEW) == 0
