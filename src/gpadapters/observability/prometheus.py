"""Counts and measurements, exposed in Prometheus' text format."""

import math
from collections.abc import Iterable, Mapping
from importlib import metadata
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector
from typing_extensions import override

from gpadapters.observability.series import Kind, Series, encodable
from gpcore.domain.metrics import CATALOGUE, Metric
from gpcore.ports.telemetry import Telemetry

_DISTRIBUTION: Final = "gp-worker"


class PrometheusTelemetry(Telemetry):
    """Keeps the series of every metric in the catalogue, in a registry of its own.

    What does not fit the catalogue (an unknown metric, another kind, too few or too many labels, a
    histogram's value that is not finite) is left out and counted in ``gp_telemetry_misfits_total``. A
    metric has a thousand series at most; what would be another one is written under ``other``, and counted
    in ``gp_telemetry_folded_total``. Beside the catalogue there are ``gp_build_info`` and, on Linux, the
    process's memory, processor time and open files.

    Args:
        version: Label of ``gp_build_info``; the installed distribution's if not given.
    """

    def __init__(self, *, version: str | None = None) -> None:
        self._registry: Final = CollectorRegistry()
        self._counters: Final = {
            metric.name: Series(metric, Counter(metric.name, metric.help, metric.labels, registry=self._registry))
            for metric in _of_kind("counter")
        }
        self._gauges: Final = {
            metric.name: Series(metric, Gauge(metric.name, metric.help, metric.labels, registry=self._registry))
            for metric in _of_kind("gauge")
        }
        self._histograms: Final = {
            metric.name: Series(
                metric,
                Histogram(metric.name, metric.help, metric.labels, buckets=metric.buckets, registry=self._registry),
            )
            for metric in _of_kind("histogram")
        }
        self._misfits: Final = Counter(
            "gp_telemetry_misfits",
            "Measurements left out because they do not fit the catalogue.",
            ("metric",),
            registry=self._registry,
        )
        self._folded: Final = Counter(
            "gp_telemetry_folded",
            "Measurements counted under `other` because the metric has too many series.",
            ("metric",),
            registry=self._registry,
        )
        build = Gauge("gp_build_info", "1; the label says which version runs.", ("version",), registry=self._registry)
        build.labels(_installed_version() if version is None else version).set(1)
        ProcessCollector(registry=self._registry)

    @override
    def count(self, metric: Metric, *labels: str) -> None:
        counter = self._find(self._counters, metric, labels)
        if counter is not None:
            counter.inc()

    @override
    def observe(self, metric: Metric, value: float, *labels: str) -> None:
        if not math.isfinite(value):  # one such value would spoil the sum for good
            self._misfit(metric)
            return
        histogram = self._find(self._histograms, metric, labels)
        if histogram is not None:
            histogram.observe(value)

    @override
    def gauge(self, metric: Metric, value: float, *labels: str) -> None:
        gauge = self._find(self._gauges, metric, labels)
        if gauge is not None:
            gauge.set(value)

    def render(self) -> tuple[bytes, str]:
        """Return everything in the text exposition format, and its content type."""
        return generate_latest(_WithoutCreated(self._registry)), CONTENT_TYPE_LATEST

    def _find(self, known: Mapping[str, Series[Kind]], metric: Metric, labels: tuple[str, ...]) -> Kind | None:
        series = known.get(metric.name)
        found = None if series is None else series.find(labels)
        if series is None or found is None:
            self._misfit(metric)
        elif series.folds(labels):
            self._folded.labels(metric.name).inc()
        return found

    def _misfit(self, metric: Metric) -> None:
        self._misfits.labels(encodable(metric.name)).inc()


class _WithoutCreated(Collector):
    """The registry without the time at which each series began, which would double the series."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry

    @override
    def collect(self) -> Iterable[Family]:
        for family in self._registry.collect():
            family.samples = [sample for sample in family.samples if sample.name != f"{family.name}_created"]
            yield family


def _of_kind(kind: str) -> list[Metric]:
    return [metric for metric in CATALOGUE if metric.kind == kind]


def _installed_version() -> str:
    try:
        return metadata.version(_DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return "unknown"
