"""A whole system around the process under test: RabbitMQ, Valkey, a stand-in Discord."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest

from gpadapters.rabbitmq.names import Names
from gpadapters.rabbitmq.publisher import RabbitPublisher
from gpadapters.simulator.server import SimulatedDiscord
from tests.e2e.processes import GpProcess
from tests.servers.rabbitmq_sandbox import hasty

APPLICATION_ID = "1214497633075331073"
Start = Callable[..., Awaitable[GpProcess]]


@dataclass(frozen=True)
class World:
    """Everything outside the process, and a corner of it that no other test uses."""

    rabbitmq_url: str
    redis_url: str
    prefix: str
    discord: SimulatedDiscord
    publisher: RabbitPublisher

    @property
    def env(self) -> dict[str, str]:
        """The settings of a worker in this world."""
        return {
            "RABBITMQ_URL": self.rabbitmq_url,
            "REDIS_URL": self.redis_url,
            "GP_PREFIX": self.prefix,
            "GP_STATE_PREFIX": f"{self.prefix}:",
            "GP_TOPOLOGY": "apply",
            "DISCORD_APPLICATION_ID": APPLICATION_ID,
            "DISCORD_API_URL": self.discord.url,
            "PORT": "0",
        }


@pytest.fixture
async def world(rabbitmq_url: str, redis_url: str) -> AsyncIterator[World]:
    """Give a world of the test's own."""
    prefix = f"e{uuid4().hex[:12]}"
    publisher = RabbitPublisher(hasty(rabbitmq_url), Names(prefix))
    async with SimulatedDiscord() as discord:
        yield World(rabbitmq_url, redis_url, prefix, discord, publisher)
    await publisher.close()


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Start processes that the test need not end."""
    started: list[GpProcess] = []

    async def begin(*arguments: str, env: dict[str, str]) -> GpProcess:
        process = await GpProcess.start(*arguments, env=env)
        started.append(process)
        return process

    yield begin
    for process in started:
        await process.kill()
