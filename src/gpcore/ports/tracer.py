"""Following one piece of work through everything that it sets off."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import TracebackType
from typing import Final, Literal, Self

SpanKind = Literal["internal", "consumer", "client"]
Attributes = Mapping[str, str | int]

NO_ATTRIBUTES: Final[Attributes] = {}


class Span(ABC):
    """One step; entered when it begins and left when it ends.

    Guarantees:
        - While it is entered it is the parent of every span begun in the same task, or in a task created meanwhile.
        - An exception that leaves it marks it as failed with the exception's class name and goes on. Its text
          is never recorded: it may hold anything.
        - Never raises by itself.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def trace_id(self) -> str:
        """The trace's id, 32 hexadecimal digits; empty if nobody follows."""

    @abstractmethod
    def note(self, name: str, value: str | int) -> None:
        """Add an attribute."""

    @abstractmethod
    def __enter__(self) -> Self:
        """Begin."""

    @abstractmethod
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End."""


class Tracer(ABC):
    """Begins spans.

    Guarantees:
        - A span begun with ``parent`` belongs to the publisher's trace; a ``parent`` that is no W3C trace
          context is taken for none.
        - Never raises and never waits.

    No guarantee:
        - Spans may be left out, as sampling decides.
    """

    __slots__ = ()

    @abstractmethod
    def span(
        self,
        name: str,
        *,
        kind: SpanKind = "internal",
        parent: str | None = None,
        attributes: Attributes = NO_ATTRIBUTES,
    ) -> Span:
        """Return a span that has not begun.

        Args:
            name: From a bounded set: no ids.
            kind: Whether it consumes a message, calls another program, or neither.
            parent: W3C ``traceparent`` of the message that it begins with.
            attributes: OpenTelemetry's names where they exist. Never a token, a body, or a URL that holds one.
        """


class _NoSpan(Span):
    __slots__ = ()

    @property
    def trace_id(self) -> str:
        return ""

    def note(self, name: str, value: str | int) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass


_NO_SPAN: Final = _NoSpan()


class NoTracer(Tracer):
    """Follows nothing, at the cost of a call."""

    __slots__ = ()

    def span(
        self,
        name: str,  # noqa: ARG002 - nobody follows
        *,
        kind: SpanKind = "internal",  # noqa: ARG002 - nobody follows
        parent: str | None = None,  # noqa: ARG002 - nobody follows
        attributes: Attributes = NO_ATTRIBUTES,  # noqa: ARG002 - nobody follows
    ) -> Span:
        """Return the span that does nothing."""
        return _NO_SPAN


NO_TRACER: Final = NoTracer()
"""For those that were given none."""
