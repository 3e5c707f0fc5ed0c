"""Planted secrets appear nowhere that a worker in trouble writes, at its most talkative."""

import asyncio
import json
import time
from dataclasses import replace

import aiohttp
import pytest

from gpadapters.simulator.faults import KINDS, FaultKind, InjectedFault
from gpadapters.wire.encoding import encode_frame
from gpcore.domain.wire_message import WireMessage
from tests.builders import a_dispatch
from tests.e2e.conftest import Start, World
from tests.e2e.processes import outcomes
from tests.eventually import eventually_true
from tests.servers.rabbitmq_sandbox import Sandbox

pytestmark = pytest.mark.e2e

BOT_TOKEN = "MTIxNDQ5NzYzMzA3NTMzMTA3Mw.Gplant.planted-bot-token-0123456789abcdef"
PASSWORDS = ("planted-rabbit-password", "planted-redis-password")
PIECE = 16
"""Characters; a cut-off secret is a leak too."""

COMES_BACK = frozenset({"retried", "busy", "defer_lost", "discord_unavailable"})
"""Outcomes of deliveries whose copy is delivered later."""
OF_THE_EDGE: tuple[FaultKind, ...] = ("429_edge_html", "429_edge_text", "429_edge_json")
"""Nothing is sent for a while after one, so these come last."""
OF_ONE_REQUEST: tuple[FaultKind, ...] = (
    "429_user",
    "429_shared",
    "429_global",
    "error",
    "error_after",
    "slow",
    "hang",
    "disconnect",
    "disconnect_after",
)
FOR_THE_INTERACTION = ("/callback", "/webhooks")
FOR_THE_BOT = ("/guilds", "/channels", "/users")
ECHO = f"you sent {{token}} and {BOT_TOKEN}"
"""Discord at its worst repeats what it was sent."""
ECHOES = (
    *(
        InjectedFault(kind="error", status=400, code=50035, message=ECHO, template=part, times=4)
        for part in FOR_THE_BOT
    ),
    InjectedFault(kind="error", status=404, code=10008, message=ECHO, template="/webhooks", times=4),
)
REFUSALS = tuple(InjectedFault(kind="error", status=401, message=ECHO, template=part, times=4) for part in FOR_THE_BOT)


async def send(world: World, *faults: InjectedFault) -> str:
    """Let a user ask for something that goes wrong, publish a body that is wrong, and return the token."""
    now_ms = time.time_ns() // 1_000_000
    dispatch = a_dispatch("01-command-no-options", now_ms=now_ms, age_ms=10)
    token = str(dispatch.raw["token"])
    for fault in faults:
        own = dispatch.raw["id"] if fault.template in FOR_THE_INTERACTION else None
        world.discord.inject(replace(fault, interaction_id=own, message=fault.message.replace("{token}", token)))
    sent = encode_frame(dispatch.name, dispatch.raw, received_at_ms=now_ms)
    await world.publisher.publish(sent.message, routing_key=sent.routing_key)
    bad = WireMessage(body=json.dumps({"op": 0, "t": dispatch.name, "d": dispatch.raw | {"type": "x"}}).encode())
    await world.publisher.publish(bad, routing_key=dispatch.name)
    return token


def trouble(kind: FaultKind) -> tuple[InjectedFault, ...]:
    """Return a kind of fault for everything that the bot tries, often enough that it cannot be recovered from."""
    if kind == "hang":
        return (InjectedFault(kind=kind, template="/callback"),)
    return tuple(
        InjectedFault(kind=kind, seconds=0.2, template=template, times=1 if template == "/callback" else 4)
        for template in (*FOR_THE_INTERACTION, *FOR_THE_BOT)
    )


async def settled(address: str) -> int:
    """Return how many deliveries will not come back."""
    return sum(count for (_, outcome), count in (await outcomes(address)).items() if outcome not in COMES_BACK)


async def told(*addresses: str) -> str:
    """Return what these addresses say, one after the other."""
    seen = []
    async with aiohttp.ClientSession() as session:
        for address in addresses:
            async with session.get(address) as response:
                seen.append(await response.text())
    return "\n".join(seen)


async def test_no_planted_secret_appears_anywhere(world: World, start: Start, rabbit: Sandbox) -> None:
    env = world.env | {"LOG_LEVEL": "debug", "DISCORD_BOT_TOKEN": BOT_TOKEN, "PYTHONASYNCIODEBUG": "1"}
    worker = await start("worker", "run", "tests.e2e.talkative_bot:router", env=env)
    address = await worker.ready()

    async def all_settled() -> bool:
        return await settled(address) == 2 * len(tokens)

    tokens = list(await asyncio.gather(*(send(world, *trouble(kind)) for kind in OF_ONE_REQUEST)))
    await eventually_true(all_settled, within=60)
    for faults in (ECHOES, REFUSALS, *map(trouble, OF_THE_EDGE)):
        world.discord.forget_faults()
        tokens.append(await send(world, *faults))
        await eventually_true(all_settled, within=60)
    seen = await told(f"{address}/health", f"{address}/metrics")
    control = world.discord.control_url
    seen += await told(f"{control}/", f"{control}/_sim/state", f"{control}/_sim/requests") + repr(
        world.discord.requests
    )
    dead = []
    while (letter := await rabbit.take(f"{world.prefix}.interactions.dlq")) is not None:
        dead.append(letter.body.decode() + str(letter.header.properties))
    assert await worker.stop() == 0
    log = worker.log + "\n".join(worker.output)

    # Everything was there to be told: each fault met somebody, and the bot told of it at length.
    assert len(dead) == len(tokens)
    assert {*OF_ONE_REQUEST, *OF_THE_EDGE} == set(KINDS)
    assert {request.fault for request in world.discord.requests} >= {*OF_ONE_REQUEST, OF_THE_EDGE[0]}
    assert "nothing works for" in log
    assert log.count("an attempt failed") > len(OF_ONE_REQUEST)
    assert "Traceback" in log
    assert_untold(seen + log + "".join(dead), *tokens, BOT_TOKEN)


async def test_no_planted_password_appears_when_nothing_can_be_reached(start: Start) -> None:
    rabbit, redis = PASSWORDS
    env = {
        "RABBITMQ_URL": f"amqp://somebody:{rabbit}@127.0.0.1:1/",
        "REDIS_URL": f"redis://somebody:{redis}@127.0.0.1:1/0",
        "DISCORD_APPLICATION_ID": "1214497633075331073",
        "DISCORD_API_URL": "http://127.0.0.1:1/api/v10",
        "DISCORD_BOT_TOKEN": BOT_TOKEN,
        "LOG_LEVEL": "debug",
    }
    doctor = await start("doctor", env=env)
    config = await start("config", "show", env=env)

    assert (await doctor.ended(), await config.ended()) == (1, 0)
    seen = doctor.log + config.log + "\n".join([*doctor.output, *config.output])
    assert "127.0.0.1:1" in seen
    assert_untold(seen, BOT_TOKEN, *PASSWORDS)


def assert_untold(seen: str, *secrets: str) -> None:
    """Fail if a secret or a longer piece of one is in what was seen, without repeating it."""
    for number, secret in enumerate(secrets):
        pieces = {secret[begin : begin + PIECE] for begin in range(len(secret) - PIECE + 1)}
        leaks = [seen.index(piece) for piece in pieces if piece in seen]
        assert not leaks, f"secret {number} is told at {min(leaks)}: {seen[max(0, min(leaks) - 200) : min(leaks)]}"
