import pytest

from gpcore.domain.limit_rules import CooldownRule, CounterRule, GcraRule, Rule, WindowRule, check_nonce, check_rules
from gpcore.domain.limit_states import Arrival, Counts, Hit, Hold, State
from gpcore.domain.limiting import decide

NOW_US = 1_795_435_207_405_000
YEAR_US = 366 * 24 * 3600 * 1_000_000
RULES: tuple[Rule, ...] = (
    WindowRule(key="k", limit=1, window_us=10),
    CounterRule(key="k", limit=1, window_us=10),
    GcraRule(key="k", interval_us=10),
    CooldownRule(key="k", duration_us=10),
)
FULL: tuple[State, ...] = (
    (Hit(NOW_US, "x", 1),),
    Counts(NOW_US - NOW_US % 10, 1, 1),
    Arrival(NOW_US + 10),
    Hold(NOW_US + 10, "x"),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: type(rule).__name__)
@pytest.mark.parametrize("state", FULL, ids=lambda state: type(state).__name__)
def test_a_state_of_another_kind_counts_as_nothing(rule: Rule, state: State) -> None:
    decision = decide({"k": state}, now_us=NOW_US, rules=[rule], nonce="mine")[1]

    assert decision.allowed == (RULES.index(rule) != FULL.index(state))


def test_of_two_equal_waits_the_first_rule_is_named() -> None:
    rules = [WindowRule(key=key, limit=1, window_us=10) for key in ("a", "b")]
    states: dict[str, State] = {key: (Hit(NOW_US, "x", 1),) for key in ("a", "b")}

    assert decide(states, now_us=NOW_US, rules=rules, nonce="mine")[1].limiting == 0


def test_a_window_of_one_microsecond_still_counts_the_one_before() -> None:
    rule = CounterRule(key="k", limit=2, window_us=1)
    full: dict[str, State] = {"k": Counts(NOW_US, 2, 0)}

    assert not decide(full, now_us=NOW_US + 1, rules=[rule], nonce="mine")[1].allowed
    assert decide(full, now_us=NOW_US + 2, rules=[rule], nonce="mine")[1].allowed


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (WindowRule(key="k", limit=0, window_us=1), "k: limit is 0; give a whole number from 1 to 1000"),
        (WindowRule(key="k", limit=1, window_us=0), f"k: window_us is 0; give a whole number from 1 to {YEAR_US}"),
        (WindowRule(key="k", limit=1, window_us=1, cost=101), "k: cost is 101; give a whole number from 0 to 100"),
        (CounterRule(key="k", limit=0, window_us=1), "k: limit is 0; give a whole number from 1 to 1000000"),
        (CounterRule(key="k", limit=1, window_us=0), f"k: window_us is 0; give a whole number from 1 to {YEAR_US}"),
        (CounterRule(key="k", limit=1, window_us=1, cost=-1), "k: cost is -1; give a whole number from 0 to 1000000"),
        (GcraRule(key="k", interval_us=0), f"k: interval_us is 0; give a whole number from 1 to {YEAR_US}"),
        (GcraRule(key="k", interval_us=1, burst=0), "k: burst is 0; give a whole number from 1 to 1000000"),
        (GcraRule(key="k", interval_us=1, cost=-1), "k: cost is -1; give a whole number from 0 to 1000000"),
        (
            CounterRule(key="k", limit=26_063, window_us=24 * 3600 * 1_000_000),
            "k: limit is 26063; give a whole number from 1 to 26062",
        ),
        (
            GcraRule(key="k", interval_us=31_622_401, burst=1_000_000),
            "k: interval_us is 31622401; give a whole number from 1 to 31622400",
        ),
        (
            GcraRule(key="k", interval_us=YEAR_US, burst=7),
            f"k: interval_us is {YEAR_US}; give a whole number from 1 to {YEAR_US // 7}",
        ),
        (CooldownRule(key="k", duration_us=0), f"k: duration_us is 0; give a whole number from 1 to {YEAR_US}"),
    ],
    ids=repr,
)
def test_a_number_out_of_bounds_is_named(rule: Rule, message: str) -> None:
    with pytest.raises(ValueError, match="give a whole number") as refused:
        check_rules([rule])
    assert str(refused.value) == message


def test_rules_that_share_a_key_are_named() -> None:
    with pytest.raises(ValueError, match=r"^two rules share a key: k, k$"):
        check_rules([RULES[0], RULES[0]])
    with pytest.raises(ValueError, match=r"^11 rules: give 1 to 10$"):
        check_rules([RULES[0]] * 11)


def test_ten_rules_are_not_too_many() -> None:
    check_rules([CooldownRule(key=f"k{number}", duration_us=1) for number in range(10)])


@pytest.mark.parametrize("entity", ["{", "}", "a{b}"])
def test_an_entity_with_a_brace_is_refused(entity: str) -> None:
    with pytest.raises(ValueError, match=r"k: the entity '.*' has braces; see keys.entity_name"):
        check_rules([CooldownRule(key="k", duration_us=1, entity=entity)])


def test_a_nonce_must_not_be_empty() -> None:
    check_nonce("x")
    check_nonce("\N{SNOWMAN}")
    with pytest.raises(ValueError, match=r"^a nonce with half a surrogate pair cannot be stored$"):
        check_nonce("a\ud800")
    with pytest.raises(ValueError, match=r"^an empty nonce would make all uses one$"):
        check_nonce("")


def test_a_nonce_has_a_length_that_a_log_of_a_thousand_can_bear() -> None:
    check_nonce("n" * 200)
    with pytest.raises(ValueError, match=r"^a nonce of 201 characters; give at most 200, such as an id$"):
        check_nonce("n" * 201)
