"""The machine's clock keeps what the port promises."""

import asyncio

import pytest

from gpadapters.system.clock import SystemClock
from gpcore.ports.clock import Clock
from tests.contracts.clock import ClockContract


class TestSystemClock(ClockContract):
    @pytest.fixture
    def clock(self) -> SystemClock:
        return SystemClock()

    async def pass_time(self, clock: Clock, seconds: float) -> None:
        del clock
        await asyncio.sleep(seconds)


async def test_sleeps_on_when_the_event_loop_wakes_it_early(monkeypatch: pytest.MonkeyPatch) -> None:
    readings = iter([0.0, 0.0095, 0.0101])
    clock = SystemClock()
    monkeypatch.setattr(SystemClock, "monotonic", lambda _: next(readings, 1.0))
    await clock.sleep(0.01)
    assert clock.monotonic() == 1.0
