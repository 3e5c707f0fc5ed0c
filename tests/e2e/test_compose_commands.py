"""What the compose file starts works together: the same commands, without Docker."""

import asyncio
import re
import signal
import sys
from typing import Any

import aiohttp
import pytest

from tests.e2e.conftest import Start, World
from tests.e2e.processes import ROOT
from tests.infra.files import INFRA, document

pytestmark = [pytest.mark.e2e, pytest.mark.integration]

SERVICES: dict[str, Any] = document(INFRA / "compose.yaml")["services"]
ANSWERED = re.compile(r"^gp_interaction_first_answer_seconds_count\{.*\} ([1-9]\S*)$", re.MULTILINE)


def command(service: str) -> list[str]:
    """Return a service's command as Docker would without a BOT of somebody's own."""
    return [re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", word) for word in SERVICES[service]["command"]]


async def test_people_are_answered_by_what_the_compose_file_starts(world: World, start: Start) -> None:
    env = world.env | {"GP_TOPOLOGY": "verify", "PEOPLE_PER_SECOND": "20"}
    topology = await start(*command("topology"), env=env)
    # Everything was missing and is declared now: the others wait for this exit code.
    assert await topology.ended() == 0, topology.log
    worker = await start(*command("worker"), env=env)
    address = await worker.ready()
    people = await asyncio.create_subprocess_exec(
        sys.executable, *SERVICES["people"]["entrypoint"][1:], cwd=ROOT, env=env
    )
    try:
        assert await answered(address)
        people.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(people.wait(), 20) == 0
    finally:
        if people.returncode is None:
            people.kill()
            await people.wait()
    assert await worker.stop() == 0
    assert any('"logger": "gp.pulse"' in line or '"logger":"gp.pulse"' in line for line in worker.lines)


async def answered(address: str) -> bool:
    async with aiohttp.ClientSession() as session:
        for _ in range(200):
            async with session.get(f"{address}/metrics") as response:
                if ANSWERED.search(await response.text()):
                    return True
            await asyncio.sleep(0.1)
    return False
