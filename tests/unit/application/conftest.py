import pytest

from tests.unit.application.counting_bot import CountingBot
from tests.unit.application.worlds import Process, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def bot() -> CountingBot:
    return CountingBot()


@pytest.fixture
def process(world: World, bot: CountingBot) -> Process:
    return Process(world, bot.router)
