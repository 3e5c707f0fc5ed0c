"""The moments in one interaction's life."""

import pytest

from gpcore.domain.deadlines import Age, Deadlines, judge_age
from gpcore.domain.defer import Defer, DeferMode
from gpcore.domain.ids import snowflake_at
from tests.builders import NOW_MS


@pytest.mark.parametrize(
    ("age_ms", "age"),
    [
        (-5_001, Age.FUTURE),
        (-5_000, Age.FRESH),
        (0, Age.FRESH),
        (2_699, Age.FRESH),
        (2_700, Age.LATE),
        (869_999, Age.LATE),
        (870_000, Age.EXPIRED),
    ],
)
def test_the_age_is_judged_from_the_snowflake(age_ms: int, age: Age) -> None:
    assert judge_age(snowflake_at(NOW_MS - age_ms), NOW_MS) is age


@pytest.mark.parametrize("age_ms", [0, 1_000, 2_699, 2_700, 869_999, 870_000])
def test_what_is_fresh_can_be_answered_and_what_is_not_expired_edited(age_ms: int) -> None:
    interaction_id = snowflake_at(NOW_MS - age_ms)
    deadlines, age = Deadlines.of(interaction_id, NOW_MS), judge_age(interaction_id, NOW_MS)

    assert (age is Age.FRESH) == (deadlines.first_answer_ms > NOW_MS)
    assert (age is not Age.EXPIRED) == (deadlines.token_ms > NOW_MS)


def test_an_interaction_from_the_future_counts_as_created_now() -> None:
    deadlines = Deadlines.of(snowflake_at(NOW_MS + 4_000), NOW_MS)

    assert deadlines.created_ms == NOW_MS
    assert deadlines.first_answer_ms == NOW_MS + 2_700


@pytest.mark.parametrize(
    ("received_after", "after_s", "defer_timeout_ms", "expected"),
    [(100, 1.0, 2_500, 1_100), (2_000, 1.0, 2_500, 2_500), (2_600, 0.0, 2_500, 2_500), (0, 2.5, 2_000, 2_000)],
)
def test_the_automatic_defer_counts_from_receipt_but_not_past_the_age_limit(
    received_after: int, after_s: float, defer_timeout_ms: int, expected: int
) -> None:
    deadlines = Deadlines(NOW_MS)

    assert deadlines.auto_defer_ms(NOW_MS + received_after, after_s, defer_timeout_ms) == NOW_MS + expected


@pytest.mark.parametrize("after", [-0.1, 2.51, float("nan")])
def test_an_automatic_defer_out_of_bounds_is_refused(after: float) -> None:
    with pytest.raises(ValueError, match=r"give 0 to 2\.5 seconds"):
        Defer.auto(after)


def test_the_constructors_make_the_policies() -> None:
    assert Defer.never() == Defer(DeferMode.NEVER)
    assert Defer.always(ephemeral=True) == Defer(DeferMode.ALWAYS, ephemeral=True)
    assert Defer.auto() == Defer(DeferMode.AUTO, after=1.0)
