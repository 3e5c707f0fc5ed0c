"""One timer for many bodies bounds each of them as a timer of its own would."""

import asyncio
from collections.abc import Callable
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpadapters.system.clock import SystemClock
from gpadapters.system.deadlines import Deadline, Deadlines
from tests.eventually import eventually


class Timer:
    def __init__(self, when: float, action: Callable[[], None]) -> None:
        self.when, self.action, self.is_set = when, action, True

    def cancel(self) -> None:
        self.is_set = False


class HandTurnedLoop:
    """Time passes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[Timer] = []

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, action: Callable[[], None]) -> Timer:
        self.timers.append(Timer(when, action))
        return self.timers[-1]

    def live(self) -> list[Timer]:
        self.timers = [timer for timer in self.timers if timer.is_set]
        return self.timers

    def turn(self, seconds: float) -> None:
        until = self.now + seconds
        while due := [timer for timer in self.live() if timer.when <= until]:
            first = min(due, key=lambda timer: timer.when)
            first.cancel()
            self.now = max(self.now, first.when)
            first.action()
        self.now = until


class Watched(Deadline):
    """A deadline whose end is noted."""

    ended = False

    def end(self) -> None:
        self.ended = True


SECONDS = st.integers(0, 20).map(float)
STEPS = st.lists(
    st.one_of(st.tuples(st.sampled_from(["enter", "pass"]), SECONDS), st.tuples(st.just("leave"), SECONDS))
)


@given(STEPS)
def test_ends_exactly_what_is_still_running_when_it_is_due(steps: list[tuple[str, float]]) -> None:
    loop = HandTurnedLoop()
    deadlines = Deadlines(cast("asyncio.AbstractEventLoop", loop))
    running: list[Watched] = []
    left: list[Watched] = []
    for what, number in steps:
        if what == "enter":
            running.append(Watched(deadlines, number + 0.5))
            deadlines.add(running[-1])
        elif what == "pass":
            loop.turn(number)
        elif running:
            gone = running.pop(int(number) % len(running))
            deadlines.discard(gone)
            if not gone.ended:
                left.append(gone)
        assert all(one.ended == (one.due <= loop.now) for one in running)
        assert not any(one.ended for one in left)
        assert len(loop.live()) <= 1


def test_bodies_that_end_in_time_set_one_timer_between_them() -> None:
    loop = HandTurnedLoop()
    deadlines = Deadlines(cast("asyncio.AbstractEventLoop", loop))
    for _ in range(100):
        loop.turn(0.01)
        deadline = Watched(deadlines, 5.5)
        deadlines.add(deadline)
        deadlines.discard(deadline)

    assert len(loop.timers) == 1


async def test_a_cancellation_from_outside_that_comes_together_with_the_deadlines_goes_on() -> None:
    clock = SystemClock()
    reached = asyncio.Event()

    async def body() -> None:
        async with clock.deadline(0.01):
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                reached.set()
                await asyncio.Event().wait()

    task = asyncio.create_task(body())
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_the_shorter_of_two_is_over_first_though_it_was_entered_last() -> None:
    clock = SystemClock()

    async def body() -> None:
        async with clock.deadline(60), clock.deadline(0.01):
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        await body()


async def test_what_is_raised_for_another_reason_after_the_deadline_goes_on() -> None:
    async def body() -> None:
        async with SystemClock().deadline(0.01):
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                raise LookupError from None

    task = asyncio.create_task(body())
    with pytest.raises(LookupError):
        await task
    assert not task.cancelling()


def test_a_clock_serves_one_event_loop_after_another() -> None:
    clock = SystemClock()

    async def late() -> None:
        async with clock.deadline(0.01):
            await asyncio.Event().wait()

    for _ in range(2):
        with pytest.raises(TimeoutError):
            asyncio.run(late())


async def test_outside_of_a_task_there_is_nothing_to_bound() -> None:
    failed: list[BaseException] = []

    def enter() -> None:
        try:
            SystemClock().deadline(1).__aenter__().__await__().__next__()
        except RuntimeError as error:
            failed.append(error)

    asyncio.get_running_loop().call_soon(enter)
    await eventually(lambda: bool(failed))
