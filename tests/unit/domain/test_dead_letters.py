import pytest

from gpcore.domain.dead_letters import (
    GUARDED_MS,
    MAX_REPLAYS,
    UNKNOWN,
    DeadLetterEntry,
    Selection,
    entry_of,
    grouped,
    obstacle,
)
from gpcore.domain.wire_message import Lane


def an_entry(**changes: object) -> DeadLetterEntry:
    facts = {"id": "a", "lane": Lane.EVENTS, "reason": "attempts", "event_type": "member.join", **changes}
    return DeadLetterEntry(**facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"gp-reason": "attempts", "x-death": [{"reason": "expired"}]}, "attempts"),
        ({"x-death": [{"reason": "delivery_limit"}, {"reason": "expired"}]}, "broker:delivery_limit"),
        ({}, UNKNOWN),
        ({"gp-reason": 3, "x-death": "no list"}, UNKNOWN),
        ({"gp-reason": "", "x-death": []}, UNKNOWN),
        ({"x-death": ["no table"]}, UNKNOWN),
        ({"x-death": [{"reason": 7}]}, UNKNOWN),
        ({"gp-reason": "x" * 500}, "x" * 128),
    ],
)
def test_reads_why_a_letter_is_there(headers: dict[str, object], reason: str) -> None:
    assert entry_of(headers, letter_id="a", lane=Lane.EVENTS, event_type="member.join").reason == reason


def test_no_header_is_trusted() -> None:
    hostile = {"gp-attempt": "many", "gp-error": 7, "gp-first-seen-ms": -1, "gp-replayed": True}
    entry = entry_of(hostile, letter_id="a", lane=Lane.EVENTS, event_type=UNKNOWN)
    assert (entry.attempts, entry.error, entry.first_seen_ms, entry.replayed) == (0, "", 0, 0)
    assert entry_of({"gp-error": "E" * 500}, letter_id="a", lane=Lane.EVENTS, event_type="x").error == "E" * 128


@pytest.mark.parametrize(
    ("selection", "met"),
    [
        (Selection(), True),
        (Selection(id="A"), True),
        (Selection(id="b"), False),
        (Selection(reason="bad_property:timestamp"), True),
        (Selection(reason="bad_property"), True),
        (Selection(reason="bad"), False),
        (Selection(event_type="member.join"), True),
        (Selection(event_type="member"), True),
        (Selection(event_type="mem"), False),
        (Selection(id="a", reason="attempts"), False),
    ],
)
def test_every_filter_must_be_met(selection: Selection, met: bool) -> None:
    assert selection.meets(an_entry(reason="bad_property:timestamp")) is met


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, None),
        ({"replayed": MAX_REPLAYS - 1}, None),
        ({"replayed": MAX_REPLAYS}, "replayed_too_often"),
        ({"lane": Lane.INTERACTIONS}, "interaction"),
        ({"decodes": False}, "undecodable"),
    ],
)
def test_says_why_a_letter_must_not_be_put_back(changes: dict[str, object], word: str | None) -> None:
    assert obstacle(an_entry(first_seen_ms=7, **changes), now_ms=7 + GUARDED_MS - 1) == word


@pytest.mark.parametrize("first_seen_ms", [7, 0], ids=["old", "unknown"])
def test_what_a_claim_may_have_forgotten_is_put_back_only_unguarded(first_seen_ms: int) -> None:
    entry, now_ms = an_entry(first_seen_ms=first_seen_ms), 7 + GUARDED_MS
    assert obstacle(entry, now_ms=now_ms) == "unguarded"
    assert obstacle(entry, now_ms=now_ms, unguarded=True) is None
    assert obstacle(an_entry(replayed=MAX_REPLAYS), now_ms=now_ms, unguarded=True) == "replayed_too_often"


def test_groups_by_lane_reason_and_type_the_largest_first() -> None:
    entries = [
        an_entry(id="1", reason="not_json", event_type=UNKNOWN),
        an_entry(id="2", first_seen_ms=9),
        an_entry(id="3", first_seen_ms=5),
        an_entry(id="4"),
    ]
    largest, other = grouped(entries)
    assert (largest.count, largest.oldest_ms, largest.example, largest.reason) == (3, 5, "2", "attempts")
    assert (other.count, other.oldest_ms, other.reason) == (1, 0, "not_json")
    assert grouped([]) == []
