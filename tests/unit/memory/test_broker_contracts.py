"""The in-memory broker keeps what its ports promise."""

from collections.abc import AsyncIterator

import pytest

from tests.contracts.dead_letters import DeadLettersContract
from tests.contracts.delivery_source import DeliverySourceContract
from tests.contracts.publisher import PublisherContract
from tests.contracts.topology import TopologyContract
from tests.unit.memory.memory_world import MemoryWorld


@pytest.fixture
async def world() -> AsyncIterator[MemoryWorld]:
    world = MemoryWorld()
    yield world
    await world.close()


@pytest.fixture
async def bare_world() -> AsyncIterator[MemoryWorld]:
    world = MemoryWorld(declared=False)
    yield world
    await world.close()


class TestInMemoryDeliverySource(DeliverySourceContract):
    pass


class TestInMemoryPublisher(PublisherContract):
    pass


class TestInMemoryTopology(TopologyContract):
    pass


class TestInMemoryDeadLetters(DeadLettersContract):
    pass
