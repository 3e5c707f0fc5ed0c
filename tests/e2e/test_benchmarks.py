"""The benchmarks run; what they say is for people, on a quiet machine."""

import json
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from benchmarks.__main__ import measure
from benchmarks.scenarios.scale import QUICK
from benchmarks.servers import Servers, private_peer

pytestmark = [pytest.mark.e2e, pytest.mark.integration]


async def test_a_run_writes_figures_and_a_chart(rabbitmq_url: str, redis_url: str, tmp_path: Path) -> None:
    servers = Servers(rabbitmq=rabbitmq_url, redis=redis_url, peer="", prefix=f"bench{uuid4().hex[:8]}")
    with private_peer() as peer:
        results = await measure(["events", "discord-client", "decode"], replace(servers, peer=peer), QUICK, tmp_path)
    assert [result.scenario for result in results] == ["events", "discord-client", "decode"]
    written = json.loads((tmp_path / "events.json").read_text())
    assert [row["name"] for row in written["rows"]] == [row.name for row in results[0].rows]
    assert all(row["value"] > 0 and row["cpu_us"] > 0 for row in written["rows"])
    assert written["machine"]["cores"] >= 1
    assert (tmp_path / "events.svg").read_text().startswith("<svg")
