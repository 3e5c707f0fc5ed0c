from collections.abc import Awaitable, Callable

import pytest

from gpcore.domain.limit_rules import NEVER, CooldownRule, CounterRule, GcraRule, Rule, WindowRule
from gpcore.errors import PortUnavailableError
from gpcore.ports.admission_store import AdmissionStore
from tests.settable_clock import SECOND, SettableClock

WINDOW = WindowRule(key="rl:ping:user:1:10s", limit=3, window_us=10 * SECOND)
GUILD = WindowRule(key="rl:ping:guild:2:10s", limit=1, window_us=10 * SECOND)
COOLDOWN = CooldownRule(key="cd:ping:1", duration_us=30 * SECOND)
COUNTER = CounterRule(key="rl:ping:user:1:10s:counter", limit=3, window_us=10 * SECOND)
GCRA = GcraRule(key="rl:ping:user:1:10s:gcra", interval_us=4 * SECOND, burst=3)

UNDECIDABLE = "rules: give|share a key|give a whole number"

Unplug = Callable[[], Awaitable[None]]


class AdmissionStoreContract:
    """Subclasses give the fixtures ``store``, ``clock`` (that the store reads) and ``unplug``."""

    async def test_admits_up_to_the_limit_and_no_further(self, store: AdmissionStore) -> None:
        decisions = [await store.admit([WINDOW], nonce=str(use)) for use in range(5)]

        assert [decision.allowed for decision in decisions] == [True, True, True, False, False]
        assert [decision.remaining for decision in decisions] == [2, 1, 0, 0, 0]

    async def test_a_unit_leaves_the_window_at_exactly_its_length(
        self, store: AdmissionStore, clock: SettableClock
    ) -> None:
        await store.admit([GUILD], nonce="first")

        clock.advance(GUILD.window_us - 1)
        refused = await store.admit([GUILD], nonce="second")
        clock.advance(1)
        admitted = await store.admit([GUILD], nonce="second")
        too_many = await store.admit([GUILD], nonce="third")

        assert (refused.allowed, refused.retry_after_us) == (False, 1)
        assert (admitted.allowed, admitted.remaining) == (True, 0)
        assert not too_many.allowed

    async def test_a_cooldown_is_over_at_exactly_its_end(self, store: AdmissionStore, clock: SettableClock) -> None:
        await store.admit([COOLDOWN], nonce="first")

        clock.advance(COOLDOWN.duration_us - 1)
        refused = await store.admit([COOLDOWN], nonce="second")
        clock.advance(1)
        admitted = await store.admit([COOLDOWN], nonce="second")
        too_many = await store.admit([COOLDOWN], nonce="third")

        assert (refused.allowed, refused.retry_after_us) == (False, 1)
        assert (admitted.allowed, admitted.remaining) == (True, 0)
        assert not too_many.allowed

    async def test_a_counter_admits_its_limit_and_lets_the_last_windows_units_fade(
        self, store: AdmissionStore, clock: SettableClock
    ) -> None:
        clock.now -= clock.now % COUNTER.window_us
        for use in range(3):
            assert (await store.admit([COUNTER], nonce=str(use))).allowed

        refused = await store.admit([COUNTER], nonce="one more")
        clock.advance(COUNTER.window_us + COUNTER.window_us // 3)
        a_third_later = await store.peek([COUNTER])
        clock.advance(COUNTER.window_us // 2)

        # A third of the next window must pass until one of three units has faded, less a rounded microsecond.
        assert (refused.allowed, refused.retry_after_us) == (False, COUNTER.window_us + COUNTER.window_us // 3 + 1)
        assert (a_third_later.allowed, a_third_later.retry_after_us) == (False, 1)
        assert (await store.peek([COUNTER])).remaining == 2

    async def test_an_even_rate_admits_its_burst_and_then_one_each_interval(
        self, store: AdmissionStore, clock: SettableClock
    ) -> None:
        at_once = [(await store.admit([GCRA], nonce=str(use))).allowed for use in range(4)]
        clock.advance(GCRA.interval_us - 1)
        early = await store.admit([GCRA], nonce="early")
        clock.advance(1)
        later = [(await store.admit([GCRA], nonce=str(use))).allowed for use in range(2)]

        assert at_once == [True, True, True, False]
        assert (early.allowed, early.retry_after_us) == (False, 1)
        assert later == [True, False]

    async def test_counters_and_even_rates_count_a_repeated_use_again_and_keep_it(self, store: AdmissionStore) -> None:
        for _ in range(2):
            await store.admit([COUNTER, GCRA], nonce="mine")
        await store.refund([COUNTER, GCRA], nonce="mine")

        assert (await store.peek([COUNTER])).remaining == (await store.peek([GCRA])).remaining == 1

    async def test_either_every_rule_takes_its_units_or_none_does(self, store: AdmissionStore) -> None:
        await store.admit([GUILD], nonce="somebody else")

        refused = await store.admit([WINDOW, GUILD, COOLDOWN], nonce="mine")

        assert (refused.allowed, refused.limiting) == (False, 1)
        assert (await store.peek([WINDOW])).remaining == WINDOW.limit
        assert (await store.peek([COOLDOWN])).allowed

    async def test_a_refusal_changes_nothing(self, store: AdmissionStore, clock: SettableClock) -> None:
        await store.admit([GUILD, COOLDOWN], nonce="first")
        clock.advance(SECOND)
        before = await store.peek([GUILD, COOLDOWN])

        await store.admit([GUILD], nonce="second")
        await store.admit([COOLDOWN], nonce="third")

        assert await store.peek([GUILD, COOLDOWN]) == before

    async def test_looking_changes_nothing(self, store: AdmissionStore) -> None:
        looked = [await store.peek([WINDOW, COOLDOWN]) for _ in range(5)]
        admitted = await store.admit([WINDOW, COOLDOWN], nonce="first")

        assert {decision.allowed for decision in looked} == {True}
        assert admitted.allowed

    async def test_asking_again_with_the_same_nonce_is_allowed_and_counts_nothing(
        self, store: AdmissionStore, clock: SettableClock
    ) -> None:
        rules: list[Rule] = [WINDOW, GUILD, COOLDOWN]
        await store.admit(rules, nonce="mine")
        before = await store.peek([WINDOW])

        for _ in range(3):
            clock.advance(SECOND)
            assert (await store.admit(rules, nonce="mine")).allowed

        assert (await store.peek([WINDOW])).remaining == before.remaining == WINDOW.limit - 1

    async def test_two_uses_at_the_same_microsecond_are_two(self, store: AdmissionStore) -> None:
        await store.admit([WINDOW], nonce="first")
        await store.admit([WINDOW], nonce="second")

        assert (await store.peek([WINDOW])).remaining == 1

    async def test_a_clock_stepping_back_never_admits_more_than_the_limit(
        self, store: AdmissionStore, clock: SettableClock
    ) -> None:
        admitted = 0
        for use in range(10):
            admitted += (await store.admit([WINDOW], nonce=str(use))).allowed
            clock.advance(-SECOND)

        assert admitted == WINDOW.limit

    async def test_a_unit_taken_after_a_step_back_stays_as_long_as_the_newest(
        self, store: AdmissionStore, clock: SettableClock
    ) -> None:
        await store.admit([WINDOW], nonce="first")
        clock.advance(-5 * SECOND)
        await store.admit([WINDOW], nonce="second")
        await store.admit([WINDOW], nonce="third")

        clock.advance(5 * SECOND + WINDOW.window_us - 1)

        assert (await store.peek([WINDOW])).remaining == 0

    async def test_refund_gives_back_exactly_what_this_nonce_took(self, store: AdmissionStore) -> None:
        costly = WindowRule(key=WINDOW.key, limit=3, window_us=WINDOW.window_us, cost=2)
        await store.admit([costly, COOLDOWN], nonce="mine")
        await store.admit([WINDOW], nonce="yours")

        await store.refund([costly, COOLDOWN], nonce="mine")
        await store.refund([costly, COOLDOWN], nonce="nobody's")

        assert (await store.peek([WINDOW])).remaining == 2
        assert (await store.peek([COOLDOWN])).allowed

    async def test_a_refund_leaves_the_cooldown_of_another(self, store: AdmissionStore) -> None:
        await store.admit([COOLDOWN], nonce="yours")

        await store.refund([COOLDOWN], nonce="mine")

        assert not (await store.peek([COOLDOWN])).allowed

    async def test_a_cost_above_the_limit_can_never_be_admitted(self, store: AdmissionStore) -> None:
        greedy = WindowRule(key=WINDOW.key, limit=3, window_us=WINDOW.window_us, cost=4)
        await store.admit([COOLDOWN], nonce="first")

        decision = await store.admit([COOLDOWN, greedy], nonce="second")

        assert (decision.allowed, decision.retry_after_us, decision.limiting) == (False, NEVER, 1)

    async def test_the_wait_is_until_enough_units_have_left(self, store: AdmissionStore, clock: SettableClock) -> None:
        for use in range(3):
            await store.admit([WINDOW], nonce=str(use))
            clock.advance(SECOND)

        waits = [
            (await store.peek([WindowRule(key=WINDOW.key, limit=limit, window_us=WINDOW.window_us, cost=cost)]))
            for limit, cost in [(3, 1), (3, 2), (3, 3), (4, 3), (2, 1), (1, 1)]
        ]

        assert [wait.retry_after_us // SECOND for wait in waits] == [7, 8, 9, 8, 8, 9]

    async def test_the_answer_names_the_wait_and_the_idle_time(
        self, store: AdmissionStore, clock: SettableClock
    ) -> None:
        await store.admit([GUILD], nonce="first")
        clock.advance(4 * SECOND)

        decision = await store.admit([WINDOW, GUILD], nonce="second")

        assert decision.now_us == clock.now_us()
        assert (decision.retry_after_us, decision.reset_after_us) == (6 * SECOND, 6 * SECOND)

    async def test_reset_forgets_everything_about_the_keys(self, store: AdmissionStore) -> None:
        await store.admit([GUILD, COOLDOWN], nonce="first")

        await store.reset([GUILD, COOLDOWN])

        decision = await store.admit([GUILD, COOLDOWN], nonce="second")
        assert decision.allowed

    @pytest.mark.parametrize(
        "rules",
        [
            pytest.param([], id="none"),
            pytest.param([WINDOW, WINDOW], id="a key twice"),
            pytest.param([WindowRule(key="rl:a", limit=1, window_us=1, cost=-1)], id="a negative cost"),
            pytest.param([WindowRule(key="rl:a", limit=1, window_us=1, cost=101)], id="too large a cost"),
            pytest.param([WindowRule(key="rl:a", limit=0, window_us=1)], id="no limit"),
            pytest.param([WindowRule(key="rl:a", limit=1001, window_us=1)], id="too large a limit"),
            pytest.param([WindowRule(key="rl:a", limit=1, window_us=0)], id="no window"),
            pytest.param([CounterRule(key="rl:a", limit=1_000_001, window_us=1)], id="too large a count"),
            pytest.param(
                [CounterRule(key="rl:a", limit=26_063, window_us=24 * 3600 * SECOND)], id="too large a product"
            ),
            pytest.param([GcraRule(key="rl:a", interval_us=0)], id="no interval"),
            pytest.param([GcraRule(key="rl:a", interval_us=1, burst=0)], id="no burst"),
            pytest.param([CooldownRule(key="cd:a", duration_us=0)], id="no duration"),
            pytest.param([CooldownRule(key=f"cd:{n}", duration_us=1) for n in range(11)], id="too many"),
        ],
    )
    async def test_rules_that_nobody_could_decide_are_refused(self, store: AdmissionStore, rules: list[Rule]) -> None:
        with pytest.raises(ValueError, match=UNDECIDABLE):
            await store.admit(rules, nonce="mine")
        with pytest.raises(ValueError, match=UNDECIDABLE):
            await store.peek(rules)
        with pytest.raises(ValueError, match=UNDECIDABLE):
            await store.refund(rules, nonce="mine")
        with pytest.raises(ValueError, match=UNDECIDABLE):
            await store.reset(rules)

    async def test_an_empty_nonce_is_refused(self, store: AdmissionStore) -> None:
        with pytest.raises(ValueError, match="nonce"):
            await store.admit([WINDOW], nonce="")

    async def test_a_store_that_is_down_says_so(self, store: AdmissionStore, unplug: Unplug) -> None:
        await unplug()

        with pytest.raises(PortUnavailableError):
            await store.admit([WINDOW], nonce="mine")
        with pytest.raises(PortUnavailableError):
            await store.peek([WINDOW])
        with pytest.raises(PortUnavailableError):
            await store.refund([WINDOW], nonce="mine")
        with pytest.raises(PortUnavailableError):
            await store.reset([WINDOW])
