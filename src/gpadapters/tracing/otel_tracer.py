"""Spans by OpenTelemetry's API."""

from contextvars import Token
from types import TracebackType
from typing import Final, Self

from opentelemetry import context, trace
from opentelemetry.context import Context
from opentelemetry.trace import Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from typing_extensions import override

from gpcore.ports.tracer import NO_ATTRIBUTES, Attributes, Span, SpanKind, Tracer

_SCOPE: Final = "gp"
_KINDS: Final[dict[SpanKind, trace.SpanKind]] = {
    "internal": trace.SpanKind.INTERNAL,
    "consumer": trace.SpanKind.CONSUMER,
    "client": trace.SpanKind.CLIENT,
}
_PROPAGATOR: Final = TraceContextTextMapPropagator()
_TRACE_ID: Final = "032x"


class OtelTracer(Tracer):
    """Begins spans at a provider.

    Args:
        provider: Samples and exports.
    """

    def __init__(self, provider: trace.TracerProvider) -> None:
        self._tracer: Final = provider.get_tracer(_SCOPE)

    @override
    def span(
        self,
        name: str,
        *,
        kind: SpanKind = "internal",
        parent: str | None = None,
        attributes: Attributes = NO_ATTRIBUTES,
    ) -> Span:
        return OtelSpan(self._tracer, name, kind, parent, attributes)


class OtelSpan(Span):
    """One step, begun when it is entered."""

    __slots__ = ("_arguments", "_span", "_token", "_tracer")

    def __init__(
        self, tracer: trace.Tracer, name: str, kind: SpanKind, parent: str | None, attributes: Attributes
    ) -> None:
        self._tracer = tracer
        self._arguments = (name, kind, parent, attributes)
        self._span: trace.Span = trace.INVALID_SPAN
        self._token: Token[Context] | None = None

    @property
    @override
    def trace_id(self) -> str:
        found = self._span.get_span_context()
        return format(found.trace_id, _TRACE_ID) if found.is_valid else ""

    @override
    def note(self, name: str, value: str | int) -> None:
        self._span.set_attribute(name, value)

    @override
    def __enter__(self) -> Self:
        name, kind, parent, attributes = self._arguments
        origin = None if parent is None else _PROPAGATOR.extract({"traceparent": parent})
        self._span = self._tracer.start_span(name, context=origin, kind=_KINDS[kind], attributes=dict(attributes))
        self._token = context.attach(trace.set_span_in_context(self._span))
        return self

    @override
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            # Neither the text nor the stack: both may hold what a user wrote, or worse.
            self._span.set_attribute("error.type", kind.__name__)
            self._span.set_status(Status(StatusCode.ERROR))
        self._span.end()
        if self._token is not None:
            context.detach(self._token)
