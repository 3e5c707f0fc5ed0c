"""Virtual time moves only when told, and wakes in order."""

import asyncio

import pytest

from gpadapters.memory.clock import VirtualClock
from gpcore.ports.clock import Clock
from tests.contracts.clock import ClockContract


class TestVirtualClock(ClockContract):
    @pytest.fixture
    def clock(self) -> VirtualClock:
        return VirtualClock()

    async def pass_time(self, clock: Clock, seconds: float) -> None:
        assert isinstance(clock, VirtualClock)
        await clock.advance(seconds)


async def test_stands_still_by_itself() -> None:
    clock = VirtualClock()
    await asyncio.sleep(0.01)
    assert clock.monotonic() == 0
    assert clock.now_us() == VirtualClock().now_us()


async def test_wakes_sleepers_in_the_order_of_their_times() -> None:
    clock, woken = VirtualClock(), []

    async def sleep(seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append((seconds, clock.monotonic()))

    async with asyncio.TaskGroup() as tasks:
        for seconds in (3, 1, 2, 1):
            tasks.create_task(sleep(seconds))
        await clock.advance(5)
    assert woken == [(1, 1.0), (1, 1.0), (2, 2.0), (3, 3.0)]


async def test_stops_on_the_way_for_waits_that_begin_there() -> None:
    clock, ticks = VirtualClock(), []

    async def tick() -> None:
        for _ in range(3):
            await clock.sleep(1)
            ticks.append(clock.monotonic())

    task = asyncio.create_task(tick())
    await clock.advance(10)
    assert task.done()
    assert ticks == [1.0, 2.0, 3.0]
    assert clock.monotonic() == 10.0


async def test_forgets_a_sleeper_that_was_cancelled() -> None:
    clock = VirtualClock()
    task = asyncio.create_task(clock.sleep(1))
    await clock.advance(0)
    task.cancel()
    await asyncio.wait((task,))
    await clock.advance(2)
    assert task.cancelled()


async def test_the_wall_clock_can_step_back_while_monotonic_does_not() -> None:
    clock = VirtualClock()
    await clock.advance(1)
    before = clock.now_us()
    clock.step_wall_clock(-5_000_000)
    assert clock.now_us() == before - 5_000_000
    assert clock.monotonic() == 1.0


async def test_many_small_steps_reach_the_same_time_as_a_large_one() -> None:
    clock = VirtualClock()
    await clock.advance(0.3)
    sleeper = asyncio.create_task(clock.sleep(1.0))
    for _ in range(10):
        await clock.advance(0.1)
    assert sleeper.done()


async def test_two_who_move_it_at_once_never_move_it_back() -> None:
    clock, seen = VirtualClock(), list[float]()

    async def look() -> None:
        while clock.monotonic() < 5:
            await clock.sleep(0.5)
            seen.append(clock.monotonic())

    looking = asyncio.create_task(look())
    await asyncio.gather(clock.advance(2), clock.advance(6))
    await looking

    assert seen == sorted(seen)
    assert clock.monotonic() == 6


async def test_the_next_alarm_is_known_and_can_be_cancelled() -> None:
    clock, rung = VirtualClock(), list[str]()
    assert clock.seconds_to_next_alarm() is None
    clock.call_after(2, lambda: rung.append("late"))
    early = clock.call_after(1, lambda: rung.append("early"))
    assert clock.seconds_to_next_alarm() == 1
    early.cancel()
    assert clock.seconds_to_next_alarm() == 2
    await clock.advance(3)

    assert rung == ["late"]
    assert clock.seconds_to_next_alarm() is None
