"""How long calls to the server take, and where they stand in a trace."""

import asyncio
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Final

from typing_extensions import override

from gpcore.domain.metrics import STATE_DURATION
from gpcore.ports.telemetry import Telemetry
from gpcore.ports.tracer import NO_TRACER, Span, Tracer


class CallWatch:
    """Watches the calls of a client; without telemetry and tracer it only costs a little."""

    def __init__(self, telemetry: Telemetry | None = None, tracer: Tracer = NO_TRACER) -> None:
        self._telemetry: Final = telemetry
        self._tracer: Final = tracer

    def call(self, operation: str) -> AbstractContextManager[None]:
        """Watch one call.

        Args:
            operation: The command, or the script's name. Keys and arguments are never told.
        """
        attributes = {"db.system.name": "redis", "db.operation.name": operation}
        return _Call(operation, self._tracer.span(operation, kind="client", attributes=attributes), self._telemetry)


class _Call(AbstractContextManager[None]):
    __slots__ = ("_began", "_operation", "_span", "_telemetry")

    def __init__(self, operation: str, span: Span, telemetry: Telemetry | None) -> None:
        self._operation = operation
        self._span = span
        self._telemetry = telemetry
        self._began = 0.0

    @override
    def __enter__(self) -> None:
        self._span.__enter__()
        self._began = asyncio.get_running_loop().time()

    @override
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._telemetry is not None:
            took = asyncio.get_running_loop().time() - self._began
            self._telemetry.observe(STATE_DURATION, took, self._operation, "" if kind is None else kind.__name__)
        self._span.__exit__(kind, error, trace)
