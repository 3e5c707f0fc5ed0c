"""Dead letters as they are printed."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import typer

from gpcore.domain.dead_letters import DeadLetterEntry, DeadLetterGroup, grouped
from gpcore.domain.wire_message import WireMessage
from gprunner.cli.running import print_json, print_rows

_MS: Final = 1000


def print_groups(entries: Sequence[DeadLetterEntry], *, as_json: bool) -> None:
    """Print how many there are of each lane, reason and type."""
    groups = grouped(entries)
    if as_json:
        print_json([_group_json(group) for group in groups])
        return
    rows = [
        (group.lane.value, group.reason, group.event_type, str(group.count), _moment(group.oldest_ms), group.example)
        for group in groups
    ]
    print_rows([("LANE", "REASON", "TYPE", "COUNT", "OLDEST", "EXAMPLE"), *rows])


def print_entries(entries: Sequence[DeadLetterEntry], *, as_json: bool) -> None:
    """Print a line for each."""
    if as_json:
        print_json([entry_json(entry) for entry in entries])
        return
    rows = [
        (one.id, one.lane.value, one.reason, one.event_type, str(one.attempts), one.error or "-", str(one.replayed))
        for one in entries
    ]
    print_rows([("ID", "LANE", "REASON", "TYPE", "ATTEMPTS", "ERROR", "REPLAYED"), *rows])


def print_letter(entry: DeadLetterEntry, message: WireMessage, *, as_json: bool) -> None:
    """Print one letter whole; its message must be redacted already."""
    headers = {name: str(value) for name, value in message.headers.items()}
    body: object = json.loads(message.body)
    if as_json:
        print_json({**entry_json(entry), "headers": headers, "body": body})
        return
    print_rows((f"{name}:", str(value)) for name, value in entry_json(entry).items())
    typer.echo("headers:")
    for name, text in headers.items():
        typer.echo(f"  {name}: {text}")
    typer.echo("body:")
    print_json(body)


def entry_json(entry: DeadLetterEntry) -> dict[str, object]:
    """Return an entry as it is printed."""
    return {
        "id": entry.id,
        "lane": entry.lane.value,
        "reason": entry.reason,
        "type": entry.event_type,
        "attempts": entry.attempts,
        "error": entry.error,
        "first_seen": _moment(entry.first_seen_ms),
        "replayed": entry.replayed,
    }


def _group_json(group: DeadLetterGroup) -> dict[str, object]:
    return {
        "lane": group.lane.value,
        "reason": group.reason,
        "type": group.event_type,
        "count": group.count,
        "oldest": _moment(group.oldest_ms),
        "example": group.example,
    }


def _moment(unix_ms: int) -> str:
    """Return a time in ISO 8601; a header may claim one that no calendar has."""
    try:
        return datetime.fromtimestamp(unix_ms / _MS, UTC).isoformat(timespec="seconds") if unix_ms else "-"
    except (ValueError, OverflowError, OSError):
        return "-"
