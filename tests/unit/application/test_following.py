import asyncio

from gpadapters.memory.tracer import InMemoryTracer
from gpcore.application.following import following
from gpcore.domain.envelope import Envelope
from gpcore.domain.secrets import Secret
from gpcore.domain.wire_message import Lane
from gpcore.ports.tracer import NO_TRACER
from gpcore.ports.work_in_hand import told
from tests.contracts.tracer import PARENT, SPAN, TRACE

EVENT_ID = "8f14e45f-ceea-567f-a8a1-0c1b2a3d4e5f"


def an_event(trace_parent: str | None = None) -> Envelope:
    return Envelope(
        event_id=EVENT_ID, event_type="member.join", published_at_ms=0, wire_format="v1", trace_parent=trace_parent
    )


def an_interaction() -> Envelope:
    return Envelope(
        event_id=EVENT_ID,
        event_type="interaction.button",
        published_at_ms=0,
        wire_format="v1",
        interaction_id="1214497633075331073",
        interaction_token=Secret("planted-token"),
    )


async def test_the_log_knows_the_publishers_trace_also_where_nobody_follows() -> None:
    with following(NO_TRACER, Lane.EVENTS, an_event(PARENT)):
        assert told() == {"event_id": EVENT_ID, "trace_id": TRACE}


async def test_what_is_no_trace_context_is_not_logged() -> None:
    with following(NO_TRACER, Lane.EVENTS, an_event("planted\n")):
        assert told() == {"event_id": EVENT_ID}


async def test_an_interactions_span_tells_its_ids_and_never_its_token() -> None:
    tracer = InMemoryTracer()
    with following(tracer, Lane.INTERACTIONS, an_interaction()) as span:
        assert told()["interaction_id"] == "1214497633075331073"
        assert told()["trace_id"] == span.trace_id

    [seen] = tracer.ended
    assert (seen.name, seen.kind) == ("process interactions", "consumer")
    assert seen.attributes["gp.interaction.id"] == "1214497633075331073"
    assert "planted" not in str(seen.attributes)


async def test_an_events_span_belongs_to_the_publisher() -> None:
    tracer = InMemoryTracer()
    with following(tracer, Lane.EVENTS, an_event(PARENT)):
        pass

    assert [(span.trace_id, span.parent_id) for span in tracer.ended] == [(TRACE, SPAN)]


async def test_what_is_told_stays_in_its_task() -> None:
    async def work() -> None:
        with following(NO_TRACER, Lane.EVENTS, an_event()):
            await asyncio.sleep(0)

    await asyncio.create_task(work())

    assert told() == {}
