"""What ``gp routes`` prints."""

import json

from typer.testing import CliRunner

from gprunner.cli.app import app

BOT = "tests.unit.runner.described_bot:router"


def test_a_row_shows_the_policies_and_what_is_around_a_handler() -> None:
    printed = CliRunner().invoke(app, ["routes", BOT])

    assert printed.exit_code == 0
    _, work, things, pool = printed.stdout.splitlines()
    assert "5 per 60 s, cooldown 30, timeout 20, concurrency 2" in work
    assert "thing: string, pool: Pool (injected)" in work
    assert "checks: is_keeper; middleware: timing; errors: UserError: told; refused: too_fast" in work
    assert things.split()[:4] == ["autocomplete", "work", "thing", "never"]
    assert pool.split()[:3] == ["lifespan", "pool", "-"]
    assert "provides: Pool" in pool


def test_the_same_as_json() -> None:
    rows = json.loads(CliRunner().invoke(app, ["routes", BOT, "--json"]).stdout)

    assert [row["kind"] for row in rows] == ["command", "autocomplete", "lifespan"]
    assert rows[0]["errors"] == ["UserError: told"]
    assert rows[2]["provides"] == ["Pool"]
