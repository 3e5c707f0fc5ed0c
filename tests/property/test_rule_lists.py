from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcore.domain.limits import NEVER, CooldownRule, Rule, WindowRule
from tests.property.book import Book
from tests.settable_clock import NOW_US, SECOND

pytestmark = pytest.mark.property


def a_window(key: str) -> st.SearchStrategy[Rule]:
    return st.builds(
        WindowRule,
        key=st.just(key),
        limit=st.integers(1, 4),
        window_us=st.just(10 * SECOND),
        cost=st.integers(0, 5),
    )


rule_lists = st.lists(
    st.one_of(
        a_window("rl:a"),
        a_window("rl:b"),
        a_window("rl:c"),
        st.just(CooldownRule(key="cd:a", duration_us=7 * SECOND)),
        st.just(CooldownRule(key="cd:b", duration_us=20 * SECOND)),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda rule: rule.key,
)
scripts = st.lists(st.tuples(st.integers(-3 * SECOND, 8 * SECOND), rule_lists), max_size=15)
Script = list[tuple[int, Sequence[Rule]]]


def played(script: Script) -> tuple[Book, int]:
    book, now = Book(), NOW_US
    for use, (step, rules) in enumerate(script):
        now += step
        book.decide(rules, now, f"use {use}")
    return book, now


@given(scripts, rule_lists)
def test_p19_a_list_is_admitted_exactly_when_each_rule_alone_is(script: Script, rules: Sequence[Rule]) -> None:
    book, now = played(script)
    alone = [book.decide([rule], now, None) for rule in rules]

    together = book.decide(rules, now, None)

    assert together.allowed == all(decision.allowed for decision in alone)
    assert together.remaining == min(decision.remaining for decision in alone)
    assert together.reset_after_us == max(decision.reset_after_us for decision in alone)
    waits = [decision.retry_after_us for decision in alone]
    assert together.retry_after_us == (NEVER if NEVER in waits else max(waits))
    if together.limiting is not None:
        assert waits[together.limiting] == together.retry_after_us


@given(scripts, rule_lists)
def test_p19_a_refused_list_changes_no_key(script: Script, rules: Sequence[Rule]) -> None:
    book, now = played(script)
    before = dict(book.states)

    if not book.decide(rules, now, "mine").allowed:
        assert book.states == before


@given(scripts, rule_lists.flatmap(lambda rules: st.tuples(st.just(rules), st.permutations(rules))))
def test_p19_the_order_of_the_rules_does_not_matter(
    script: Script, orders: tuple[Sequence[Rule], Sequence[Rule]]
) -> None:
    one, now = played(script)
    other, _ = played(script)

    first, second = one.decide(orders[0], now, "mine"), other.decide(orders[1], now, "mine")

    assert one.states == other.states
    assert (first.allowed, first.remaining, first.retry_after_us, first.reset_after_us) == (
        second.allowed,
        second.remaining,
        second.retry_after_us,
        second.reset_after_us,
    )


@given(scripts, rule_lists)
def test_p20_a_refund_restores_what_was_there_before(script: Script, rules: Sequence[Rule]) -> None:
    book, now = played(script)
    before = [book.decide([rule], now, None) for rule in rules]

    book.decide(rules, now, "mine")
    book.refund(rules, "mine")

    assert [book.decide([rule], now, None) for rule in rules] == before


@given(scripts, scripts)
def test_p18_traffic_on_other_keys_never_alters_a_decision(script: Script, noise: Script) -> None:
    """Interleave the same script with traffic on other keys; every decision stays the same."""
    quiet, noisy, now = Book(), Book(), NOW_US
    for use, (step, rules) in enumerate(script):
        now += step
        for other, (_, others) in enumerate(noise):
            elsewhere = [_elsewhere(rule) for rule in others]
            noisy.decide(elsewhere, now, f"noise {use} {other}")
        assert noisy.decide(rules, now, f"use {use}") == quiet.decide(rules, now, f"use {use}")


def _elsewhere(rule: Rule) -> Rule:
    if isinstance(rule, CooldownRule):
        return CooldownRule(key=f"{rule.key}x", duration_us=rule.duration_us)
    return WindowRule(key=f"{rule.key}x", limit=rule.limit, window_us=rule.window_us, cost=rule.cost)
