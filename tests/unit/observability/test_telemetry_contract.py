import pytest

from gpadapters.memory.telemetry import InMemoryTelemetry
from gpadapters.observability.prometheus import PrometheusTelemetry
from gpcore.domain.metrics import Metric
from tests.contracts.telemetry import Read, TelemetryContract
from tests.unit.observability.exposition import Exposition


class TestPrometheusTelemetry(TelemetryContract):
    @pytest.fixture
    def telemetry(self) -> PrometheusTelemetry:
        return PrometheusTelemetry(version="1.2.3")

    @pytest.fixture
    def read(self, telemetry: PrometheusTelemetry) -> Read:
        suffix = {"counter": "_total", "histogram": "_count", "gauge": ""}

        def read(metric: Metric, *labels: str) -> float:
            named = dict(zip(metric.labels, labels, strict=True))
            return Exposition(telemetry).value(metric.name + suffix[metric.kind], **named) or 0.0

        return read


class TestInMemoryTelemetry(TelemetryContract):
    @pytest.fixture
    def telemetry(self) -> InMemoryTelemetry:
        return InMemoryTelemetry()

    @pytest.fixture
    def read(self, telemetry: InMemoryTelemetry) -> Read:
        def read(metric: Metric, *labels: str) -> float:
            series = (metric.name, *labels)
            match metric.kind:
                case "counter":
                    return telemetry.counts[series]
                case "histogram":
                    return len(telemetry.observations[series])
                case "gauge":
                    return telemetry.gauges[series]

        return read
