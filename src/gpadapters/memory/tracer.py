"""Spans kept in a list, for assertions."""

import itertools
import re
from contextvars import ContextVar, Token
from types import TracebackType
from typing import Final, Self

from typing_extensions import override

from gpcore.ports.tracer import NO_ATTRIBUTES, Attributes, Span, SpanKind, Tracer

_TRACE_PARENT: Final = re.compile(r"[0-9a-f]{2}-(?P<trace>(?!0{32})[0-9a-f]{32})-(?P<span>(?!0{16})[0-9a-f]{16})-..")
_CURRENT: Final[ContextVar["InMemorySpan | None"]] = ContextVar("gp-memory-span", default=None)


class InMemorySpan(Span):
    """One step.

    Attributes:
        name: As begun.
        kind: As begun.
        attributes: With what was noted later.
        span_id: 16 hexadecimal digits.
        parent_id: Of the span that it was begun in; ``None`` for the first of a trace.
        failed: The class name of the exception that left it.
    """

    def __init__(self, tracer: "InMemoryTracer", name: str, kind: SpanKind, parent: str | None) -> None:
        self.name: Final = name
        self.kind: Final = kind
        self.attributes: dict[str, str | int] = {}
        self.span_id = ""
        self.parent_id: str | None = None
        self.failed: str | None = None
        self._tracer: Final = tracer
        self._told_parent: Final = parent
        self._trace_id = ""
        self._token: Token[InMemorySpan | None] | None = None

    @property
    @override
    def trace_id(self) -> str:
        return self._trace_id

    @override
    def note(self, name: str, value: str | int) -> None:
        self.attributes[name] = value

    @override
    def __enter__(self) -> Self:
        number = next(self._tracer.numbers)
        self.span_id = f"{number:016x}"
        self._trace_id, self.parent_id = self._origin() or (f"{number:032x}", None)
        self._token = _CURRENT.set(self)
        self._tracer.spans.append(self)
        return self

    @override
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.failed = None if kind is None else kind.__name__
        self._tracer.ended.append(self)
        if self._token is not None:
            _CURRENT.reset(self._token)

    def _origin(self) -> tuple[str, str] | None:
        if self._told_parent is not None and (told := _TRACE_PARENT.fullmatch(self._told_parent)):
            return told["trace"], told["span"]
        current = _CURRENT.get()
        return None if current is None else (current.trace_id, current.span_id)


class InMemoryTracer(Tracer):
    """Keeps every span that was begun.

    Attributes:
        spans: In the order in which they began.
        ended: In the order in which they ended.
    """

    def __init__(self) -> None:
        self.spans: Final[list[InMemorySpan]] = []
        self.ended: Final[list[InMemorySpan]] = []
        self.numbers: Final = itertools.count(1)

    @override
    def span(
        self,
        name: str,
        *,
        kind: SpanKind = "internal",
        parent: str | None = None,
        attributes: Attributes = NO_ATTRIBUTES,
    ) -> Span:
        span = InMemorySpan(self, name, kind, parent)
        span.attributes.update(attributes)
        return span
