"""A worker says once at its start what its peers are."""

import asyncio
import logging

import pytest

from gpcore.ports.probe import Probe, ProbeResult
from gprunner.lifecycle import _first_look
from tests.eventually import eventually


class Finding(Probe):
    def __init__(self, *, ok: bool, detail: str) -> None:
        self._result = ProbeResult(name="redis", ok=ok, detail=detail)

    async def check(self) -> ProbeResult:
        return self._result


class Silent(Probe):
    async def check(self) -> ProbeResult:
        await asyncio.Event().wait()
        raise AssertionError("nobody answers")


async def test_what_works_is_told_and_what_does_not_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "gp.runner")
    probes = [Finding(ok=True, detail="Redis 7.0.15 at h:1"), Finding(ok=False, detail="Redis 6.2 is too old")]

    async with _first_look(probes):
        await eventually(lambda: len(caplog.records) == 2)

    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("INFO", "redis: Redis 7.0.15 at h:1"),
        ("WARNING", "redis: Redis 6.2 is too old"),
    ]


async def test_a_peer_that_does_not_answer_holds_nothing_up() -> None:
    before = asyncio.all_tasks()

    async with _first_look([Silent()]):
        await asyncio.sleep(0)

    assert asyncio.all_tasks() == before
