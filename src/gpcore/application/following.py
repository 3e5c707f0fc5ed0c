"""Following a delivery: its span, and what its log lines say."""

import re
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Final

from gpcore.domain.envelope import Envelope
from gpcore.domain.wire_message import Lane
from gpcore.ports.tracer import Span, Tracer
from gpcore.ports.work_in_hand import tell

_TRACE_PARENT: Final = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


def following(tracer: Tracer, lane: Lane, envelope: Envelope) -> AbstractContextManager[Span]:
    """Follow one delivery in the publisher's trace; the log knows that trace also where no span is made.

    What the log says stays after the body: the task is the delivery's, and it is still to be settled.
    """
    name = lane.value
    attributes: dict[str, str | int] = {
        "messaging.operation.type": "process",
        "messaging.message.id": envelope.event_id,
        "gp.lane": name,
    }
    if envelope.interaction_id is not None:
        attributes["gp.interaction.id"] = envelope.interaction_id
    span = tracer.span(f"process {name}", kind="consumer", parent=envelope.trace_parent, attributes=attributes)
    return _Following(span, envelope)


class _Following(AbstractContextManager[Span]):
    __slots__ = ("_envelope", "_span")

    def __init__(self, span: Span, envelope: Envelope) -> None:
        self._span: Final = span
        self._envelope: Final = envelope

    def __enter__(self) -> Span:
        span, envelope = self._span.__enter__(), self._envelope
        tell(
            event_id=envelope.event_id,
            interaction_id=envelope.interaction_id or "",
            trace_id=span.trace_id or _trace_id(envelope.trace_parent),
        )
        return span

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._span.__exit__(kind, error, trace)


def _trace_id(parent: str | None) -> str:
    found = None if parent is None else _TRACE_PARENT.fullmatch(parent)
    return "" if found is None else found[1]
