from uuid import uuid4

import pytest

from examples.limits_alone import main

pytestmark = pytest.mark.integration


async def test_the_sixth_try_waits_and_mails_are_paced(redis_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    await main(redis_url, f"203.0.113.7 {uuid4()}")

    lines = capsys.readouterr().out.splitlines()
    assert lines[:5] == [f"{number} go on" for number in range(5)]
    assert all(" wait " in line for line in lines[5:8])
    assert [line.rpartition(" ")[2] for line in lines[8:11]] == ["now"] * 3
    assert all(" in 0:00:0" in line for line in lines[11:])
