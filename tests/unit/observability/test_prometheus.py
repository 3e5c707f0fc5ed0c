import math
from importlib import metadata

import prometheus_client
import pytest

from gpadapters.observability.prometheus import PrometheusTelemetry
from gpcore.domain.metrics import CATALOGUE, CLAIMS, CLOCK_SKEW, FIRST_ANSWER, HANDLER_DURATION, IN_FLIGHT, LOST_ACKS
from tests.unit.observability.exposition import Exposition

MISFITS = "gp_telemetry_misfits_total"


@pytest.fixture
def telemetry() -> PrometheusTelemetry:
    return PrometheusTelemetry(version="1.2.3")


def test_every_metric_of_the_catalogue_is_exposed_before_its_first_use(telemetry: PrometheusTelemetry) -> None:
    families = Exposition(telemetry).families

    assert {metric.name: families.get(metric.name) for metric in CATALOGUE} == {
        metric.name: metric.kind for metric in CATALOGUE
    }


def test_a_counter_without_labels_is_zero_before_its_first_use(telemetry: PrometheusTelemetry) -> None:
    assert Exposition(telemetry).value("gp_late_at_first_delivery_total") == 0


def test_the_content_type_is_prometheus_text(telemetry: PrometheusTelemetry) -> None:
    content_type = Exposition(telemetry).content_type

    assert content_type.startswith("text/plain; version=")
    assert content_type.endswith("charset=utf-8")


def test_a_histogram_has_the_buckets_of_the_catalogue(telemetry: PrometheusTelemetry) -> None:
    telemetry.observe(FIRST_ANSWER, 2.6, "command", "message")
    exposition = Exposition(telemetry)

    def bucket(bound: str) -> float | None:
        return exposition.value(f"{FIRST_ANSWER.name}_bucket", kind="command", answer="message", le=bound)

    assert [bucket(str(bound)) for bound in FIRST_ANSWER.buckets] == [0.0] * 11 + [1.0] * 3
    assert bucket("+Inf") == 1
    assert exposition.value(f"{FIRST_ANSWER.name}_sum", kind="command", answer="message") == 2.6


def test_says_which_version_runs(telemetry: PrometheusTelemetry) -> None:
    assert Exposition(telemetry).value("gp_build_info", version="1.2.3") == 1


def test_the_version_is_the_installed_one_unless_given() -> None:
    assert Exposition(PrometheusTelemetry()).value("gp_build_info", version=metadata.version("gp-worker")) == 1


def test_a_source_tree_that_is_not_installed_has_an_unknown_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gpadapters.observability.prometheus._DISTRIBUTION", "gp-worker-that-nobody-installed")

    assert Exposition(PrometheusTelemetry()).value("gp_build_info", version="unknown") == 1


@pytest.mark.skipif("sys.platform != 'linux'", reason="the collector reads /proc")
def test_tells_of_the_process(telemetry: PrometheusTelemetry) -> None:
    exposition = Exposition(telemetry)

    assert (exposition.value("process_resident_memory_bytes") or 0) > 1_000_000
    assert (exposition.value("process_cpu_seconds_total") or 0) > 0


def test_two_in_one_process_share_nothing(telemetry: PrometheusTelemetry) -> None:
    telemetry.count(CLOCK_SKEW)

    assert Exposition(PrometheusTelemetry(version="1.2.3")).value("gp_late_at_first_delivery_total") == 0
    assert b"gp_" not in prometheus_client.generate_latest(prometheus_client.REGISTRY)


def test_creation_times_do_not_double_the_series(telemetry: PrometheusTelemetry) -> None:
    telemetry.count(CLAIMS, "events", "claimed")
    telemetry.observe(FIRST_ANSWER, 1.0, "command", "message")

    assert [name for name in Exposition(telemetry).names() if name.endswith("_created")] == []


@pytest.mark.parametrize("labels", [(), ("events", "one too many")])
def test_wrong_labels_are_counted_as_misfits(telemetry: PrometheusTelemetry, labels: tuple[str, ...]) -> None:
    telemetry.count(LOST_ACKS, *labels)
    telemetry.gauge(IN_FLIGHT, 1.0, *labels)
    telemetry.observe(FIRST_ANSWER, 1.0, *labels[1:])
    exposition = Exposition(telemetry)

    for metric in (LOST_ACKS, IN_FLIGHT, FIRST_ANSWER):
        assert exposition.value(MISFITS, metric=metric.name) == 1


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_value_that_would_spoil_a_histograms_sum_is_left_out(telemetry: PrometheusTelemetry, value: float) -> None:
    telemetry.observe(FIRST_ANSWER, 1.0, "command", "message")
    telemetry.observe(FIRST_ANSWER, value, "command", "message")
    exposition = Exposition(telemetry)

    assert exposition.value(f"{FIRST_ANSWER.name}_sum", kind="command", answer="message") == 1.0
    assert exposition.value(MISFITS, metric=FIRST_ANSWER.name) == 1


def test_a_label_that_cannot_be_encoded_does_not_break_later_scrapes(telemetry: PrometheusTelemetry) -> None:
    telemetry.count(LOST_ACKS, "lane \ud800")

    assert Exposition(telemetry).value("gp_lost_acks_total", lane="lane ?") == 1


def test_labels_that_are_written_alike_share_a_series(telemetry: PrometheusTelemetry) -> None:
    telemetry.count(LOST_ACKS, "lane \ud800")
    telemetry.count(LOST_ACKS, "lane ?")

    assert telemetry.render()[0].decode().count('gp_lost_acks_total{lane="lane ?"} 2.0') == 1


@pytest.mark.parametrize("bound", HANDLER_DURATION.buckets)
def test_a_measurement_at_a_bound_lies_below_it(telemetry: PrometheusTelemetry, bound: float) -> None:
    telemetry.observe(HANDLER_DURATION, bound, "command:ping", "returned")
    telemetry.observe(HANDLER_DURATION, math.nextafter(bound, math.inf), "command:ping", "returned")

    bucket = {"handler": "command:ping", "outcome": "returned", "le": str(bound)}
    assert Exposition(telemetry).value(f"{HANDLER_DURATION.name}_bucket", **bucket) == 1
