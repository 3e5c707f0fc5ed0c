from datetime import timedelta

import pytest

from gpcore.domain.limit_rules import NEVER, CooldownRule, CounterRule, Decision, GcraRule, WindowRule, check_rules
from gpcore.domain.limits import Cooldown, Gcra, SlidingWindow, WindowCounter

YEAR = 366 * 24 * 3600


SECONDS_OUT_OF_BOUNDS = "give seconds above 0 and at most a year, not"
NO_SCOPE = "'planet' is none of channel, global, guild, member, user, nor a function"
COUNT = "give a whole number from 1 to"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SlidingWindow(0, per=60), f"SlidingWindow(limit=…): {COUNT} 1000, not 0"),
        (lambda: SlidingWindow(1001, per=60), f"SlidingWindow(limit=…): {COUNT} 1000, not 1001"),
        (lambda: SlidingWindow(1.5, per=60), f"SlidingWindow(limit=…): {COUNT} 1000, not 1.5"),  # type: ignore[arg-type]  # what a careless caller does
        (lambda: SlidingWindow(True, per=60), f"SlidingWindow(limit=…): {COUNT} 1000, not True"),
        (lambda: SlidingWindow(5, per=0), f"SlidingWindow(per=…): {SECONDS_OUT_OF_BOUNDS} 0"),
        (lambda: SlidingWindow(5, per=float("nan")), f"SlidingWindow(per=…): {SECONDS_OUT_OF_BOUNDS} nan"),
        (lambda: SlidingWindow(5, per=60, scope="planet"), f"SlidingWindow(scope=…): {NO_SCOPE}"),
        (lambda: WindowCounter(0, per=60), f"WindowCounter(limit=…): {COUNT} 1000000, not 0"),
        (lambda: WindowCounter(26_063, per=24 * 3600), f"WindowCounter(limit=…): {COUNT} 26062, not 26063"),
        (lambda: WindowCounter(5, per=-1), f"WindowCounter(per=…): {SECONDS_OUT_OF_BOUNDS} -1"),
        (lambda: WindowCounter(5, per=60, scope="planet"), f"WindowCounter(scope=…): {NO_SCOPE}"),
        (lambda: Gcra(0, per=60), f"Gcra(limit=…): {COUNT} 1000000, not 0"),
        (lambda: Gcra(5, per=YEAR + 1), f"Gcra(per=…): {SECONDS_OUT_OF_BOUNDS} {YEAR + 1}"),
        (lambda: Gcra(1, per=YEAR, burst=2), f"Gcra(burst=…): {COUNT} 1, not 2"),
        (lambda: Gcra(5, per=60, burst=0), f"Gcra(burst=…): {COUNT} 1000000, not 0"),
        (lambda: Gcra(5, per=60, scope="planet"), f"Gcra(scope=…): {NO_SCOPE}"),
        (lambda: Cooldown(-1), f"Cooldown(seconds=…): {SECONDS_OUT_OF_BOUNDS} -1"),
        (lambda: Cooldown(YEAR + 1), f"Cooldown(seconds=…): {SECONDS_OUT_OF_BOUNDS} {YEAR + 1}"),
        (lambda: Cooldown(1, scope="planet"), f"Cooldown(scope=…): {NO_SCOPE}"),
    ],
)
def test_a_limit_that_cannot_be_kept_is_refused_where_it_is_declared(make: object, message: str) -> None:
    assert callable(make)
    with pytest.raises(ValueError, match=r"give|none of") as refused:
        make()
    assert str(refused.value) == message


def test_what_is_accepted_where_it_is_declared_can_be_decided() -> None:
    """The bounds of the declaration are the stores' bounds, or a command would fail when it is used."""
    check_rules(
        [
            SlidingWindow(1000, per=YEAR).rule("a"),
            WindowCounter(71, per=YEAR).rule("b"),
            WindowCounter(1_000_000, per=2251).rule("c"),
            Gcra(1_000_000, per=YEAR, burst=1_000_000).rule("d"),
            Gcra(1, per=YEAR).rule("e"),
            SlidingWindow(1, per=0.000_000_1).rule("f"),
            Cooldown(YEAR).rule("g"),
        ]
    )


def test_a_declared_limit_is_bound_to_a_key() -> None:
    known = {"key": "k", "entity": "user:1"}
    assert SlidingWindow(5, per=1.5).rule("k", cost=2, entity="user:1") == WindowRule(
        limit=5, window_us=1_500_000, cost=2, **known
    )
    assert WindowCounter(5, per=60).rule("k", cost=2, entity="user:1") == CounterRule(
        limit=5, window_us=60_000_000, cost=2, **known
    )
    assert Gcra(6, per=60, burst=3).rule("k", cost=2, entity="user:1") == GcraRule(
        interval_us=10_000_000, burst=3, cost=2, **known
    )
    assert Cooldown(30).rule("k", entity="user:1") == CooldownRule(duration_us=30_000_000, **known)


def test_a_use_costs_one_unit_unless_said_otherwise() -> None:
    limits = (SlidingWindow(5, per=60), WindowCounter(5, per=60), Gcra(5, per=60))
    assert [(limit.rule("k").cost, limit.rule("k").entity) for limit in limits] == [(1, "")] * 3
    assert Cooldown(1).rule("k").entity == ""


def test_no_period_is_shorter_than_the_clock_can_tell() -> None:
    assert SlidingWindow(1, per=0.000_000_1).per_us == 1


def test_an_even_rate_is_never_faster_than_declared() -> None:
    assert Gcra(7, per=60, burst=3).rule("k") == GcraRule(key="k", interval_us=8_571_429, burst=3)


def test_an_entity_that_would_choose_the_slot_is_refused() -> None:
    with pytest.raises(ValueError, match="has braces"):
        check_rules([Cooldown(1).rule("k", entity="user:{1}")])


def test_a_wait_is_a_duration_and_never_is_none() -> None:
    def waiting(retry_after_us: int) -> timedelta | None:
        decision = Decision(allowed=False, remaining=0, retry_after_us=retry_after_us, reset_after_us=0, now_us=0)
        return decision.retry_after

    assert waiting(1_500_000) == timedelta(seconds=1.5)
    assert waiting(NEVER) is None


def test_a_limit_is_shown_as_one_would_say_it() -> None:
    limits = (SlidingWindow(5, per=60), WindowCounter(5, per=0.5), Gcra(5, per=60, burst=2))
    assert [str(limit) for limit in limits] == [
        "5 per 60 s",
        "about 5 per 0.5 s",
        "5 per 60 s, evenly, 2 at once",
    ]
