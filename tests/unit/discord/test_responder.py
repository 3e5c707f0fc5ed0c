import asyncio
from hashlib import sha256

import pytest

from gpadapters.simulator.faults import FaultKind, InjectedFault
from gpcore.domain.components import Button, Row
from gpcore.domain.embeds import Embed
from gpcore.domain.files import File
from gpcore.domain.messages import Callback, CallbackType, OutgoingMessage
from gpcore.domain.metrics import DISCORD_CALLS
from gpcore.errors import PortRejectedError, PortThrottledError, PortTimeoutError, PortUnavailableError
from tests.contracts.first_responder import HELLO, FirstResponderContract
from tests.unit.discord.http_world import HttpWorld

IN_FLIGHT = 50


class TestHttpFirstResponder(FirstResponderContract):
    pass


async def test_no_bot_token_is_ever_sent(world: HttpWorld) -> None:
    given = world.interaction()

    await world.responder.respond(given.id, given.token, HELLO, timeout=2.0)
    await world.followups.edit(given.token, OutgoingMessage(content="x"))
    await world.followups.create(given.token, OutgoingMessage(content="x"))
    await world.followups.delete(given.token)

    assert len(world.simulator.requests) == 4
    assert all("authorization" not in request.headers for request in world.simulator.requests)
    assert all(request.user_agent.startswith("DiscordBot (") for request in world.simulator.requests)


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("hang", PortTimeoutError),
        ("disconnect", PortUnavailableError),
        ("disconnect_after", PortUnavailableError),
        ("error", PortUnavailableError),
        ("error_after", PortUnavailableError),
        ("429_user", PortThrottledError),
        ("429_shared", PortThrottledError),
        ("429_global", PortThrottledError),
        ("429_edge_html", PortThrottledError),
        ("429_edge_text", PortThrottledError),
        ("429_edge_json", PortThrottledError),
    ],
)
async def test_one_call_makes_one_request_whatever_happens(
    world: HttpWorld, kind: FaultKind, error: type[Exception]
) -> None:
    given = world.interaction()
    world.simulator.inject(InjectedFault(kind=kind, status=502, seconds=0.25))

    with pytest.raises(error) as caught:
        await world.responder.respond(given.id, given.token, HELLO, timeout=0.3)

    assert type(caught.value) is error
    assert world.requests() == 1


async def test_a_refused_answer_names_the_faulty_field_but_not_its_text(world: HttpWorld) -> None:
    given = world.interaction()
    too_long = Callback(type=CallbackType.MESSAGE, message=OutgoingMessage(content="secret" * 400))

    with pytest.raises(PortRejectedError) as caught:
        await world.responder.respond(given.id, given.token, too_long, timeout=2.0)

    assert caught.value.code == 50035
    assert "data.content: BASE_TYPE_BAD_LENGTH" in str(caught.value)
    assert "secret" not in str(caught.value)


async def test_fifty_callbacks_at_once_are_all_answered(world: HttpWorld) -> None:
    given = [world.interaction() for _ in range(IN_FLIGHT)]

    await asyncio.gather(*(world.responder.respond(one.id, one.token, HELLO, timeout=20.0) for one in given))

    assert world.statuses() == [204] * IN_FLIGHT
    assert all(world.shown(one) == ["hello"] for one in given)
    assert world.telemetry.counted(DISCORD_CALLS, "callback", "ok") == IN_FLIGHT


async def test_a_connection_is_used_again(world: HttpWorld) -> None:
    for _ in range(3):
        given = world.interaction()
        await world.responder.respond(given.id, given.token, HELLO, timeout=2.0)

    assert world.statuses() == [204, 204, 204]


async def test_files_go_beside_the_answer(world: HttpWorld) -> None:
    given = world.interaction()
    message = OutgoingMessage(
        content="see",
        embeds=(Embed("Picture", image="attachment://a b.png"),),
        components=(Row(Button("More", id="more")),),
        files=(File("a b.png", b"\x89PNG\r\n--x", description="A dot"), File("empty.txt", b"")),
    )

    await world.responder.respond(
        given.id, given.token, Callback(type=CallbackType.MESSAGE, message=message), timeout=2.0
    )

    (request,) = world.simulator.requests
    assert request.files == ("a b.png", "empty.txt")
    assert [(upload.size, upload.content_type) for upload in request.uploads] == [(9, "image/png"), (0, "text/plain")]
    assert request.uploads[0].sha256 == sha256(b"\x89PNG\r\n--x").hexdigest()
    assert isinstance(request.body, dict)
    assert request.body["data"]["attachments"] == [
        {"id": 0, "filename": "a b.png", "description": "A dot"},
        {"id": 1, "filename": "empty.txt"},
    ]
    assert world.shown(given) == ["see"]


async def test_after_an_edge_block_nothing_is_sent_until_it_is_over(world: HttpWorld) -> None:
    world.simulator.inject(InjectedFault(kind="429_edge_html", seconds=30.0))
    first, second = world.interaction(), world.interaction()

    with pytest.raises(PortThrottledError):
        await world.responder.respond(first.id, first.token, HELLO, timeout=2.0)
    with pytest.raises(PortThrottledError) as caught:
        await world.responder.respond(second.id, second.token, HELLO, timeout=2.0)
    assert caught.value.retry_after == 30.0
    assert world.requests() == 1

    await world.clock.sleep(30.0)
    later = world.interaction()
    await world.responder.respond(later.id, later.token, HELLO, timeout=2.0)
    assert world.requests() == 2
