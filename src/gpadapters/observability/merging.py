"""One exposition of several processes' metrics."""

from collections.abc import Iterable, Mapping
from typing import Final

from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector
from typing_extensions import override

WORKER: Final = "worker"


def merged(expositions: Mapping[str, str], *, restarts: Mapping[str, int]) -> tuple[bytes, str]:
    """Return everything with the label ``worker`` added, and its content type.

    Nothing is summed up: a worker that starts anew begins its counters at zero, and only by itself
    can such a reset be told from a loss.

    Args:
        expositions: Text exposition format, by worker; those that did not answer are left out.
        restarts: How often each worker was started again, for ``gp_worker_restarts_total``.
    """
    return generate_latest(_Merged(expositions, restarts)), CONTENT_TYPE_LATEST


class _Merged(Collector):
    def __init__(self, expositions: Mapping[str, str], restarts: Mapping[str, int]) -> None:
        self._expositions = expositions
        self._restarts = restarts

    @override
    def collect(self) -> Iterable[Metric]:
        families: dict[str, Metric] = {}
        for worker, text in self._expositions.items():
            for family in text_string_to_metric_families(text):
                known = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
                known.samples += [one._replace(labels={WORKER: worker, **one.labels}) for one in family.samples]
        return [*families.values(), *self._own()]

    def _own(self) -> Iterable[Metric]:
        restarts = CounterMetricFamily("gp_worker_restarts", "Workers started again after a crash.", labels=[WORKER])
        for worker, count in self._restarts.items():
            restarts.add_metric([worker], count)
        up = GaugeMetricFamily("gp_worker_up", "Whether a worker answers its parent.", labels=[WORKER])
        for worker in self._restarts:
            up.add_metric([worker], int(worker in self._expositions))
        return [restarts, up]
