import aiohttp
import pytest

from gpadapters.simulator.server import SimulatedDiscord
from tests.builders import a_fixture
from tests.unit.simulator.world import APPLICATION, Client

GUILD = "849255963033731074"
USER = "430305391411331087"
ROLE = "849256214691971079"
CHANNEL = "849256214691971078"


@pytest.mark.parametrize("authorization", [None, "token", "Bearer token", "Bot "])
async def test_without_a_bot_token_it_answers_as_recorded(client: Client, authorization: str | None) -> None:
    headers = {"Authorization": authorization} if authorization is not None else {}

    reply = await client.ask("PUT", f"/guilds/{GUILD}/members/{USER}/roles/{ROLE}", headers=headers)

    assert (reply.status, reply.body) == (401, a_fixture("http-error-401-bot-token")["body"])


async def test_an_unknown_member_is_answered_as_recorded(client: Client) -> None:
    reply = await client.as_bot("PUT", f"/guilds/{GUILD}/members/{USER}/roles/{ROLE}")

    assert (reply.status, reply.body) == (404, a_fixture("http-error-10007-404")["body"])


async def test_in_the_open_mode_everybody_is_a_member(open_client: Client) -> None:
    path = f"/guilds/{GUILD}/members/{USER}"

    assert (await open_client.as_bot("PUT", f"{path}/roles/{ROLE}")).status == 204
    assert (await open_client.as_bot("GET", path)).body["roles"] == [ROLE]
    assert (await open_client.as_bot("DELETE", f"{path}/roles/{ROLE}")).status == 204
    assert open_client.simulator.roles_of(GUILD, USER) == frozenset()


async def test_a_channel_message_is_made_once_per_enforced_nonce(client: Client) -> None:
    body = {"content": "hello", "nonce": "n", "enforce_nonce": True}

    first = await client.as_bot("POST", f"/channels/{CHANNEL}/messages", body)
    again = await client.as_bot("POST", f"/channels/{CHANNEL}/messages", body)
    other = await client.as_bot("POST", f"/channels/{CHANNEL}/messages", body | {"enforce_nonce": False})

    assert first.body == again.body
    assert other.body["id"] != first.body["id"]


async def test_a_channel_message_cannot_be_ephemeral(client: Client) -> None:
    reply = await client.as_bot("POST", f"/channels/{CHANNEL}/messages", {"content": "hello", "flags": 64})

    assert reply.code == 50035


async def test_a_route_has_its_limit_per_guild(open_client: Client) -> None:
    path = "/guilds/{}/members/" + USER
    replies = [await open_client.as_bot("GET", path.format(GUILD)) for _ in range(11)]

    assert [reply.status for reply in replies] == [200] * 10 + [429]
    assert (await open_client.as_bot("GET", path.format(int(GUILD) + 1))).status == 200


async def test_all_calls_of_a_bot_share_the_global_limit(open_client: Client) -> None:
    replies = [await open_client.as_bot("GET", f"/channels/{int(CHANNEL) + number}") for number in range(51)]

    assert [reply.status for reply in replies] == [200] * 50 + [429]
    assert replies[-1].headers["X-RateLimit-Scope"] == "global"
    assert replies[-1].body["global"] is True
    stranger = (open_client.fresh_id(), "any-token")
    assert (await open_client.answer(stranger, 5)).status == 204


async def test_commands_are_kept_apart_by_guild(client: Client) -> None:
    ping = {"name": "ping", "description": "Answer at once."}

    made = await client.as_bot("PUT", f"/applications/{APPLICATION}/commands", [ping])

    assert made.body[0]["name"] == "ping"
    path = f"/applications/{APPLICATION}/commands?with_localizations=true"
    assert (await client.as_bot("GET", path)).body == made.body
    assert (await client.as_bot("GET", f"/applications/{APPLICATION}/guilds/{GUILD}/commands")).body == []


async def test_a_direct_message_needs_a_recipient(client: Client) -> None:
    assert (await client.as_bot("POST", "/users/@me/channels", {})).code == 50035


async def test_a_chosen_bot_token_is_the_only_one() -> None:
    async with SimulatedDiscord(bot_token="right") as simulator, aiohttp.ClientSession() as session:
        statuses = []
        for token in ("wrong", "right"):
            headers = {"User-Agent": "DiscordBot (test, 1)", "Authorization": f"Bot {token}"}
            async with session.get(simulator.url + "/users/@me", headers=headers) as response:
                statuses.append(response.status)

    assert statuses == [401, 200]
