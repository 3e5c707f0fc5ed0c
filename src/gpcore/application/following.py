"""Following a delivery: its span, and what its log lines say."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from gpcore.domain.envelope import Envelope
from gpcore.domain.wire_message import Lane
from gpcore.ports.tracer import Span, Tracer
from gpcore.ports.work_in_hand import tell

_TRACE_PARENT: Final = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


@contextmanager
def following(tracer: Tracer, lane: Lane, envelope: Envelope) -> Iterator[Span]:
    """Follow one delivery in the publisher's trace; the log knows that trace also where no span is made.

    What the log says stays after the body: the task is the delivery's, and it is still to be settled.
    """
    attributes: dict[str, str | int] = {
        "messaging.operation.type": "process",
        "messaging.message.id": envelope.event_id,
        "gp.lane": lane.value,
    }
    if envelope.interaction_id is not None:
        attributes["gp.interaction.id"] = envelope.interaction_id
    parent = envelope.trace_parent
    with tracer.span(f"process {lane.value}", kind="consumer", parent=parent, attributes=attributes) as span:
        tell(
            event_id=envelope.event_id,
            interaction_id=envelope.interaction_id or "",
            trace_id=span.trace_id or _trace_id(parent),
        )
        yield span


def _trace_id(parent: str | None) -> str:
    found = None if parent is None else _TRACE_PARENT.fullmatch(parent)
    return "" if found is None else found[1]
