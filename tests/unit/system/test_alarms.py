"""One timer for all rings as a timer for each would."""

import asyncio
import gc
import weakref
from collections.abc import Callable
from contextvars import Context, copy_context
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpadapters.system.alarms import Alarms, Pending
from gpadapters.system.clock import SystemClock
from gpcore.ports.work_in_hand import tell, told
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
        self.soon: list[Callable[[], None]] = []

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, action: Callable[[], None], *, context: Context) -> Timer:
        assert not list(context)
        self.timers.append(Timer(when, action))
        return self.timers[-1]

    def call_soon(self, action: Callable[[Pending], None], pending: Pending, *, context: Context | None) -> None:
        assert context is pending.context
        self.soon.append(lambda: action(pending))

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
            while self.soon:
                self.soon.pop(0)()
        self.now = until


class Watched(Pending):
    """One that notes that it has rung."""

    rang = False

    def __init__(self, loop: HandTurnedLoop, seconds: float) -> None:
        super().__init__(loop.time() + seconds, None)

    def ring(self) -> None:
        assert not self.rang
        self.rang = True


SECONDS = st.integers(0, 20).map(float)
STEPS = st.lists(st.tuples(st.sampled_from(["set", "pass", "cancel"]), SECONDS))


def alarms_of(loop: HandTurnedLoop) -> Alarms:
    return Alarms(cast("asyncio.AbstractEventLoop", loop))


@given(STEPS)
def test_rings_exactly_what_is_still_set_when_it_is_due(steps: list[tuple[str, float]]) -> None:
    loop = HandTurnedLoop()
    alarms = alarms_of(loop)
    kept: list[Watched] = []
    cancelled: list[Watched] = []
    for what, number in steps:
        if what == "set":
            kept.append(Watched(loop, number + 0.5))
            alarms.set(kept[-1])
        elif what == "pass":
            loop.turn(number)
        elif kept:
            gone = kept.pop(int(number) % len(kept))
            alarms.cancel(gone)
            if not gone.rang:
                cancelled.append(gone)
        assert all(one.rang == (one.due <= loop.now) for one in kept)
        assert not any(one.rang for one in cancelled)
        assert len(loop.live()) <= 1


def test_those_that_are_cancelled_in_time_set_one_timer_between_them() -> None:
    loop = HandTurnedLoop()
    alarms = alarms_of(loop)
    for _ in range(100):
        loop.turn(0.01)
        one = Watched(loop, 5.5)
        alarms.set(one)
        alarms.cancel(one)

    assert len(loop.timers) == 1


async def test_one_that_rings_may_cancel_another_that_is_due() -> None:
    clock = SystemClock()
    rang: list[str] = []

    def ring(name: str, other: int) -> None:
        rang.append(name)
        alarms[other].cancel()

    alarms = [clock.call_after(0.01, lambda: ring("first", 1)), clock.call_after(0.01, lambda: ring("second", 0))]
    await eventually(lambda: rang)
    await asyncio.sleep(0)

    assert len(rang) == 1


async def test_one_that_fails_keeps_no_other_from_ringing() -> None:
    clock, loop = SystemClock(), asyncio.get_running_loop()
    failures: list[object] = []
    rang = asyncio.Event()
    loop.set_exception_handler(lambda _, context: failures.append(context["exception"]))

    def fail() -> None:
        raise LookupError

    clock.call_after(0.01, fail)
    clock.call_after(0.01, rang.set)
    clock.call_after(0.01, fail)
    await rang.wait()
    await eventually(lambda: len(failures) == 2)


async def test_an_alarm_rings_in_the_context_of_whoever_set_it() -> None:
    clock = SystemClock()
    heard: list[str] = []

    def set_alarm(name: str) -> None:
        tell(handler=name)
        clock.call_after(0.01, lambda: heard.append(told()["handler"]))

    for name in ("one", "another"):
        copy_context().run(set_alarm, name)
    await eventually(lambda: len(heard) == 2)

    assert sorted(heard) == ["another", "one"]


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


class Owner:
    """Keeps an alarm that calls it."""

    def __init__(self, clock: SystemClock) -> None:
        self.alarm = clock.call_after(0.001, self.ring)
        self.rung = False

    def ring(self) -> None:
        self.rung = True


async def an_owner_whose_alarm_is_over(*, rings: bool) -> weakref.ref[Owner]:
    owner = Owner(SystemClock())
    if rings:
        await eventually(lambda: owner.rung)
    else:
        owner.alarm.cancel()
    return weakref.ref(owner)


@pytest.mark.parametrize("rings", [False, True])
async def test_an_alarm_that_is_over_does_not_keep_whoever_keeps_it(*, rings: bool) -> None:
    gc.disable()
    try:
        owner = await an_owner_whose_alarm_is_over(rings=rings)
        assert owner() is None
    finally:
        gc.enable()
