"""From the ingestor's traceparent to Discord: one trace, with the parents right and no secret in it."""

import asyncio
import json
import logging
import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import SecretStr

from gpadapters.observability.logging import JsonFormatter
from gpadapters.observability.redaction import Redactor
from gpadapters.simulator.server import SimulatedDiscord
from gpadapters.tracing.otel_tracer import OtelTracer
from gpadapters.wire.encoding import encode_frame
from gpcore import CommandContext, Defer, Router
from gpcore.domain.wire_message import WireMessage
from gpcore.ports.tracer import Tracer
from gprunner.settings import Settings
from gprunner.worker import Worker
from tests.builders import a_dispatch
from tests.eventually import eventually

pytestmark = pytest.mark.integration

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
INGESTOR = "00f067aa0ba902b7"
BOT_TOKEN = "MTIxNDQ5NzYzMzA3NTMzMTA3Mw.Gplant.planted-bot-token-0123456789abcdef"


class Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonFormatter(Redactor()))
        self.records: list[dict[str, object]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(json.loads(self.format(record)))


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler = Lines()
    logger = logging.getLogger("a.library")
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


def a_bot() -> Router:
    router = Router()

    @router.command("ping", defer=Defer.always())
    async def ping(ctx: CommandContext) -> str:
        """Answer."""
        logging.getLogger("a.library").warning("somebody else's line")
        return "pong"

    return router


async def test_one_trace_runs_from_the_ingestor_to_discord(rabbitmq_url: str, redis_url: str, lines: Lines) -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    now_ms = time.time_ns() // 1_000_000
    dispatch = a_dispatch("01-command-no-options", now_ms=now_ms, age_ms=10)
    dispatch.raw["data"]["name"] = "ping"
    sent = encode_frame(dispatch.name, dispatch.raw, received_at_ms=now_ms)
    message = WireMessage(body=sent.message.body, headers={"traceparent": f"00-{TRACE}-{INGESTOR}-01"})
    async with SimulatedDiscord(open=True) as discord:
        settings = Settings(
            rabbitmq_url=SecretStr(rabbitmq_url),
            redis_url=SecretStr(redis_url),
            discord_application_id="1214497633075331073",
            discord_bot_token=SecretStr(BOT_TOKEN),
            discord_api_url=discord.url,
            gp_prefix=f"t{uuid4().hex[:12]}",
            gp_topology="apply",
            port=0,
        )
        async with Worker(a_bot(), settings, overrides={Tracer: OtelTracer(provider)}) as worker:
            serving = asyncio.create_task(worker.serve())
            await worker.system.publisher.publish(message, routing_key=sent.routing_key)
            await eventually(lambda: "process interactions" in {span.name for span in exporter.get_finished_spans()})
            worker.stop()
            await serving
    ours = [span for span in exporter.get_finished_spans() if span.context and span.context.trace_id == int(TRACE, 16)]
    parents = {(span.name, _parent(span, ours)) for span in ours}

    callback = "POST /interactions/{interaction_id}/{interaction_token}/callback"
    edit = "PATCH /webhooks/{application_id}/{interaction_token}/messages/@original"
    assert {
        ("process interactions", INGESTOR),
        ("claim", "process interactions"),
        ("claim", "claim"),
        (callback, "process interactions"),
        ("handle command:ping", "process interactions"),
        (edit, "process interactions"),
    } <= parents
    told = "".join(span.to_json() for span in exporter.get_finished_spans())
    for secret in (dispatch.raw["token"], BOT_TOKEN):
        assert secret not in told
    [line] = lines.records
    assert (line["trace_id"], line["interaction_id"], line["handler"]) == (TRACE, dispatch.raw["id"], "command:ping")
    assert line["event_id"]


def _parent(span: ReadableSpan, among: list[ReadableSpan]) -> str | None:
    if span.parent is None:
        return None
    names = {one.context.span_id: one.name for one in among if one.context is not None}
    return names.get(span.parent.span_id, f"{span.parent.span_id:016x}")
