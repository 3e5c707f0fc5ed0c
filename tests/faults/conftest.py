"""Scenes for the rows."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from gpadapters.rabbitmq.names import Names
from gpadapters.rabbitmq.publisher import RabbitPublisher
from tests.e2e.conftest import Start, World, start, world
from tests.faults.scene import Scene
from tests.servers.rabbitmq_process import RabbitProcess
from tests.servers.rabbitmq_sandbox import hasty
from tests.servers.redis_process import RedisProcess
from tests.servers.tcp_proxy import TcpProxy

__all__ = ["scene", "start", "world"]


@pytest.fixture
async def scene(world: World, start: Start, tmp_path: Path) -> AsyncIterator[Scene]:
    """Give a world of the test's own, and its bot's diary."""
    scene = Scene(world, start, tmp_path / "effects")
    yield scene
    await scene.sandbox.disconnect()


@pytest.fixture(scope="module")
def node() -> Iterator[RabbitProcess]:
    """Give a broker that only this module's rows harm."""
    node = RabbitProcess()
    node.start()
    yield node
    node.close()


@pytest.fixture
async def fragile(node: RabbitProcess, world: World, start: Start, tmp_path: Path) -> AsyncIterator[Scene]:
    """Give a scene on a broker that may be stopped and started."""
    prefix = f"f{uuid4().hex[:12]}"
    publisher = RabbitPublisher(hasty(node.url), Names(prefix))
    scene = Scene(
        replace(world, rabbitmq_url=node.url, prefix=prefix, publisher=publisher), start, tmp_path / "effects"
    )
    yield scene
    await publisher.close()
    await scene.sandbox.disconnect()


@pytest.fixture
async def redis_proxy(redis_server: RedisProcess) -> AsyncIterator[TcpProxy]:
    """Give a way to a Redis of the test's own that can be cut, frozen and slowed down."""
    async with TcpProxy.to(redis_server.url) as proxy:
        yield proxy
