import asyncio

import aiohttp
import pytest

from gpadapters.simulator.faults import FaultKind, InjectedFault
from gpadapters.simulator.server import SimulatedDiscord
from tests.builders import a_fixture
from tests.eventually import eventually
from tests.unit.simulator.world import APPLICATION, Client

HELLO = {"content": "hello"}


@pytest.mark.parametrize(
    ("kind", "seconds", "name"),
    [
        ("429_global", 0.731, "http-ratelimit-429-global"),
        ("429_shared", 12.5, "http-ratelimit-429-shared"),
        ("429_user", 1.337, "http-ratelimit-429-user"),
    ],
)
async def test_an_injected_429_is_answered_as_recorded(
    client: Client, kind: FaultKind, seconds: float, name: str
) -> None:
    client.simulator.inject(InjectedFault(kind=kind, seconds=seconds))

    reply = await client.answer(client.known(), 5)

    recorded = a_fixture(name)
    assert (reply.status, reply.body) == (429, recorded["body"])
    for header in ("X-RateLimit-Scope", "X-RateLimit-Global", "Retry-After", "Via"):
        assert reply.headers.get(header) == recorded["headers"].get(header)


@pytest.mark.parametrize("kind", ["429_edge_html", "429_edge_text", "429_edge_json"])
async def test_a_block_of_the_edge_has_none_of_discords_headers(client: Client, kind: FaultKind) -> None:
    client.simulator.inject(InjectedFault(kind=kind, seconds=3600))

    reply = await client.answer(client.known(), 5)

    assert reply.status == 429
    assert "Via" not in reply.headers
    assert not [name for name in reply.headers if name.lower().startswith("x-ratelimit")]
    assert reply.headers["Content-Type"].startswith("application/json") is (kind == "429_edge_json")
    if kind == "429_edge_json":
        assert "retry_after" not in reply.body
    else:
        assert reply.headers["Retry-After"] == "3600"


async def test_an_empty_error_is_answered_as_recorded(client: Client) -> None:
    recorded = a_fixture("http-error-500-empty")
    client.simulator.inject(InjectedFault(kind="error"))

    reply = await client.answer(client.known(), 5)

    assert (reply.status, reply.text) == (500, "")
    assert reply.headers["Content-Type"].lower() == recorded["headers"]["Content-Type"].lower()


async def test_an_overload_is_answered_as_recorded(client: Client) -> None:
    recorded = a_fixture("http-error-503-130000")
    client.simulator.inject(InjectedFault(kind="error", status=503, code=130000, message=recorded["body"]["message"]))

    reply = await client.answer(client.known(), 5)

    assert (reply.status, reply.body) == (503, recorded["body"])


@pytest.mark.parametrize(("kind", "has_effect"), [("disconnect", False), ("disconnect_after", True)])
async def test_a_dropped_connection_may_have_had_its_effect(client: Client, kind: FaultKind, has_effect: bool) -> None:
    interaction = client.known()
    client.simulator.inject(InjectedFault(kind=kind))

    with pytest.raises(aiohttp.ClientConnectionError):
        await client.answer(interaction, 5)

    known = client.simulator.interaction(interaction[0])
    assert known is not None
    assert (known.first is not None) is has_effect
    await eventually(lambda: client.simulator.requests[0].fault == kind)
    assert client.simulator.requests[0].status == 0


async def test_a_hanging_request_is_let_go_when_the_simulator_closes() -> None:
    simulator = SimulatedDiscord()
    await simulator.start()
    simulator.inject(InjectedFault(kind="hang"))
    async with aiohttp.ClientSession() as session:
        request = asyncio.create_task(session.get(simulator.url + "/gateway"))
        await eventually(lambda: simulator.requests)
        assert not request.done()

        await simulator.close()

        with pytest.raises(aiohttp.ClientConnectionError):
            await request


async def test_faults_meet_only_what_they_are_for_and_only_so_often(client: Client) -> None:
    first, second = client.known(), client.known()
    client.simulator.inject(InjectedFault(kind="error", times=2, interaction_id=first[0], template="/callback"))

    assert (await client.answer(second, 5)).status == 204
    assert (await client.answer(first, 5)).status == 500
    assert (await client.answer(first, 5)).status == 500
    assert (await client.answer(first, 5)).status == 204


async def test_a_share_of_requests_can_fail(client: Client) -> None:
    client.simulator.inject(InjectedFault(kind="error", times=None, share=0.5))

    statuses = {(await client.answer(client.known(), 5)).status for _ in range(40)}

    assert statuses == {204, 500}


def test_an_unknown_fault_is_refused() -> None:
    with pytest.raises(ValueError, match="kind"):
        InjectedFault(kind="flood")  # type: ignore[arg-type] # that is the point


async def test_requests_are_recorded_without_tokens(client: Client) -> None:
    interaction = client.known()
    await client.answer(interaction, 4, HELLO)
    await client.webhook("PATCH", interaction[1], "@original", {"content": "changed"})

    first, second = client.simulator.requests

    assert (first.method, first.status, first.interaction_id) == ("POST", 204, interaction[0])
    assert first.template == "/interactions/{interaction_id}/{interaction_token}/callback"
    assert first.body == {"type": 4, "data": HELLO}
    assert "authorization" not in first.headers
    assert (second.interaction_id, second.body) == (interaction[0], {"content": "changed"})
    assert interaction[1] not in repr(client.simulator.requests)


async def test_too_many_invalid_requests_ban_the_address(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gpadapters.simulator.pipeline.MOST_INVALID", 3)
    for _ in range(3):
        assert (await client.ask("GET", "/users/@me")).status == 401
    assert client.simulator.invalid_requests == 3

    reply = await client.answer(client.known(), 5)
    assert (reply.status, reply.headers["Server"]) == (429, "cloudflare")

    client.pass_seconds(601)
    assert (await client.answer(client.known(), 5)).status == 204


async def test_it_can_be_driven_over_http(client: Client) -> None:
    interaction_id = client.fresh_id()
    registered = await client.ask(
        "POST", "/_sim/interactions", {"interaction_id": interaction_id, "token": "secret-token", "kind": 2}
    )
    injected = await client.ask("POST", "/_sim/faults", {"kind": "error", "status": 502, "template": "/callback"})
    assert (registered.status, injected.status) == (204, 204)

    assert (await client.answer((interaction_id, "secret-token"), 5)).status == 502
    assert (await client.answer((interaction_id, "secret-token"), 4, HELLO)).status == 204

    shown = (await client.ask("GET", f"/_sim/interactions/{interaction_id}")).body
    requests = await client.ask("GET", "/_sim/requests?template=/callback&limit=1")
    state = (await client.ask("GET", "/_sim/state")).body
    assert (shown["first"], shown["original"]["content"]) == (4, "hello")
    assert [request["status"] for request in requests.body] == [204]
    assert {(item["status"], item["count"]) for item in state["requests"]} == {(502, 1), (204, 1)}
    assert "secret-token" not in requests.text + str(shown) + str(state)

    assert (await client.ask("POST", "/_sim/reset")).status == 204
    assert (await client.ask("GET", "/_sim/state")).body == {"interactions": 0, "requests": []}
    assert (await client.ask("GET", f"/_sim/interactions/{interaction_id}")).status == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/_sim/interactions", {}),
        ("/_sim/interactions", {"interaction_id": "12"}),
        ("/_sim/interactions", {"interaction_id": "1574394111514120223", "colour": "red"}),
        ("/_sim/faults", {}),
        ("/_sim/faults", {"kind": "flood"}),
        ("/_sim/faults", {"kind": "error", "colour": "red"}),
        ("/_sim/members", {"guild_id": "1", "user_id": "2", "roles": "x"}),
    ],
)
async def test_a_control_request_that_says_nothing_useful_is_refused(
    client: Client, path: str, body: dict[str, object]
) -> None:
    assert (await client.ask("POST", path, body)).status == 400


async def test_waiting_faults_can_be_taken_back_and_members_put_in(client: Client) -> None:
    await client.ask("POST", "/_sim/faults", {"kind": "error", "times": None})
    await client.ask("DELETE", "/_sim/faults")
    await client.ask(
        "POST", "/_sim/members", {"guild_id": "849255963033731074", "user_id": APPLICATION, "roles": ["9"]}
    )

    reply = await client.as_bot("GET", f"/guilds/849255963033731074/members/{APPLICATION}")

    assert (reply.status, reply.body["roles"]) == (200, ["9"])


async def test_the_address_is_known_only_after_the_start() -> None:
    simulator = SimulatedDiscord()
    await simulator.close()

    with pytest.raises(RuntimeError):
        _ = simulator.url
