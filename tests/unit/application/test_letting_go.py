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


class Kept:
    """What only the collector would have freed, of what was made from now on."""

    def __init__(self) -> None:
        gc.collect()
        gc.disable()
        self._before = {id(one) for one in gc.get_objects()}
        gc.set_debug(gc.DEBUG_SAVEALL)

    def ours(self) -> Counter[str]:
        gc.collect()
        kinds = [type(one) for one in gc.garbage if id(one) not in self._before]
        return Counter(kind.__qualname__ for kind in kinds if kind.__module__.startswith(("gpcore", "gpadapters")))

    def end(self) -> None:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


@pytest.fixture
def kept() -> Iterator[Kept]:
    kept = Kept()
    try:
        yield kept
    finally:
        kept.end()


@pytest.mark.parametrize("name", ["auto", "always", "never"])
async def test_nothing_of_an_interaction_is_kept(
    world: World, bot: CountingBot, process: Process, kept: Kept, name: str
) -> None:
    for _ in range(MANY):
        assert await process.handle(world.command(name)) == Ack("handled")
        await world.clock.advance(0)

    assert not kept.ours()


async def test_nothing_of_an_event_is_kept(world: World, kept: Kept) -> None:
    bot = Joins()
    process = Process(world, bot.router)
    for _ in range(MANY):
        assert await process.process(world.event()) == Ack("handled")

    assert not kept.ours()
