"""Every recorded fixture, in every wire format, through the whole worker."""

import time
from collections import Counter
from typing import Final

import pytest

from gpadapters.wire.encoding import Publication, encode_frame, encode_v2
from tests.builders import WireFormat, a_dispatch, a_message, a_v1_body
from tests.e2e.conftest import Start, World
from tests.e2e.processes import outcomes
from tests.eventually import eventually_true

pytestmark = pytest.mark.e2e

CALLBACK: Final = "/interactions/{interaction_id}/{interaction_token}/callback"
LOSSY: Final = "v1"

Expected = tuple[int | None, str]
"""The type of the first answer, ``None`` for none, and the outcome that is counted."""

# fixture: (from Discord's own object, from the original envelope); None: the original publishes nothing.
TABLE: Final[dict[str, tuple[Expected, Expected | None]]] = {
    "01-command-no-options": ((4, "handled"), (4, "handled")),
    "02-command-all-option-types": ((5, "handled"), (5, "handled")),
    "03-subcommand": ((4, "handled"), (4, "handled")),
    "04-subcommand-group": ((5, "handled"), (5, "handled")),
    # The original loses a context menu's name and target, so nobody can handle it.
    "05-user-context-menu": ((4, "handled"), (4, "unregistered")),
    "07-dm-command": ((4, "handled"), None),
    "08-user-install-group-dm": ((4, "handled"), None),
    # The original loses the name and the options of an autocomplete: empty choices.
    "10-autocomplete-string": ((8, "handled"), (8, "unregistered")),
    "11-autocomplete-nested-number": ((8, "handled"), (8, "unregistered")),
    "12-button": ((7, "handled"), (7, "handled")),
    "14-string-select-multi": ((6, "handled"), (6, "handled")),
    "15-user-select-resolved": ((4, "handled"), (4, "handled")),
    "16-role-select": ((6, "handled"), (6, "handled")),
    "18-channel-select": ((9, "handled"), (9, "handled")),
    "20-modal-submit-labels": ((4, "handled"), (4, "handled")),
    "22-ping-http": ((None, "unsupported_kind"), None),
    "23-entry-point-command": ((4, "handled"), (4, "unregistered")),
    "25-guild-member-add": ((None, "handled"), (None, "handled")),
    "26-guild-member-update-roles": ((None, "handled"), (None, "handled")),
    "27-guild-member-update-nick-only": ((None, "handled"), None),
    "29-guild-create-join": ((None, "handled"), (None, "handled")),
    "30-guild-create-unavailable": ((None, "handled"), (None, "handled")),
    "31-guild-create-available-again": ((None, "handled"), None),
    "32-guild-delete-kick": ((None, "handled"), (None, "handled")),
    "34-message-create": ((None, "handled"), (None, "handled")),
    "35-message-create-bot-author": ((None, "handled"), None),
    "36-message-create-webhook": ((None, "handled"), None),
    "37-message-create-dm": ((None, "handled"), None),
    "39-command-giant-100kib": ((5, "handled"), (5, "handled")),
    "41-interaction-type-6-unknown": ((None, "unsupported_kind"), None),
}


def expected(fixture: str, wire_format: WireFormat) -> Expected | None:
    from_raw, from_v1 = TABLE[fixture]
    return from_v1 if wire_format == LOSSY else from_raw


def publication(fixture: str, wire_format: WireFormat, sequence: int) -> tuple[Publication, str | None]:
    """Return the fixture as it is published now, and its interaction's id."""
    now_ms = time.time_ns() // 1_000_000
    if wire_format == "v1":
        body = a_v1_body(fixture, now_ms=now_ms, age_ms=20)
        message = a_message(body, message_id=body["eventId"])
        return Publication(message=message, routing_key=body["eventType"]), body.get("interactionId")
    dispatch = a_dispatch(fixture, now_ms=now_ms, age_ms=20)
    interaction_id = dispatch.raw["id"] if dispatch.name == "INTERACTION_CREATE" else None
    if wire_format == "v2":
        encoded = encode_v2(dispatch.name, dispatch.raw, published_at_ms=now_ms, sequence=sequence)
    else:
        encoded = encode_frame(dispatch.name, dispatch.raw, received_at_ms=now_ms, sequence=sequence)
    return encoded, interaction_id


@pytest.mark.parametrize("wire_format", ["v1", "v2", "frame"])
async def test_every_fixture_gets_its_answer_in_time(world: World, start: Start, wire_format: WireFormat) -> None:
    worker = await start("worker", "run", "examples.gallery:router", env=world.env)
    address = await worker.ready()
    wanted = {name: found for name in TABLE if (found := expected(name, wire_format)) is not None}
    interactions: dict[str, str] = {}
    published_at: dict[str, float] = {}
    for sequence, name in enumerate(wanted, start=1):
        sent, interaction_id = publication(name, wire_format, sequence)
        published_at[name] = time.time()
        await world.publisher.publish(sent.message, routing_key=sent.routing_key)
        if interaction_id is not None:
            interactions[interaction_id] = name

    async def all_settled() -> bool:
        return sum((await outcomes(address)).values()) == len(wanted)

    await eventually_true(all_settled)
    settled = Counter(await outcomes(address))
    assert await worker.stop() == 0, worker.log

    assert settled == Counter((lane_of(name), outcome) for name, (_, outcome) in wanted.items())
    assert first_answers(world, interactions) == {
        name: kind for name, (kind, _) in wanted.items() if name in interactions.values() and kind is not None
    }
    assert all("authorization" not in request.headers for request in world.discord.requests)
    for request in world.discord.requests:
        if request.template == CALLBACK:
            assert request.at - published_at[interactions[request.interaction_id or ""]] < 3


def lane_of(fixture: str) -> str:
    number = int(fixture[:2])
    return "events" if 25 <= number <= 37 else "interactions"


def first_answers(world: World, interactions: dict[str, str]) -> dict[str, int]:
    """Return the accepted callback types, by fixture; a second callback would show as a refusal."""
    callbacks = [request for request in world.discord.requests if request.template == CALLBACK]
    assert all(request.status == 204 for request in callbacks), Counter(request.status for request in callbacks)
    found: dict[str, int] = {}
    for request in callbacks:
        assert isinstance(request.body, dict)
        found[interactions[request.interaction_id or ""]] = request.body["type"]
    return found
