"""Several limits in one decision."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpcore.domain.limit_rules import NEVER, CooldownRule, CounterRule, GcraRule, Rule, WindowRule, remembers_nonces
from tests.property.limits.subjects import SUBJECTS, Subject, Subjects
from tests.property.live_redis import LiveRedis
from tests.settable_clock import NOW_US, SECOND

pytestmark = [pytest.mark.property, pytest.mark.integration]


@pytest.fixture(scope="session", params=list(SUBJECTS))
def subjects(request: pytest.FixtureRequest, live_redis: LiveRedis) -> Subjects:
    """Add the cluster, which differs only in how it decides lists."""
    return lambda: SUBJECTS[request.param](live_redis)


Script = list[tuple[int, Sequence[Rule]]]

some_costs = st.integers(0, 5)
some_limits = st.integers(1, 4)


def a_window(key: str) -> st.SearchStrategy[Rule]:
    return st.builds(WindowRule, key=st.just(key), limit=some_limits, window_us=st.just(10 * SECOND), cost=some_costs)


any_rule = st.one_of(
    a_window("rl:a"),
    a_window("rl:b"),
    st.builds(CounterRule, key=st.just("rl:c"), limit=some_limits, window_us=st.just(10 * SECOND), cost=some_costs),
    st.builds(GcraRule, key=st.just("rl:g"), burst=some_limits, interval_us=st.just(3 * SECOND), cost=some_costs),
    st.just(CooldownRule(key="cd:a", duration_us=7 * SECOND)),
    st.just(CooldownRule(key="cd:b", duration_us=20 * SECOND)),
)


def lists_of(rules: st.SearchStrategy[Rule]) -> st.SearchStrategy[list[Rule]]:
    return st.lists(rules, min_size=1, max_size=5, unique_by=lambda rule: rule.key)


rule_lists = lists_of(any_rule)
scripts = st.lists(st.tuples(st.integers(-3 * SECOND, 8 * SECOND), rule_lists), max_size=12)


def played(subject: Subject, script: Script) -> int:
    """Play the uses and return the time at the end."""
    now = NOW_US
    for use, (step, rules) in enumerate(script):
        now += step
        subject.decide(rules, now, f"use {use}")
    return now


@given(script=scripts, rules=rule_lists)
def test_p19_a_list_is_admitted_exactly_when_each_rule_alone_is(
    subjects: Subjects, script: Script, rules: Sequence[Rule]
) -> None:
    subject = subjects()
    now = played(subject, script)
    alone = [subject.decide([rule], now, None) for rule in rules]

    together = subject.decide(rules, now, None)

    assert together.allowed == all(decision.allowed for decision in alone)
    assert together.remaining == min(decision.remaining for decision in alone)
    assert together.reset_after_us == max(decision.reset_after_us for decision in alone)
    waits = [decision.retry_after_us for decision in alone]
    assert together.retry_after_us == (NEVER if NEVER in waits else max(waits))
    if together.limiting is not None:
        assert waits[together.limiting] == together.retry_after_us


@given(script=scripts, rules=rule_lists)
def test_p19_a_refused_list_changes_no_key(subjects: Subjects, script: Script, rules: Sequence[Rule]) -> None:
    subject = subjects()
    now = played(subject, script)
    before = subject.image(rules)

    if not subject.decide(rules, now, "mine").allowed:
        assert subject.image(rules) == before


@given(script=scripts, orders=rule_lists.flatmap(lambda rules: st.tuples(st.just(rules), st.permutations(rules))))
def test_p19_the_order_of_the_rules_does_not_matter(
    subjects: Subjects, script: Script, orders: tuple[Sequence[Rule], Sequence[Rule]]
) -> None:
    one, other = subjects(), subjects()
    now = played(one, script)
    played(other, script)

    first, second = one.decide(orders[0], now, "mine"), other.decide(orders[1], now, "mine")

    assert one.image(orders[0]) == other.image(orders[0])
    assert replace(first, limiting=None) == replace(second, limiting=None)


@given(rule=any_rule)
def test_p19_a_key_twice_is_refused(subjects: Subjects, rule: Rule) -> None:
    with pytest.raises(ValueError, match="share a key"):
        subjects().decide([rule, rule], NOW_US, "mine")


@given(script=scripts, rules=lists_of(any_rule.filter(remembers_nonces)))
def test_p20_a_refund_restores_what_was_there_before(subjects: Subjects, script: Script, rules: Sequence[Rule]) -> None:
    subject = subjects()
    now = played(subject, script)
    before = [subject.decide([rule], now, None) for rule in rules]

    subject.decide(rules, now, "mine")
    subject.refund(rules, "mine")

    assert [subject.decide([rule], now, None) for rule in rules] == before


@given(script=scripts, rules=rule_lists)
def test_p20_what_another_took_and_what_is_not_remembered_stays(
    subjects: Subjects, script: Script, rules: Sequence[Rule]
) -> None:
    subject = subjects()
    played(subject, script)
    before = subject.image(rules)

    subject.refund(rules, "nobody's")

    assert subject.image(rules) == before


@given(script=scripts, noise=scripts)
def test_p18_traffic_on_other_keys_never_alters_a_decision(subjects: Subjects, script: Script, noise: Script) -> None:
    """Interleave the same script with traffic on other keys; every decision stays the same."""
    quiet, noisy, now = subjects(), subjects(), NOW_US
    for use, (step, rules) in enumerate(script):
        now += step
        for other, (_, others) in enumerate(noise):
            noisy.decide([replace(rule, key=f"{rule.key}x") for rule in others], now, f"noise {use} {other}")
        assert noisy.decide(rules, now, f"use {use}") == quiet.decide(rules, now, f"use {use}")
