"""The ingestor as a process, between a stand-in gateway and a real RabbitMQ."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from examples.ingestor.gateway import INTENTS
from gpadapters.rabbitmq.declaration import TopologyPlan
from gpadapters.rabbitmq.delivery import to_wire_message
from gpadapters.wire.json_codec import JsonCodec
from gpcore.domain.envelope import Envelope
from tests.builders import NOW_MS, Json, a_fixture, a_message
from tests.eventually import PATIENCE, eventually, eventually_true
from tests.integration.examples.stand_in_gateway import StandInGateway
from tests.servers.rabbitmq_sandbox import Sandbox
from tests.servers.tcp_proxy import TcpProxy

pytestmark = pytest.mark.integration

ROOT: Final = Path(__file__).parents[3]
# Of the shape of a token, with an application's id in its first part.
TOKEN: Final = "MTIxNDQ5NzYzMzA3NTMzMTA3Mw.invented.invented"
HANDLED: Final = ("GUILD_MEMBER_ADD", "GUILD_CREATE")
COMMAND: Final = a_fixture("01-command-no-options")
JOIN: Final = a_fixture("25-guild-member-add")
GUILD: Final = a_fixture("31-guild-create-available-again")
MESSAGE: Final = a_fixture("34-message-create")


class Ingestor:
    """The process, and what it has been connected to."""

    def __init__(self, process: Process, rabbit: Sandbox, gateway: StandInGateway) -> None:
        self.process: Final = process
        self.gateway: Final = gateway
        self._rabbit: Final = rabbit

    async def waiting(self, queue: str) -> int:
        return await self._rabbit.waiting(f"{self._rabbit.names.prefix}.{queue}")

    async def take(self, queue: str) -> Envelope:
        taken = await self._rabbit.take(f"{self._rabbit.names.prefix}.{queue}")
        assert taken is not None
        return JsonCodec().decode(to_wire_message(taken.header.properties, taken.body), received_at_ms=NOW_MS)

    async def logged(self, text: str) -> None:
        """Wait for a line of its log."""
        assert self.process.stderr is not None
        async with asyncio.timeout(PATIENCE):
            while text not in (line := (await self.process.stderr.readline()).decode()):
                assert line, f"it ended without {text!r}"

    async def end(self) -> str:
        """Tell it to end and return what it logged."""
        self.process.send_signal(signal.SIGTERM)
        _, log = await asyncio.wait_for(self.process.communicate(), PATIENCE)
        assert self.process.returncode == 0, log.decode()
        return log.decode()


async def started(**variables: str) -> Process:
    """Start the ingestor with nothing but these of its variables."""
    own = {"DISCORD_BOT_TOKEN", "DISCORD_API_URL", "RABBITMQ_URL", "GP_PREFIX"}
    env = {name: value for name, value in os.environ.items() if name not in own} | {"LOG_LEVEL": "debug"} | variables
    command = (sys.executable, "-m", "examples.ingestor")
    return await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=env, stdout=DEVNULL, stderr=PIPE)


async def refused(process: Process, code: int) -> str:
    """Wait for the process to give up, and return why it did."""
    _, log = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == code, log.decode()
    return log.decode()


@pytest.fixture
async def ingestor(rabbit: Sandbox, rabbitmq_proxy: TcpProxy) -> AsyncIterator[Ingestor]:
    """Give a connected ingestor of two shards."""
    rabbit.plan = TopologyPlan(names=rabbit.plan.names, dispatch_names=HANDLED)
    await rabbit.topology().apply()
    async with StandInGateway(TOKEN, shards=2) as gateway:
        process = await started(
            DISCORD_BOT_TOKEN=TOKEN,
            DISCORD_API_URL=gateway.api_url,
            RABBITMQ_URL=rabbitmq_proxy.url,
            GP_PREFIX=rabbit.names.prefix,
        )
        await eventually(gateway.ready)
        yield Ingestor(process, rabbit, gateway)
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def test_frames_reach_their_queues_as_they_were_sent(ingestor: Ingestor) -> None:
    await ingestor.gateway.send(1, COMMAND, JOIN, GUILD)

    async def all_there() -> bool:
        return (await ingestor.waiting("interactions"), await ingestor.waiting("events.guild")) == (1, 2)

    await eventually_true(all_there)
    arrived = [await ingestor.take("interactions"), await ingestor.take("events.guild")]
    arrived.append(await ingestor.take("events.guild"))
    by_dispatch = {envelope.dispatch: envelope for envelope in arrived}
    for frame in (COMMAND, JOIN, GUILD):
        recorded = a_message(frame | {"shardId": 1})
        assert by_dispatch[frame["t"]] == JsonCodec().decode(recorded, received_at_ms=NOW_MS)
    assert '"level": "error"' not in await ingestor.end()


async def test_a_burst_of_equal_objects_is_as_many_events(ingestor: Ingestor) -> None:
    await ingestor.gateway.send(0, *(JOIN | {"s": sequence} for sequence in range(2, 52)))

    async def all_there() -> bool:
        return await ingestor.waiting("events.guild") == 50

    await eventually_true(all_there)
    ids = {(await ingestor.take("events.guild")).event_id for _ in range(50)}
    expected = [a_message(JOIN | {"s": sequence, "shardId": 0}) for sequence in range(2, 52)]
    assert ids == {JsonCodec().decode(message, received_at_ms=NOW_MS).event_id for message in expected}


async def test_what_no_queue_takes_is_logged_once_and_disturbs_nothing(ingestor: Ingestor) -> None:
    await ingestor.gateway.send(0, MESSAGE, MESSAGE | {"s": 74}, JOIN)

    async def there() -> bool:
        return await ingestor.waiting("events.guild") == 1

    await eventually_true(there)
    log = await ingestor.end()
    assert log.count("MESSAGE_CREATE is dropped (refused") == 1
    assert "'refused MESSAGE_CREATE': 2" in log


async def test_events_of_an_outage_arrive_after_it(ingestor: Ingestor, rabbitmq_proxy: TcpProxy) -> None:
    def events(*sequences: int) -> list[Json]:
        return [JOIN | {"s": sequence, "d": JOIN["d"] | {"number": sequence}} for sequence in sequences]

    numbers: set[int] = set()

    async def all_there() -> bool:
        """Count each once: a publish whose confirmation was lost is repeated."""
        while await ingestor.waiting("events.guild"):
            raw: Json = (await ingestor.take("events.guild")).raw
            numbers.add(raw["number"])
        return numbers == set(range(2, 62))

    await ingestor.gateway.send(0, *events(*range(2, 22)))
    rabbitmq_proxy.refuse()
    await ingestor.gateway.send(0, *events(*range(22, 62)))
    await ingestor.logged("the broker is away")
    assert not await all_there()
    rabbitmq_proxy.refuse(refusing=False)
    await eventually_true(all_there)


async def test_no_secret_is_logged(ingestor: Ingestor) -> None:
    await ingestor.gateway.send(0, COMMAND)

    async def there() -> bool:
        return await ingestor.waiting("interactions") == 1

    await eventually_true(there)
    log = await ingestor.end()
    assert TOKEN not in log
    assert COMMAND["d"]["token"] not in log


async def test_it_asks_for_its_intents_only(ingestor: Ingestor) -> None:
    assert {shard["intents"] for shard in ingestor.gateway.identified.values()} == {int(INTENTS)}


async def test_a_token_that_discord_refuses_ends_it_with_a_reason(rabbitmq_url: str) -> None:
    async with StandInGateway("another", shards=1) as gateway:
        process = await started(DISCORD_BOT_TOKEN=TOKEN, DISCORD_API_URL=gateway.api_url, RABBITMQ_URL=rabbitmq_url)
        reason = await refused(process, 1)
    assert "401" in reason
    assert TOKEN not in reason


@pytest.mark.parametrize("variables", [{}, {"DISCORD_BOT_TOKEN": "short"}])
async def test_a_token_that_is_none_is_a_fault_of_the_configuration(variables: dict[str, str]) -> None:
    process = await started(RABBITMQ_URL="amqp://127.0.0.1", **variables)
    assert "DISCORD_BOT_TOKEN" in await refused(process, 2)
