"""``gp top`` beside a demo."""

import json
import re

import pytest

from tests.e2e.conftest import Start
from tests.eventually import eventually

pytestmark = pytest.mark.e2e


async def test_one_picture_of_a_demo_and_an_address_where_nobody_is(start: Start) -> None:
    demo = await start("demo", "--seconds", "60", env={})
    await eventually(lambda: re.search(r"http://\S+/metrics", demo.log), within=30)
    [address] = re.findall(r"(http://\S+)/metrics", demo.log)

    once = await start("top", address, "127.0.0.1:9", env={})
    assert await once.ended() == 0
    assert any(line.startswith(address.removeprefix("http://")) for line in once.output)
    assert once.output[-1] == "127.0.0.1:9: not reachable: connection refused"

    shown = await start("top", "--json", env={"GP_HOST": "127.0.0.1", "PORT": address.rpartition(":")[2]})
    assert await shown.ended() == 0
    picture = json.loads("\n".join(shown.output))
    assert [one["fault"] for one in picture["workers"]] == [""]
    assert picture["all"]["consuming"] == ["interactions", "events"]


async def test_nobody_there_is_a_failure_that_names_the_address(start: Start) -> None:
    top = await start("top", env={"GP_HOST": "0.0.0.0", "PORT": "9"})

    assert await top.ended() == 1
    assert "127.0.0.1:9: not reachable: connection refused" in top.output
