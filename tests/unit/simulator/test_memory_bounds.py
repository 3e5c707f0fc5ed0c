import pytest

from gpadapters.simulator.interaction_state import Interactions, SimulatedInteraction
from gpadapters.simulator.rate_limits import Allowance, RateLimits
from tests.builders import a_fresh_snowflake


def test_only_the_latest_interactions_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gpadapters.simulator.interaction_state._MOST_KEPT", 2)
    interactions = Interactions(open_to_strangers=False)
    made = [SimulatedInteraction(id=a_fresh_snowflake(), token=f"token-{number}") for number in range(3)]

    for interaction in made:
        interactions.add(interaction)

    assert len(interactions) == 2
    assert [interactions.get(one.id) is one for one in made] == [False, True, True]
    assert [interactions.with_token(f"token-{number}") is not None for number in range(3)] == [False, True, True]


def test_windows_that_are_over_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gpadapters.simulator.rate_limits._MOST_KEPT", 2)
    limits, allowance = RateLimits(), Allowance(limit=1, seconds=1.0)

    assert limits.take("r", "one", allowance, 0.0).allowed
    assert limits.take("r", "two", allowance, 0.5).allowed
    assert limits.take("r", "three", allowance, 1.2).allowed

    assert not limits.take("r", "two", allowance, 1.2).allowed
    assert limits.take("r", "one", allowance, 1.2).allowed
