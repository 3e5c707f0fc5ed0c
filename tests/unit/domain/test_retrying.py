"""The ladder of delays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcore.domain.retrying import (
    EVENT_DELAYS,
    INTERACTION_DELAYS,
    delay_of_at_least,
    next_delay,
    rung_for,
    rung_name,
)

UNITS = st.floats(0, 1, exclude_max=True)
LADDERS = st.sampled_from([EVENT_DELAYS, INTERACTION_DELAYS])


@pytest.mark.parametrize(("failures", "rung"), list(enumerate(EVENT_DELAYS, start=1)))
def test_each_failure_of_an_event_takes_the_next_rung(failures: int, rung: int) -> None:
    assert next_delay(failures, delays=EVENT_DELAYS, unit=0) == pytest.approx(0.8 * rung)
    assert next_delay(failures, delays=EVENT_DELAYS, unit=0.9999999) == pytest.approx(rung)


def test_the_sixth_failure_of_an_event_exhausts_the_ladder() -> None:
    assert next_delay(6, delays=EVENT_DELAYS, unit=0.5) is None
    assert next_delay(6, delays=EVENT_DELAYS, unit=0.5, asked_after=1) is None


def test_the_third_failure_of_an_interaction_exhausts_the_ladder() -> None:
    assert next_delay(2, delays=INTERACTION_DELAYS, unit=0) == 4
    assert next_delay(3, delays=INTERACTION_DELAYS, unit=0) is None


@given(failures=st.integers(1, 5), unit=UNITS, asked_after=st.none() | st.floats(0, 10_000))
def test_every_delay_lies_in_the_last_fifth_of_a_rung(failures: int, unit: float, asked_after: float | None) -> None:
    delay = next_delay(failures, delays=EVENT_DELAYS, unit=unit, asked_after=asked_after)
    assert delay is not None
    rung = rung_for(delay, delays=EVENT_DELAYS)
    assert 0.8 * rung <= delay <= rung


@given(seconds=st.floats(0, 600), unit=UNITS)
def test_never_waits_less_than_asked_for(seconds: float, unit: float) -> None:
    delay = delay_of_at_least(seconds, delays=EVENT_DELAYS, unit=unit)
    assert delay >= seconds
    assert rung_for(delay, delays=EVENT_DELAYS) == rung_for(seconds, delays=EVENT_DELAYS)


@given(seconds=st.floats(min_value=600.001, max_value=1e9), unit=UNITS)
def test_a_wait_beyond_the_longest_rung_takes_the_longest(seconds: float, unit: float) -> None:
    assert delay_of_at_least(seconds, delays=EVENT_DELAYS, unit=unit) == 600


@given(delays=LADDERS, one=UNITS, other=UNITS, seconds=st.floats(0, 1000))
def test_a_larger_random_number_never_waits_less(
    delays: tuple[int, ...], one: float, other: float, seconds: float
) -> None:
    smaller, larger = sorted((one, other))
    assert delay_of_at_least(seconds, delays=delays, unit=smaller) <= delay_of_at_least(
        seconds, delays=delays, unit=larger
    )


def test_rungs_are_named_as_their_queues() -> None:
    assert [rung_name(rung) for rung in EVENT_DELAYS] == ["1s", "5s", "30s", "2m", "10m"]
    assert rung_name(90) == "90s"
