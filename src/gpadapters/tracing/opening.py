"""Choosing the tracer."""

import asyncio
import threading
from collections.abc import Callable
from importlib import metadata
from importlib.util import find_spec
from typing import Final, Literal

from gpcore.errors import ConfigurationError
from gpcore.ports.tracer import NO_TRACER, Tracer

Destination = Literal["off", "otlp"]

_DISTRIBUTION: Final = "gp-worker"
_PATIENCE: Final = 3.0
_NEEDED: Final = ("opentelemetry.sdk", "opentelemetry.exporter")


class Traces:
    """A tracer and how to end it.

    Attributes:
        tracer: Begins spans.
    """

    def __init__(self, tracer: Tracer, end: Callable[[], None] | None = None) -> None:
        self.tracer: Final = tracer
        self._end: Final = end

    async def close(self) -> None:
        """Send what was not sent yet; a collector that does not answer is not waited for any longer than 3 s."""
        if self._end is not None:
            # A thread of its own: the event loop waits for its executor's at the end, however long that takes.
            sending = threading.Thread(target=self._end, name="gp-traces-end", daemon=True)
            sending.start()
            await asyncio.to_thread(sending.join, _PATIENCE)


def open_traces(destination: Destination) -> Traces:
    """Return the tracer for a destination.

    Args:
        destination: ``off``: nothing is followed and nothing of OpenTelemetry imported. ``otlp``: sent over HTTP as
            OpenTelemetry's own variables say (``OTEL_EXPORTER_OTLP_ENDPOINT``, ``OTEL_SERVICE_NAME``, …).

    Raises:
        ConfigurationError: The extra is not installed.
    """
    if destination == "off":
        return Traces(NO_TRACER)
    if any(not _is_there(name) for name in _NEEDED):
        raise ConfigurationError(f"GP_TRACES={destination}: needs an extra; pip install '{_DISTRIBUTION}[otel]'")
    return _otlp()


def _is_there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # not even the package that it would be in
        return False


def _otlp() -> Traces:
    # Only here: who follows nothing need not have it, nor wait for its import.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import OTELResourceDetector, Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    from gpadapters.tracing.otel_tracer import OtelTracer  # noqa: PLC0415

    # What the environment says wins.
    ours = Resource({"service.name": "gp", "service.version": metadata.version(_DISTRIBUTION)})
    resource = Resource.create(dict(ours.merge(OTELResourceDetector().detect()).attributes))
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Traces(OtelTracer(provider), provider.shutdown)
