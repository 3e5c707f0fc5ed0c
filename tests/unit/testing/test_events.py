"""Events and raw dispatches."""

import json

import pytest

from examples.gallery import router as gallery
from gpcore.domain.dispatches import INTERACTION_CREATE
from gprunner.testing import KitError, TestClient
from tests.builders import a_dispatch, fixture_names
from tests.unit.testing.kit_bot import ROLE

FRAMES = [
    name for name in fixture_names() if name[:2] in {"25", "26", "27", "29", "30", "31", "32", "34", "35", "36", "37"}
]
UNANSWERABLE = {"22-ping-http": "unsupported_kind", "41-interaction-type-6-unknown": "unsupported_kind"}


async def test_somebody_joins(client: TestClient) -> None:
    eve = client.new.user("eve")
    result = await client.acting(user=eve).event("member.join")

    assert result.outcome == "handled"
    assert client.roles_of(eve) == {ROLE}
    assert not result.replied


async def test_what_an_event_says_can_be_changed(client: TestClient) -> None:
    result = await client.event("member.join", user={"id": client.user.id, "username": "troll"})

    assert result.outcome == "retried"
    assert isinstance(result.error, LookupError)
    await client.advance(900)
    assert result.outcome == "dead_lettered"
    assert client.dead_letters == ("attempts",)


async def test_anything_can_be_dispatched(client: TestClient) -> None:
    assert (await client.dispatch("GUILD_ROLE_CREATE", {"guild_id": client.guild_id})).outcome == "handled"


async def test_the_same_event_twice_is_two_events(client: TestClient) -> None:
    first, second = await client.event("member.join"), await client.event("member.join")

    assert (first.outcome, second.outcome) == ("handled", "handled")
    assert (await first.redelivered()).outcomes == ("handled", "duplicate")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("member.joined", "no handler wants the event 'member.joined': did you mean 'member.join'"),
        ("GUILD_ROLE_CREATE", r"cannot make up 'GUILD_ROLE_CREATE': use client\.dispatch\('GUILD_ROLE_CREATE'"),
    ],
)
async def test_an_event_must_be_known(client: TestClient, name: str, message: str) -> None:
    with pytest.raises(KitError, match=message):
        await client.event(name)


async def test_a_dispatch_that_no_queue_takes_is_an_error(client: TestClient) -> None:
    with pytest.raises(KitError, match="no queue takes TYPING_START"):
        await client.dispatch("TYPING_START", {"guild_id": client.guild_id})
    assert client.transcript == ()


@pytest.mark.parametrize(
    "name",
    ["member.join", "member.update", "guild.join", "guild.available", "guild.leave", "guild.outage", "message.create"],
)
async def test_every_event_of_gp_can_be_made_up(name: str) -> None:
    async with TestClient(gallery) as client:
        result = await client.event(name)

    assert result.outcome == "handled"
    assert result._story.routing_key == name


@pytest.mark.parametrize("name", FRAMES)
async def test_every_recorded_event_is_handled(name: str) -> None:
    dispatch = a_dispatch(name)
    async with TestClient(gallery) as client:
        result = await client.dispatch(dispatch.name, dispatch.raw)

    assert result.outcome == "handled"


@pytest.mark.parametrize("name", [name for name in fixture_names() if name not in FRAMES])
async def test_every_recorded_interaction_gets_its_answer(name: str) -> None:
    async with TestClient(gallery) as client:
        raw = a_dispatch(name, now_ms=int(client.now.timestamp() * 1000)).raw
        result = await client.dispatch(INTERACTION_CREATE, json.loads(json.dumps(raw)))

    assert result.outcome == UNANSWERABLE.get(name, "handled"), result
    assert (result.answer is None) == (name in UNANSWERABLE)
