"""Messages and dispatches for tests: the recorded fixtures with fresh ids, tokens and event ids."""

import base64
import json
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from gpadapters.wire.encoding import encode_frame, encode_v2
from gpcore.domain.dispatches import INTERACTION_CREATE
from gpcore.domain.ids import snowflake_at
from gpcore.domain.wire_message import WireMessage

NOW_MS: Final = 1_795_435_207_405
"""The frozen clock that the fixtures were recorded by: 2026-11-23, 12:00:07.405 UTC."""

FIXTURES: Final = Path(__file__).parent / "fixtures"
BAD_BODIES: Final = Path(__file__).parent / "bad_bodies"

ABSENT: Final = object()
"""As a change: leave the field out."""

WireFormat = Literal["v1", "v2", "frame"]

Json: TypeAlias = Any
"""Whatever JSON can say, and ``ABSENT``."""

_SEQUENCE: Final = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayDispatch:
    """A gateway frame, taken apart."""

    name: str
    raw: dict[str, Json]
    sequence: int


def a_fresh_snowflake(now_ms: int = NOW_MS, *, age_ms: int = 100) -> str:
    """Return an id that was minted ``age_ms`` before now; no two are the same."""
    return snowflake_at(now_ms - age_ms, next(_SEQUENCE) % 2**22)


def a_fresh_token(interaction_id: str) -> str:
    """Return a token of the shape that Discord issues for this interaction."""
    text = f"interaction:{interaction_id}:{'x' * 90}{next(_SEQUENCE):06}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def a_fresh_event_id() -> str:
    """Return a UUID that no other call returns."""
    return str(UUID(int=next(_SEQUENCE), version=4))


def a_fixture(name: str) -> Json:
    """Return a fixture's JSON; ``name`` without ``.json``."""
    return json.loads((FIXTURES / f"{name}.json").read_bytes())


def fixture_names() -> list[str]:
    """Return the fixtures that are gateway dispatches or interactions, by name."""
    paths = sorted(FIXTURES.glob("[0-9][0-9]-*.json"))
    return [path.stem for path in paths if not path.name.endswith(".envelope.json")]


def a_dispatch(
    fixture: str, *, now_ms: int = NOW_MS, age_ms: int = 100, fresh: bool = True, **changes: Json
) -> GatewayDispatch:
    """Return a fixture as a dispatch.

    Args:
        fixture: Such as ``01-command-no-options``.
        now_ms: The test's clock.
        age_ms: How long ago the interaction was created.
        fresh: Give an interaction a new id and token.
        **changes: Fields of ``d`` to set, or to leave out with ``ABSENT``.
    """
    content = a_fixture(fixture)
    is_frame = "op" in content
    name = content["t"] if is_frame else INTERACTION_CREATE
    raw = content["d"] if is_frame else content
    if fresh and name == INTERACTION_CREATE:
        raw["id"] = a_fresh_snowflake(now_ms, age_ms=age_ms)
        raw["token"] = a_fresh_token(raw["id"])
    return GatewayDispatch(name=name, raw=_changed(raw, changes), sequence=content["s"] if is_frame else 0)


def a_v1_body(
    fixture: str, *, now_ms: int = NOW_MS, age_ms: int = 100, fresh: bool = True, **changes: Json
) -> dict[str, Json]:
    """Return what the original ingestor publishes for a fixture; arguments as for ``a_dispatch``."""
    body = a_fixture(f"{fixture}.envelope")
    assert body is not None, f"the original ingestor publishes nothing for {fixture}"
    if fresh:
        body |= {"eventId": a_fresh_event_id(), "timestamp": now_ms}
        if "interactionId" in body:
            body["interactionId"] = a_fresh_snowflake(now_ms, age_ms=age_ms)
            body["interactionToken"] = a_fresh_token(body["interactionId"])
    return _changed(body, changes)


def a_message(body: Json, **properties: Json) -> WireMessage:
    """Return a message with this JSON body, or with these bytes."""
    encoded = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return replace(WireMessage(body=encoded), **properties)


def an_interaction_message(
    fixture: str = "01-command-no-options",
    *,
    wire_format: WireFormat = "v1",
    now_ms: int = NOW_MS,
    age_ms: int = 100,
    **changes: Json,
) -> WireMessage:
    """Return an interaction as an ingestor publishes it.

    Args:
        fixture: Which recorded interaction.
        wire_format: How it is written.
        now_ms: The test's clock.
        age_ms: How long ago the interaction was created.
        **changes: Fields of the v1 body, or of Discord's object for the other formats.
    """
    if wire_format == "v1":
        body = a_v1_body(fixture, now_ms=now_ms, age_ms=age_ms, **changes)
        return a_message(body, message_id=body.get("eventId"))
    dispatch = a_dispatch(fixture, now_ms=now_ms, age_ms=age_ms, **changes)
    if wire_format == "v2":
        return encode_v2(dispatch.name, dispatch.raw, published_at_ms=now_ms).message
    return encode_frame(dispatch.name, dispatch.raw, sequence=dispatch.sequence).message


def an_event_message(
    fixture: str = "25-guild-member-add",
    *,
    wire_format: WireFormat = "v1",
    now_ms: int = NOW_MS,
    **changes: Json,
) -> WireMessage:
    """Return an event as an ingestor publishes it; arguments as for ``an_interaction_message``.

    A v1 event has a new event id each time; those of the other formats follow from the content.
    """
    return an_interaction_message(fixture, wire_format=wire_format, now_ms=now_ms, **changes)


def _changed(fields: dict[str, Json], changes: dict[str, Json]) -> dict[str, Json]:
    merged = {**fields, **changes}
    return {name: value for name, value in merged.items() if value is not ABSENT}
