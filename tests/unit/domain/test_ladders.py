import pytest

from gpcore.domain.ladders import Ladders, rung_from
from gpcore.domain.retrying import rung_name
from gpcore.domain.wire_message import Lane
from gpcore.errors import ConfigurationError


def test_every_fault_of_both_ladders_is_told_at_once() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        Ladders(events=(5, 5, 50_000), interactions=())
    assert len(refusal.value.faults) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"events": ()},
        {"events": tuple(range(1, 12))},
        {"events": (0, 1)},
        {"events": (12 * 3600 + 1,)},
        {"events": (5, 1)},
        {"interactions": (300, 301)},
    ],
)
def test_refuses_a_ladder_that_makes_no_sense(changes: dict[str, tuple[int, ...]]) -> None:
    with pytest.raises(ConfigurationError):
        Ladders(**changes)


def test_accepts_the_extremes() -> None:
    Ladders(events=tuple(range(1, 11)), interactions=(100, 500))
    Ladders(events=(12 * 3600,), interactions=(1,))


def test_an_event_has_an_attempt_for_each_rung_and_an_interaction_a_few_more() -> None:
    assert Ladders().most_attempts(Lane.EVENTS) == 6
    assert Ladders(events=(1,)).most_attempts(Lane.EVENTS) == 2
    assert Ladders(interactions=(1,)).most_attempts(Lane.INTERACTIONS) == 6
    assert Ladders(interactions=tuple(range(1, 10))).most_attempts(Lane.INTERACTIONS) == 10


@pytest.mark.parametrize(("text", "seconds"), [("30s", 30), ("2m", 120), ("1h", 3600), ("45", 45), ("0s", 0)])
def test_reads_a_delay(text: str, seconds: int) -> None:
    assert rung_from(text) == seconds


@pytest.mark.parametrize("text", ["", "s", "-1s", "1.5s", "1d", "1 s", "²", "1ms"])
def test_refuses_what_is_no_delay(text: str) -> None:
    with pytest.raises(ValueError, match="write each delay"):
        rung_from(text)


def test_names_lead_back_to_their_delay() -> None:
    assert all(rung_from(rung_name(rung)) == rung for rung in range(1, 4000))
