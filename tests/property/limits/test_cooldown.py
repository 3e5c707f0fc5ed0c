"""What only a cooldown promises."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcore.domain.limit_rules import CooldownRule, WindowRule
from tests.property.limits.subjects import Subjects
from tests.settable_clock import NOW_US, SECOND

pytestmark = [pytest.mark.property, pytest.mark.integration]

DURATION_US = 30 * SECOND
COOLDOWN = CooldownRule(key="cd:x", duration_us=DURATION_US)
AS_WINDOW = WindowRule(key="rl:x", limit=1, window_us=DURATION_US)

steps = st.one_of(
    st.sampled_from([0, 1, DURATION_US - 1, DURATION_US, DURATION_US + 1]),
    st.integers(-20 * SECOND, 40 * SECOND),
)
nonces = st.sampled_from("abc")
acts = st.sampled_from(["admit", "admit", "admit", "peek", "refund", "reset"])


@given(script=st.lists(st.tuples(steps, nonces, acts), max_size=40))
def test_a_cooldown_is_a_window_of_one(subjects: Subjects, script: list[tuple[int, str, str]]) -> None:
    cooldown, window, now = subjects(), subjects(), NOW_US
    for step, nonce, act in script:
        now += step
        if act == "refund":
            cooldown.refund([COOLDOWN], nonce)
            window.refund([AS_WINDOW], nonce)
        elif act == "reset":
            cooldown.reset([COOLDOWN])
            window.reset([AS_WINDOW])
        else:
            asked = nonce if act == "admit" else None
            assert cooldown.decide([COOLDOWN], now, asked) == window.decide([AS_WINDOW], now, asked)


@given(script=st.lists(st.integers(0, 40 * SECOND), max_size=40))
def test_p1_two_uses_are_never_closer_than_the_cooldown(subjects: Subjects, script: list[int]) -> None:
    book, now, admitted = subjects(), NOW_US, list[int]()
    for use, step in enumerate(script):
        now += step
        if book.decide([COOLDOWN], now, str(use)).allowed:
            admitted.append(now)

    assert all(later - earlier >= DURATION_US for earlier, later in pairwise(admitted))


@given(tries=st.lists(st.integers(0, DURATION_US - 1), max_size=20).map(sorted))
def test_p2_refusals_never_prolong_it(subjects: Subjects, tries: list[int]) -> None:
    book = subjects()
    book.decide([COOLDOWN], NOW_US, "first")

    for elapsed in tries:
        refused = book.decide([COOLDOWN], NOW_US + elapsed, "another")
        assert refused.retry_after_us == DURATION_US - elapsed

    assert book.decide([COOLDOWN], NOW_US + DURATION_US, "another").allowed


@given(elapsed=st.integers(0, DURATION_US - 1))
def test_p14_its_own_use_again_is_allowed_and_does_not_restart_it(subjects: Subjects, elapsed: int) -> None:
    book = subjects()
    book.decide([COOLDOWN], NOW_US, "first")
    before = book.image([COOLDOWN])

    assert book.decide([COOLDOWN], NOW_US + elapsed, "first").allowed
    assert book.image([COOLDOWN]) == before


@given(elapsed=st.integers(0, DURATION_US - 1), step=st.integers(0, 60 * SECOND))
def test_p15_a_clock_stepping_back_refuses_at_most_for_the_step(subjects: Subjects, elapsed: int, step: int) -> None:
    book = subjects()
    book.decide([COOLDOWN], NOW_US, "first")

    stepped = book.decide([COOLDOWN], NOW_US + elapsed - step, "another")

    assert stepped.retry_after_us == DURATION_US - elapsed + step


@given(owner=nonces, other=nonces)
def test_p20_a_refund_frees_it_for_its_owner_only(subjects: Subjects, owner: str, other: str) -> None:
    book = subjects()
    book.decide([COOLDOWN], NOW_US, owner)

    book.refund([COOLDOWN], other)

    assert book.decide([COOLDOWN], NOW_US, None).allowed == (owner == other)
