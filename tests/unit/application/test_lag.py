import asyncio
import logging

import pytest

from gpadapters.memory.telemetry import InMemoryTelemetry
from gpcore.application.lag import watch_lag
from gpcore.domain import metrics
from gpcore.ports.clock import Clock
from tests.unit.application.worlds import World


class LateClock:
    """Wakes later than asked, by as much as it is told for each sleep, and then no more."""

    def __init__(self, *lags: float) -> None:
        self._lags = list(lags)
        self._now = 100.0

    def monotonic(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        if not self._lags:
            await asyncio.Event().wait()
        self._now += seconds + self._lags.pop(0)


async def watched(clock: Clock) -> list[float]:
    telemetry = InMemoryTelemetry()
    task = asyncio.create_task(watch_lag(clock, telemetry))
    for _ in range(10):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait((task,))
    return telemetry.observations[metrics.LOOP_LAG.name,]


async def test_the_delay_of_each_wake_up_is_measured(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        measured = await watched(LateClock(0.0, 0.25, 40.0, -0.001))  # type: ignore[arg-type]  # only what is used
    assert measured == pytest.approx([0.0, 0.25, 40.0, 0.0])
    assert [record.getMessage() for record in caplog.records] == [
        "the event loop stood still for 40.0 s: some handler blocks it"
    ]


async def test_a_loop_in_time_lags_by_nothing(world: World) -> None:
    telemetry = InMemoryTelemetry()
    task = asyncio.create_task(watch_lag(world.clock, telemetry))
    await world.clock.advance(5)
    task.cancel()
    assert telemetry.observations[metrics.LOOP_LAG.name,] == pytest.approx([0.0] * 10)
