"""Checking Discord's own object, wherever a wire format carries it."""

from gpadapters.wire.discord_models import EVENTS, INTERACTION, INTERACTIONS
from gpadapters.wire.parsing import Document, check
from gpcore.domain.dispatches import INTERACTION_CREATE, event_type_of


def check_dispatch(dispatch: str, raw: Document, *, received_at_ms: int, document: Document, prefix: str) -> str:
    """Return a dispatch's event type after checking what its routing needs.

    Raises:
        DecodeError: A field is missing or wrong; the reason names it after ``prefix``.
    """
    if dispatch == INTERACTION_CREATE:
        check_interaction(raw, document=document, prefix=prefix)
    event_type = event_type_of(dispatch, raw, received_at_ms=received_at_ms)
    check_event(event_type, raw, document=document, prefix=prefix)
    return event_type


def check_interaction(raw: Document, *, document: Document, prefix: str) -> None:
    """Check an interaction's ids, token and whatever its kind is routed by.

    Raises:
        DecodeError: A field is missing or wrong; the reason names it after ``prefix``.
    """
    kind = raw.get("type")
    adapter = INTERACTIONS.get(kind, INTERACTION) if isinstance(kind, int) else INTERACTION
    check(adapter, raw, document=document, prefix=prefix)


def check_event(event_type: str, raw: Document, *, document: Document, prefix: str) -> None:
    """Check the ids of an event that gp models; any other event may hold anything.

    Raises:
        DecodeError: An id is missing or wrong; the reason names it after ``prefix``.
    """
    adapter = EVENTS.get(event_type)
    if adapter is not None:
        check(adapter, raw, document=document, prefix=prefix)
