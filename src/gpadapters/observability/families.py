"""What was measured as the families of samples that Prometheus reads."""

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from typing_extensions import override

from gpadapters.observability.series import Distribution, Number, Series


class SeriesCollector(Collector):
    """Makes a family of each metric's series."""

    def __init__(
        self,
        counters: Collection[Series[Number]],
        gauges: Collection[Series[Number]],
        histograms: Collection[Series[Distribution]],
    ) -> None:
        self._counters: Final = counters
        self._gauges: Final = gauges
        self._histograms: Final = histograms

    @override
    def collect(self) -> Iterable[Metric]:
        yield from map(_counter, self._counters)
        yield from map(_gauge, self._gauges)
        yield from map(_histogram, self._histograms)


class TallyCollector(Collector):
    """Makes a family of what was counted by the name of a metric."""

    def __init__(self, name: str, documentation: str, counts: Mapping[str, int]) -> None:
        self._name: Final = name
        self._documentation: Final = documentation
        self._counts: Final = counts

    @override
    def collect(self) -> Iterable[Metric]:
        family = CounterMetricFamily(self._name, self._documentation, labels=["metric"])
        for metric, count in self._counts.items():
            family.add_metric([metric], count)
        yield family


def _counter(series: Series[Number]) -> Metric:
    family = CounterMetricFamily(series.metric.name, series.metric.help, labels=series.metric.labels)
    for labels, number in series.exposed.items():
        family.add_metric(labels, number.value)
    return family


def _gauge(series: Series[Number]) -> Metric:
    family = GaugeMetricFamily(series.metric.name, series.metric.help, labels=series.metric.labels)
    for labels, number in series.exposed.items():
        family.add_metric(labels, number.value)
    return family


def _histogram(series: Series[Distribution]) -> Metric:
    family = HistogramMetricFamily(series.metric.name, series.metric.help, labels=series.metric.labels)
    for labels, measured in series.exposed.items():
        buckets = [(_bound(bound), count) for bound, count in measured.up_to()]
        family.add_metric(labels, buckets, measured.total)
    return family


def _bound(bound: float) -> str:
    return str(bound) if math.isfinite(bound) else "+Inf"
