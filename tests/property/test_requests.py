"""What is promised of a fleet's requests, each promise by its name: D1 to D4 and D6 to D9."""

from collections import defaultdict

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from typing_extensions import override

from gpcore.domain.keys import major_key
from gpcore.domain.request_pacing import MOST_PER_SECOND, Ask, Heard, Permit, Scope, Target, Verdict
from gpcore.domain.request_states import MajorState
from gpcore.domain.reserving import LEASE_US, bucket_name
from tests.property.live_redis import LiveRedis
from tests.property.requests_machine import (
    APPLICATION,
    BUCKETS,
    LIMIT,
    Flight,
    RefusedMachine,
    RequestsMachine,
    ServersWindow,
)
from tests.property.trials import put_to_the_test
from tests.settable_clock import SECOND

pytestmark = [pytest.mark.property, pytest.mark.integration]

Place = tuple[str, str]


class Agreement(RefusedMachine):
    @rule(step=st.integers(0, 2 * SECOND))
    def rewind(self, step: int) -> None:
        self.clock.advance(-step)

    @override
    def asked(self, ask: Ask, permit: Permit) -> None:
        self.seen[permit.verdict] += 1

    @override
    def told(self, report: Heard) -> None:
        self.seen["told"] += 1


def test_rules_memory_and_lua_agree(live_redis: LiveRedis) -> None:
    put_to_the_test(Agreement, live_redis, *Verdict, "told")


class InAnySecond(RequestsMachine):
    def __init__(self, live: LiveRedis) -> None:
        super().__init__(live)
        self.went: dict[str, int] = {}

    @rule(number=st.integers(20, 60), step=st.integers(0, SECOND // 50))
    def ask_everywhere(self, number: int, step: int) -> None:
        first = 1000 * len(self.went)
        for place in range(first, first + number):
            self.ask(Target(route="GET /c", major=f"m{place}", resource=f"r{place}", token="t"), 60 * SECOND)
            self.clock.advance(step)

    @override
    def asked(self, ask: Ask, permit: Permit) -> None:
        if permit.verdict is not Verdict.GO:
            self.seen["refused"] += 1
            return
        self.went.setdefault(ask.nonce, permit.now_us)
        assert sum(at > permit.now_us - SECOND for at in self.went.values()) <= MOST_PER_SECOND


def test_d1_no_more_than_the_global_limit_go_in_any_second(live_redis: LiveRedis) -> None:
    put_to_the_test(InAnySecond, live_redis, "refused")


class NeverThrottled(RequestsMachine):
    """One bucket by one route, mostly, so that its windows are full most of the time."""

    @override
    def ask(self, goal: Target, patience: int) -> None:
        # No rule of its own here: only those below ask.
        self.put(Ask(target=goal, nonce=f"n{next(self.nonces)}", patience_us=patience))

    @rule(number=st.integers(1, 4), route=st.sampled_from([*["POST /a"] * 4, "PATCH /a"]))
    @override
    def ask_often(self, number: int, route: str) -> None:
        for _ in range(number):
            self.ask(Target(route=route, major="1", resource="r", token="t"), 60 * SECOND)

    @precondition(lambda self: BUCKETS["POST /a"] in self.majors.get("1", MajorState()).buckets)
    @rule()
    def lose_answers(self) -> None:
        """What Discord counted without telling leaves less for those who come after it."""
        self.ask_often(1, "POST /a")
        self.all_arrive()
        for flight in list(self.landed):
            self.landed.remove(flight)
            self.tell_what_came(flight, lost=True)
        self.ask_often(LIMIT + 1, "POST /a")
        self.all_arrive()

    @rule(past_us=st.sampled_from([-1, 0, 0, 1]))
    def advance_to_the_reset(self, past_us: int) -> None:
        for bucket in self.majors.get("1", MajorState()).buckets.values():
            self.clock.now = max(self.clock.now, bucket.reset_us + past_us)

    @override
    def arrived(self, flight: Flight, window: ServersWindow) -> None:
        self.seen["full" if window.used == LIMIT and not window.unseen else "learning or not full"] += 1
        # Only who left to learn a bucket that another route knew already may be one too many.
        assert window.arrived <= LIMIT + window.unseen


def test_d2_discord_never_counts_too_many_but_while_it_is_unknown(live_redis: LiveRedis) -> None:
    put_to_the_test(NeverThrottled, live_redis, "full", "learning or not full")


class OneProbe(RequestsMachine):
    @override
    def asked(self, ask: Ask, permit: Permit) -> None:
        now = self.clock.now
        probes = [
            flight
            for flight in self.flying + self.landed
            if flight.cold and now < flight.at_us + LEASE_US and self.unknown(flight.ask.target)
        ]
        places = [(flight.ask.target.route, flight.ask.target.major) for flight in probes]
        assert len(places) == len(set(places))
        self.seen["probes"] += len(places)

    def unknown(self, target: Target) -> bool:
        major = self.majors.get(target.major, MajorState())
        return bucket_name(self.fleet, target.route) not in major.buckets and target.route not in self.fleet.routes


def test_d2_of_an_unknown_bucket_one_request_is_in_flight(live_redis: LiveRedis) -> None:
    put_to_the_test(OneProbe, live_redis, "probes")


class Obeyed(RefusedMachine):
    """Keeps its own account of what every 429 asked for."""

    def __init__(self, live: LiveRedis) -> None:
        super().__init__(live)
        self.all_until = 0
        self.until: dict[Place, int] = defaultdict(int)

    @override
    def tell(self, flight: Flight, report: Heard) -> None:
        first, held = flight.report is None, self.clock.now < flight.at_us + LEASE_US
        super().tell(flight, report)
        if not first or not held or report.status != 429:
            return
        until = self.clock.now + report.retry_after_us
        if report.scope is Scope.GLOBAL:
            self.all_until = max(self.all_until, until)
        elif report.scope is not Scope.EDGE:
            place = report.target.route, report.target.major
            self.until[place] = max(self.until[place], until)

    @override
    def asked(self, ask: Ask, permit: Permit) -> None:
        until = max(self.until[ask.target.route, ask.target.major], self.all_until)
        assert permit.verdict is not Verdict.GO or permit.now_us >= until
        self.seen["held"] += permit.now_us < self.until[ask.target.route, ask.target.major]
        self.seen["all held"] += permit.now_us < self.all_until


def test_d4_what_a_429_asks_to_wait_is_waited(live_redis: LiveRedis) -> None:
    put_to_the_test(Obeyed, live_redis, "held", "all held")


class AtLast(RefusedMachine):
    @rule(major=st.sampled_from("12"))
    def ask_until_it_goes(self, major: str) -> None:
        ask = Ask(
            target=Target(route="POST /a", major=major, resource="fresh", token="another"),
            nonce=f"n{next(self.nonces)}",
            patience_us=3600 * SECOND,
        )
        for asked in range(400):
            permit = self.put(ask)
            if permit.verdict is Verdict.GO:
                self.seen["waited" if asked else "at once"] += 1
                return
            assert permit.verdict in {Verdict.WAIT, Verdict.FORBIDDEN, Verdict.TOKEN_REFUSED}
            assert permit.wait_us > 0
            self.clock.advance(permit.wait_us)
        raise AssertionError("it never went, although nobody else asked")


def test_d6_who_waits_as_long_as_told_goes_at_last_whatever_was_leaked(live_redis: LiveRedis) -> None:
    put_to_the_test(AtLast, live_redis, "waited", "at once")


class ToldAgain(RefusedMachine):
    @override
    def told(self, report: Heard) -> None:
        fleet, majors = self.fleet, dict(self.majors)
        flight = next(flight for flight in self.reported if flight.ask.nonce == report.nonce)
        flight.report = report
        if self.seen["nested"]:
            return
        self.seen["nested"] = 1
        self.tell(flight, report)
        self.seen["nested"] = 0
        assert (self.fleet, self.majors) == (fleet, majors)
        self.seen["again"] += 1


def test_d7_a_report_told_again_changes_nothing(live_redis: LiveRedis) -> None:
    put_to_the_test(ToldAgain, live_redis, "again")


class OnlyLess(RequestsMachine):
    """An answer about a window that is known never gives more."""

    @override
    def tell(self, flight: Flight, report: Heard) -> None:
        before = self.majors.get(report.target.major, MajorState()).buckets
        super().tell(flight, report)
        if report.window is None:
            return
        old = before.get(report.window.bucket)
        if old is not None and report.window.ends_ms <= old.ends_ms:
            new = self.majors[report.target.major].buckets[report.window.bucket]
            assert new.remaining <= old.remaining
            assert new.reset_us >= old.reset_us
            self.seen["known"] += 1
            self.seen["older"] += report.window.ends_ms < old.ends_ms


def test_d7_a_stale_report_never_gives_more(live_redis: LiveRedis) -> None:
    put_to_the_test(OnlyLess, live_redis, "known", "older")


class Apart(RefusedMachine):
    """Nothing that is stored about one major changes by what happens to the other."""

    @override
    def put(self, ask: Ask) -> Permit:
        stranger = self.stored(ask.target)
        permit = super().put(ask)
        assert self.stored(ask.target) == stranger
        if permit.verdict is Verdict.GO and any(state.blocks for state in self.majors.values()):
            self.seen["goes beside a block"] += 1
        return permit

    @override
    def tell(self, flight: Flight, report: Heard) -> None:
        stranger, all_until = self.stored(report.target), self.fleet.blocked_until_us
        super().tell(flight, report)
        assert self.stored(report.target) == stranger
        # The other one would wait for what is the whole bot's.
        assert report.scope is Scope.GLOBAL or self.fleet.blocked_until_us == all_until

    def stored(self, target: Target) -> tuple[object, ...]:
        other = "2" if target.major == "1" else "1"
        return self.majors.get(other), self.live.execute("DUMP", self.prefix + major_key(APPLICATION, other))


def test_d8_majors_do_not_hold_each_other(live_redis: LiveRedis) -> None:
    put_to_the_test(Apart, live_redis, "goes beside a block")


class Patience(RefusedMachine):
    @override
    def asked(self, ask: Ask, permit: Permit) -> None:
        self.seen[permit.verdict] += 1
        if permit.verdict is Verdict.WAIT:
            assert 0 < permit.wait_us <= ask.patience_us
        if permit.verdict is Verdict.BUSY:
            assert permit.wait_us > ask.patience_us


def test_d9_no_wait_is_longer_than_the_callers_patience(live_redis: LiveRedis) -> None:
    put_to_the_test(Patience, live_redis, Verdict.WAIT, Verdict.BUSY, Verdict.GO)
