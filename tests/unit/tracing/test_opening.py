import asyncio
import subprocess
import sys
import threading

import pytest

from gpadapters.tracing.opening import Traces, open_traces
from gpcore.errors import ConfigurationError
from gpcore.ports.tracer import NO_TRACER

WITHOUT_THE_EXTRA = """
import asyncio
import sys
sys.modules["opentelemetry"] = None
from gpcore import Router
from gpcore.errors import ConfigurationError
from gprunner.settings import Settings
from gprunner.worker import Worker

async def run(traces):
    async with Worker(Router(), Settings(port=0, gp_traces=traces), embedded=True) as worker:
        print(type(worker.system.parts.edge.tracer).__name__)

asyncio.run(run("off"))
try:
    asyncio.run(run("otlp"))
except ConfigurationError as error:
    print(*error.faults)
"""


def test_a_worker_without_the_extra_works_and_says_what_traces_would_need() -> None:
    shown = subprocess.run([sys.executable, "-c", WITHOUT_THE_EXTRA], capture_output=True, text=True, check=True)

    assert shown.stdout.splitlines() == [
        "NoTracer",
        "GP_TRACES=otlp: needs an extra; pip install 'gp-worker[otel]'",
    ]


async def test_off_follows_nothing_and_has_nothing_to_end() -> None:
    traces = open_traces("off")
    await traces.close()

    assert traces.tracer is NO_TRACER


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gpadapters.tracing.opening._NEEDED", ("opentelemetry_that_nobody_installed.sdk",))

    with pytest.raises(ConfigurationError, match=r"GP_TRACES=otlp: .*pip install 'gp-worker\[otel\]'"):
        open_traces("otlp")


async def test_otlp_makes_a_tracer_and_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_SERVICE_NAME", "night-shift")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    traces = open_traces("otlp")

    with traces.tracer.span("work") as span:
        assert len(span.trace_id) == 32
        assert "night-shift" in str(vars(span._span)["_resource"].attributes)  # type: ignore[attr-defined]  # the adapter's own
    await asyncio.wait_for(traces.close(), 20)


async def test_a_collector_that_hangs_does_not_hold_up_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gpadapters.tracing.opening._PATIENCE", 0.05)
    never = threading.Event()
    try:
        await asyncio.wait_for(Traces(NO_TRACER, lambda: _wait(never)).close(), 20)
    finally:
        never.set()


def _wait(event: threading.Event) -> None:
    event.wait(60)
