"""Counts and measurements, exposed in Prometheus' text format."""

import math
from collections import Counter
from functools import partial
from importlib import metadata
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from typing_extensions import override

from gpadapters.observability.families import SeriesCollector, TallyCollector
from gpadapters.observability.series import Distribution, Number, Series, encodable
from gpcore.domain.metrics import CATALOGUE, Metric
from gpcore.ports.telemetry import Telemetry

_DISTRIBUTION: Final = "gp-worker"


class PrometheusTelemetry(Telemetry):
    """Keeps the series of every metric in the catalogue, in a registry of its own.

    A worker measures more than ten times for each message, so what is written are plain numbers, by the event
    loop's thread alone; families and samples are made of them when somebody reads.

    What does not fit the catalogue (an unknown metric, another kind, too few or too many labels, a
    histogram's value that is not finite) is left out and counted in ``gp_telemetry_misfits_total``. A
    metric has a thousand series at most; what would be another one is written under ``other``, and counted
    in ``gp_telemetry_folded_total``. Beside the catalogue there are ``gp_build_info`` and, on Linux, the
    process's memory, processor time and open files.

    Args:
        version: Label of ``gp_build_info``; the installed distribution's if not given.
    """

    def __init__(self, *, version: str | None = None) -> None:
        self._misfits: Final = Counter[str]()
        self._folded: Final = Counter[str]()
        self._counters: Final = {
            metric.name: Series(metric, Number, self._fold) for metric in CATALOGUE if metric.kind == "counter"
        }
        self._gauges: Final = {
            metric.name: Series(metric, Number, self._fold) for metric in CATALOGUE if metric.kind == "gauge"
        }
        self._histograms: Final = {
            metric.name: Series(metric, partial(Distribution, metric.buckets), self._fold)
            for metric in CATALOGUE
            if metric.kind == "histogram"
        }
        self._registry: Final = self._registered(_installed_version() if version is None else version)

    @override
    def count(self, metric: Metric, *labels: str) -> None:
        try:
            self._counters[metric.name][labels].value += 1
        except KeyError:
            self._misfit(metric)

    @override
    def observe(self, metric: Metric, value: float, *labels: str) -> None:
        if not math.isfinite(value):  # one such value would spoil the sum for good
            self._misfit(metric)
            return
        try:
            self._histograms[metric.name][labels].add(value)
        except KeyError:
            self._misfit(metric)

    @override
    def gauge(self, metric: Metric, value: float, *labels: str) -> None:
        try:
            self._gauges[metric.name][labels].value = value
        except KeyError:
            self._misfit(metric)

    def render(self) -> tuple[bytes, str]:
        """Return everything in the text exposition format, and its content type."""
        return generate_latest(self._registry), CONTENT_TYPE_LATEST

    def _registered(self, version: str) -> CollectorRegistry:
        registry = CollectorRegistry()
        registry.register(SeriesCollector(self._counters.values(), self._gauges.values(), self._histograms.values()))
        registry.register(
            TallyCollector(
                "gp_telemetry_misfits",
                "Measurements left out because they do not fit the catalogue.",
                self._misfits,
            )
        )
        registry.register(
            TallyCollector(
                "gp_telemetry_folded",
                "Measurements counted under `other` because the metric has too many series.",
                self._folded,
            )
        )
        build = Gauge("gp_build_info", "1; the label says which version runs.", ("version",), registry=registry)
        build.labels(version).set(1)
        ProcessCollector(registry=registry)
        return registry

    def _misfit(self, metric: Metric) -> None:
        self._misfits[encodable(metric.name)] += 1

    def _fold(self, metric: Metric) -> None:
        self._folded[metric.name] += 1


def _installed_version() -> str:
    try:
        return metadata.version(_DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return "unknown"
