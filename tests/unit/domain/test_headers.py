"""Our headers, and what becomes of the broker's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcore.domain.headers import (
    attempts_failed,
    dead_letter_headers,
    replay_headers,
    retry_headers,
    times_replayed,
    unreadable_properties,
    without_broker_headers,
)

VALUES: st.SearchStrategy[object] = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=300) | st.binary() | st.just([])
)
HEADERS = st.dictionaries(
    st.text(max_size=12)
    | st.sampled_from(["x-death", "X-Delivery-Count", "gp-attempt", "gp-first-seen-ms", "gp-replayed", "gp-error"]),
    VALUES,
)


@pytest.mark.parametrize("value", [None, "3", 2.0, True, b"3", [], -1])
def test_a_hostile_attempt_number_counts_as_none(value: object) -> None:
    assert attempts_failed({"gp-attempt": value}) == 0
    assert times_replayed({"gp-replayed": value}) == 0


def test_reads_the_attempt_number_and_bounds_it() -> None:
    assert attempts_failed({}) == 0
    assert attempts_failed({"gp-attempt": 4}) == 4
    assert attempts_failed({"gp-attempt": 2**62}) == 1000


@given(HEADERS)
def test_no_copy_keeps_a_header_of_the_broker(headers: dict[str, object]) -> None:
    copies = (
        without_broker_headers(headers),
        retry_headers(headers, failures=1, now_ms=5),
        dead_letter_headers(headers, reason="r", origin="events", now_ms=5),
        replay_headers(headers),
    )
    for copy in copies:
        assert not [name for name in copy if name.lower().startswith("x-")]
        kept = {name for name in headers if not name.lower().startswith(("x-", "gp-"))}
        assert kept <= set(copy)


@given(HEADERS, st.integers(1, 10), st.integers(1, 2**50))
def test_a_retry_counts_and_remembers_when_it_was_first_seen(
    headers: dict[str, object], failures: int, now_ms: int
) -> None:
    first = retry_headers(headers, failures=failures, now_ms=now_ms, error="KeyError")
    assert attempts_failed(first) == failures
    assert first["gp-error"] == "KeyError"
    again = retry_headers(first, failures=failures + 1, now_ms=now_ms + 1)
    assert again["gp-first-seen-ms"] == first["gp-first-seen-ms"]
    assert "gp-error" not in again


def test_a_dead_letter_says_why_and_where_from_and_keeps_the_count() -> None:
    headers = dead_letter_headers(
        {"gp-attempt": 5, "shardId": 3}, reason="attempts", origin="events", now_ms=7, error="E" * 500
    )
    assert headers == {
        "shardId": 3,
        "gp-attempt": 5,
        "gp-first-seen-ms": 7,
        "gp-error": "E" * 128,
        "gp-reason": "attempts",
        "gp-origin": "events",
    }


def test_a_replay_starts_afresh_and_is_counted() -> None:
    dead = dead_letter_headers({"gp-unreadable": "timestamp"}, reason="r", origin="events", now_ms=7, error="E")
    once = replay_headers(dead)
    assert once == {"gp-first-seen-ms": 7, "gp-attempt": 0, "gp-replayed": 1}
    assert times_replayed(replay_headers(once)) == 2


def test_names_the_properties_that_could_not_be_read() -> None:
    assert unreadable_properties({}) is None
    assert unreadable_properties({"gp-unreadable": "timestamp,headers"}) == "timestamp,headers"
