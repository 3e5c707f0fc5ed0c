"""What every clock promises."""

import asyncio
from abc import ABC, abstractmethod

import pytest

from gpcore.ports.clock import Clock

WAIT = 0.02
ROUNDING = 1e-9


class ClockContract(ABC):
    """Subclass it per adapter, with a fixture ``clock``."""

    @abstractmethod
    async def pass_time(self, clock: Clock, seconds: float) -> None:
        """Let that much time pass on the clock while other tasks run."""

    async def test_monotonic_never_goes_back(self, clock: Clock) -> None:
        readings = []
        for _ in range(5):
            readings.append(clock.monotonic())
            await self.pass_time(clock, 0.001)
        assert readings == sorted(readings)
        assert readings[-1] > readings[0]

    async def test_sleep_returns_no_earlier_than_asked_for(self, clock: Clock) -> None:
        start = clock.monotonic()
        sleeper = asyncio.create_task(clock.sleep(WAIT))
        await self.pass_time(clock, WAIT / 2)
        assert not sleeper.done() or clock.monotonic() - start >= WAIT - ROUNDING
        await self.pass_time(clock, WAIT)
        await sleeper
        assert clock.monotonic() - start >= WAIT - ROUNDING

    async def test_deadline_cancels_its_body_and_raises_timeout_error(self, clock: Clock) -> None:
        cancelled = False

        async def hang() -> None:
            nonlocal cancelled
            async with clock.deadline(WAIT):
                try:
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    cancelled = True
                    raise

        task = asyncio.create_task(hang())
        await self.pass_time(clock, 2 * WAIT)
        with pytest.raises(TimeoutError):
            await task
        assert cancelled
        assert not task.cancelled()

    async def test_deadline_leaves_a_body_alone_that_ends_in_time(self, clock: Clock) -> None:
        async with clock.deadline(WAIT):
            await asyncio.sleep(0)
        await self.pass_time(clock, 2 * WAIT)

    async def test_deadline_of_zero_cancels_at_the_first_wait(self, clock: Clock) -> None:
        with pytest.raises(TimeoutError):
            async with clock.deadline(0):
                await asyncio.Event().wait()

    async def test_deadline_lets_a_cancellation_from_outside_through(self, clock: Clock) -> None:
        async def hang() -> None:
            async with clock.deadline(WAIT):
                await asyncio.Event().wait()

        task = asyncio.create_task(hang())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    async def test_sleep_of_zero_lets_other_tasks_run(self, clock: Clock) -> None:
        ran: list[str] = []
        task = asyncio.create_task(_note(ran))
        await clock.sleep(0)
        await clock.sleep(-1)
        assert ran == ["ran"]
        await task

    async def test_an_alarm_calls_once_when_its_time_has_come(self, clock: Clock) -> None:
        calls: list[float] = []
        clock.call_after(WAIT, lambda: calls.append(clock.monotonic()))
        assert calls == []
        await self.pass_time(clock, 2 * WAIT)
        await self.pass_time(clock, 2 * WAIT)
        assert len(calls) == 1

    async def test_a_cancelled_alarm_never_calls(self, clock: Clock) -> None:
        calls: list[str] = []
        alarm = clock.call_after(WAIT, lambda: calls.append("called"))
        alarm.cancel()
        alarm.cancel()
        await self.pass_time(clock, 2 * WAIT)
        assert calls == []

    async def test_an_alarm_without_a_wait_does_not_call_at_once(self, clock: Clock) -> None:
        calls: list[str] = []
        clock.call_after(-1, lambda: calls.append("called"))
        assert calls == []
        await self.pass_time(clock, WAIT)
        assert calls == ["called"]

    async def test_wall_clock_moves_with_time(self, clock: Clock) -> None:
        before = clock.now_us()
        await self.pass_time(clock, WAIT)
        assert clock.now_us() > before


async def _note(ran: list[str]) -> None:
    ran.append("ran")
