"""What every tracer promises."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from gpcore.ports.tracer import Tracer

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN = "00f067aa0ba902b7"
PARENT = f"00-{TRACE}-{SPAN}-01"
NO_PARENTS = ["", "00", "00-xyz-1-01", f"00-{'0' * 32}-{SPAN}-01", "ü" * 60, PARENT.upper(), PARENT + "x" * 1000]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A finished span, as the adapter's user sees it."""

    name: str
    kind: str
    trace_id: str
    span_id: str
    parent_id: str | None
    failed: str | None
    attributes: dict[str, object] = field(default_factory=dict)


Read = Callable[[], Sequence[Seen]]


class TracerContract:
    """Subclasses give the fixtures ``tracer`` and ``read``, which returns the finished spans, first to end first."""

    def test_a_span_begun_in_another_is_its_child(self, tracer: Tracer, read: Read) -> None:
        with tracer.span("outer"), tracer.span("inner"):
            pass

        inner, outer = read()
        assert (inner.name, outer.name) == ("inner", "outer")
        assert (inner.trace_id, inner.parent_id) == (outer.trace_id, outer.span_id)
        assert outer.parent_id is None

    def test_a_span_begun_after_another_is_not_its_child(self, tracer: Tracer, read: Read) -> None:
        with tracer.span("first"):
            pass
        with tracer.span("second"):
            pass

        first, second = read()
        assert second.parent_id is None
        assert second.trace_id != first.trace_id

    def test_a_publishers_trace_goes_on(self, tracer: Tracer, read: Read) -> None:
        with tracer.span("consume", kind="consumer", parent=PARENT) as span:
            assert span.trace_id == TRACE

        [seen] = read()
        assert (seen.trace_id, seen.parent_id, seen.kind) == (TRACE, SPAN, "consumer")

    @pytest.mark.parametrize("parent", NO_PARENTS, ids=range(len(NO_PARENTS)))
    def test_what_is_no_trace_context_begins_a_trace_of_its_own(self, tracer: Tracer, read: Read, parent: str) -> None:
        with tracer.span("consume", parent=parent):
            pass

        [seen] = read()
        assert (len(seen.trace_id), seen.parent_id) == (32, None)

    async def test_a_task_created_meanwhile_belongs_to_it(self, tracer: Tracer, read: Read) -> None:
        async def work() -> None:
            with tracer.span("task"):
                pass

        with tracer.span("outer"):
            await asyncio.create_task(work())

        task, outer = read()
        assert task.parent_id == outer.span_id

    async def test_tasks_beside_each_other_do_not_mix(self, tracer: Tracer, read: Read) -> None:
        async def work(name: str) -> None:
            with tracer.span(name):
                await asyncio.sleep(0)
                with tracer.span(f"{name} inner"):
                    await asyncio.sleep(0)

        await asyncio.gather(work("a"), work("b"))

        seen = {span.name: span for span in read()}
        assert seen["a inner"].parent_id == seen["a"].span_id
        assert seen["b inner"].parent_id == seen["b"].span_id
        assert seen["a"].trace_id != seen["b"].trace_id

    def test_an_exception_goes_on_and_only_its_class_is_told(self, tracer: Tracer, read: Read) -> None:
        with pytest.raises(ValueError, match="planted"), tracer.span("work"):
            raise ValueError("planted secret")

        [seen] = read()
        assert seen.failed == "ValueError"
        assert "planted" not in repr(seen)

    def test_attributes_are_kept_with_what_is_noted_later(self, tracer: Tracer, read: Read) -> None:
        with tracer.span("work", attributes={"gp.lane": "events"}) as span:
            span.note("http.response.status_code", 204)

        [seen] = read()
        assert seen.attributes == {"gp.lane": "events", "http.response.status_code": 204}
        assert seen.failed is None
