"""Planted secrets appear in no log, metric or dead letter of a worker that meets trouble, at its most talkative."""

import json
import time

import aiohttp
import pytest

from gpadapters.simulator.faults import InjectedFault
from gpadapters.wire.encoding import encode_frame
from gpcore.domain.wire_message import Lane, WireMessage
from tests.builders import a_dispatch
from tests.e2e.conftest import Start, World
from tests.e2e.processes import outcomes
from tests.eventually import eventually_true
from tests.servers.rabbitmq_sandbox import Sandbox

pytestmark = pytest.mark.e2e

BOT_TOKEN = "MTIxNDQ5NzYzMzA3NTMzMTA3Mw.Gplant.planted-bot-token-0123456789abcdef"
COMES_BACK = frozenset({"retried", "busy", "defer_lost", "discord_unavailable"})
"""Outcomes of deliveries whose copy is delivered later."""
FAULTS = (
    InjectedFault(kind="error"),
    InjectedFault(kind="error_after"),
    InjectedFault(kind="disconnect"),
    InjectedFault(kind="disconnect_after"),
    InjectedFault(kind="429_user"),
    InjectedFault(kind="slow"),
    InjectedFault(kind="429_edge_html"),
)


async def test_no_planted_secret_appears_anywhere(world: World, start: Start, rabbit: Sandbox) -> None:
    env = world.env | {"LOG_LEVEL": "debug", "DISCORD_BOT_TOKEN": BOT_TOKEN}
    worker = await start("worker", "run", "examples.gallery:router", env=env)
    address = await worker.ready()
    tokens = []
    for fault in FAULTS:
        world.discord.inject(fault)
        now_ms = time.time_ns() // 1_000_000
        dispatch = a_dispatch("02-command-all-option-types", now_ms=now_ms, age_ms=10)
        tokens.append(dispatch.raw["token"])
        sent = encode_frame(dispatch.name, dispatch.raw, received_at_ms=now_ms)
        await world.publisher.publish(sent.message, routing_key=sent.routing_key)
        bad = WireMessage(body=json.dumps({"op": 0, "t": dispatch.name, "d": dispatch.raw | {"type": "x"}}).encode())
        await world.publisher.publish(bad, routing_key=dispatch.name)

    async def all_settled() -> bool:
        settled = {outcome: count for (_, outcome), count in (await outcomes(address)).items()}
        return sum(count for outcome, count in settled.items() if outcome not in COMES_BACK) == 2 * len(FAULTS)

    await eventually_true(all_settled, within=60)
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{address}/metrics") as response:
            seen = await response.text()
        async with session.get(f"{address}/health") as response:
            seen += await response.text()
    dead = f"{world.prefix}.interactions.dlq"
    letters = 0
    while (letter := await rabbit.take(dead)) is not None:
        letters += 1
        seen += letter.body.decode() + str(letter.header.properties)
    assert letters == len(FAULTS)
    assert await worker.stop() == 0
    seen += worker.log + "\n".join(worker.output)
    assert "could not be told" in worker.log, "the faults met nobody"
    for secret in (*tokens, BOT_TOKEN):
        assert secret not in seen
    assert Lane.INTERACTIONS.value in seen
