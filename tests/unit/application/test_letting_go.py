"""What is over is freed at once: nothing of a delivery waits for the garbage collector, which would stop everybody."""

import gc
from collections import Counter
from collections.abc import Iterator

import pytest

from gpcore.domain.settling import Ack
from tests.unit.application.counting_bot import CountingBot
from tests.unit.application.joins import Joins
from tests.unit.application.worlds import Process, World

MANY = 5


@pytest.fixture
def kept() -> Iterator[list[object]]:
    """What only the collector would have freed, from now on."""
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        yield gc.garbage
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


def ours(kept: list[object]) -> Counter[str]:
    gc.collect()
    kinds = (type(one) for one in kept)
    return Counter(kind.__qualname__ for kind in kinds if kind.__module__.startswith(("gpcore", "gpadapters")))


@pytest.mark.parametrize("name", ["auto", "always", "never"])
async def test_nothing_of_an_interaction_is_kept(
    world: World, bot: CountingBot, process: Process, kept: list[object], name: str
) -> None:
    for _ in range(MANY):
        assert await process.handle(world.command(name)) == Ack("handled")
        await world.clock.advance(0)

    assert not ours(kept)


async def test_nothing_of_an_event_is_kept(world: World, kept: list[object]) -> None:
    bot = Joins()
    process = Process(world, bot.router)
    for _ in range(MANY):
        assert await process.process(world.event()) == Ack("handled")

    assert not ours(kept)
