"""Alive, ready, healthy."""

import asyncio

import pytest

from gpcore import Router
from gpcore.application.health import HealthCheck
from gpcore.domain.wire_message import Lane
from gpcore.ports.probe import Probe, ProbeResult
from tests.unit.application.deliveries import HandFedSource
from tests.unit.application.worlds import Process, World


class Fixed(Probe):
    def __init__(self, name: str, *, ok: bool = True, required: bool = True) -> None:
        self.asked = 0
        self._result = ProbeResult(name=name, ok=ok, detail="as told", required=required)

    async def check(self) -> ProbeResult:
        self.asked += 1
        return self._result


def a_check(world: World, *probes: Probe, memory_mb: float = 100.0, state: str = "consuming") -> HealthCheck:
    sources = {lane: HandFedSource() for lane in Lane}
    process = Process(world, Router(), sources=dict(sources))
    for source in sources.values():
        source.consuming = "consuming"
    sources[Lane.EVENTS].consuming = state
    return HealthCheck(process.worker, probes, world.clock, memory_mb=lambda: memory_mb, threshold_mb=512.0)


@pytest.mark.parametrize(
    ("probes", "memory_mb", "state", "ready", "healthy"),
    [
        ([], 100.0, "consuming", True, True),
        ([Fixed("redis")], 512.0, "consuming", True, True),
        ([Fixed("redis")], 512.1, "consuming", True, False),
        ([Fixed("redis", ok=False)], 100.0, "consuming", False, False),
        ([Fixed("discord", ok=False, required=False)], 100.0, "consuming", True, True),
        ([], 100.0, "connecting", False, False),
        ([], 100.0, "missing_topology", False, False),
    ],
)
async def test_ready_means_that_everything_needed_works(  # noqa: PLR0917 - the table's columns
    world: World, probes: list[Probe], memory_mb: float, state: str, ready: bool, healthy: bool
) -> None:
    health = await a_check(world, *probes, memory_mb=memory_mb, state=state).check()

    assert (health.ready, health.healthy) == (ready, healthy)
    assert health.report["status"] == ("healthy" if healthy else "unhealthy")


async def test_the_report_is_the_whole_picture(world: World) -> None:
    health = await a_check(world, Fixed("redis"), Fixed("discord", ok=False, required=False), memory_mb=99.96).check()

    assert health.report == {
        "status": "healthy",
        "draining": False,
        "lanes": {
            "interactions": {"state": "consuming", "in_flight": 0},
            "events": {"state": "consuming", "in_flight": 0},
        },
        "peers": {
            "redis": {"ok": True, "required": True, "detail": "as told"},
            "discord": {"ok": False, "required": False, "detail": "as told"},
        },
        "memory": {"rss_mb": 100.0, "threshold_mb": 512.0},
    }


async def test_peers_are_asked_once_a_second_however_many_ask(world: World) -> None:
    probe = Fixed("redis")
    check = a_check(world, probe)

    await asyncio.gather(*(check.check() for _ in range(10)))
    assert probe.asked == 1
    await world.clock.advance(0.9)
    await check.check()
    assert probe.asked == 1
    await world.clock.advance(0.1)
    await check.check()
    assert probe.asked == 2


async def test_a_worker_that_drains_is_not_ready(world: World) -> None:
    process = Process(world, Router())
    check = HealthCheck(process.worker, [], world.clock, memory_mb=lambda: 1.0, threshold_mb=512.0)
    await process.worker.start()
    await world.clock.advance(0)
    assert (await check.check()).ready

    await process.worker.drain(1)

    assert not (await check.check()).ready
