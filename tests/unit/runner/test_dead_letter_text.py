"""Dead letters as people see them."""

import pytest

from gpcore.domain.dead_letters import DeadLetterEntry
from gpcore.domain.wire_message import Lane, WireMessage
from gprunner.cli.dead_letter_text import entry_json, print_groups, print_letter

ENTRY = DeadLetterEntry(
    id="a", lane=Lane.EVENTS, reason="attempts", event_type="member.join", first_seen_ms=1_795_435_207_405
)


def test_groups_are_lines_of_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    print_groups([ENTRY, ENTRY], as_json=False)
    head, line = capsys.readouterr().out.splitlines()
    assert head.split() == ["LANE", "REASON", "TYPE", "COUNT", "OLDEST", "EXAMPLE"]
    assert line.split() == ["events", "attempts", "member.join", "2", "2026-11-23T12:00:07+00:00", "a"]


@pytest.mark.parametrize("unix_ms", [0, 2**53])
def test_a_time_that_no_calendar_has_is_left_out(unix_ms: int) -> None:
    entry = DeadLetterEntry(id="a", lane=Lane.EVENTS, reason="attempts", first_seen_ms=unix_ms)
    assert entry_json(entry)["first_seen"] == "-"


def test_a_letter_is_shown_with_headers_and_body(capsys: pytest.CaptureFixture[str]) -> None:
    print_letter(ENTRY, WireMessage(body=b'{"a": 1}', headers={"gp-reason": "attempts"}), as_json=False)
    shown = capsys.readouterr().out
    assert "  gp-reason: attempts" in shown
    assert '"a": 1' in shown
