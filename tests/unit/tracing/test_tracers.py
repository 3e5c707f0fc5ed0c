from collections.abc import Sequence

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from gpadapters.memory.tracer import InMemorySpan, InMemoryTracer
from gpadapters.tracing.otel_tracer import OtelTracer
from gpcore.ports.tracer import NO_TRACER
from tests.contracts.tracer import PARENT, Read, Seen, TracerContract


class TestInMemoryTracer(TracerContract):
    @pytest.fixture
    def tracer(self) -> InMemoryTracer:
        return InMemoryTracer()

    @pytest.fixture
    def read(self, tracer: InMemoryTracer) -> Read:
        def seen(span: InMemorySpan) -> Seen:
            return Seen(
                name=span.name,
                kind=span.kind,
                trace_id=span.trace_id,
                span_id=span.span_id,
                parent_id=span.parent_id,
                failed=span.failed,
                attributes=dict(span.attributes),
            )

        return lambda: [seen(span) for span in tracer.ended]


class TestOtelTracer(TracerContract):
    @pytest.fixture
    def exporter(self) -> InMemorySpanExporter:
        return InMemorySpanExporter()

    @pytest.fixture
    def tracer(self, exporter: InMemorySpanExporter) -> OtelTracer:
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        return OtelTracer(provider)

    @pytest.fixture
    def read(self, exporter: InMemorySpanExporter) -> Read:
        return lambda: _seen(exporter.get_finished_spans())


def _seen(spans: Sequence[ReadableSpan]) -> list[Seen]:
    found = []
    for span in spans:
        attributes: dict[str, object] = dict(span.attributes or {})
        assert not span.events, "an event of an exception would hold its text"
        found.append(
            Seen(
                name=span.name,
                kind=span.kind.name.lower(),
                trace_id=f"{span.context.trace_id:032x}" if span.context is not None else "",
                span_id=f"{span.context.span_id:016x}" if span.context is not None else "",
                parent_id=f"{span.parent.span_id:016x}" if span.parent is not None else None,
                failed=str(attributes.pop("error.type")) if "error.type" in attributes else None,
                attributes=attributes,
            )
        )
    return found


def test_no_tracer_follows_nothing() -> None:
    with NO_TRACER.span("work", kind="client", parent=PARENT, attributes={"a": 1}) as span:
        span.note("b", 2)

        assert span.trace_id == ""
