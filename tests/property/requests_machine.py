"""A fleet's requests to a Discord of two guilds, on the rules, memory and Redis at once.

The Discord here counts for itself, by its own clock, whatever arrives: in any order, late or never. It
knows nothing of leases, so what it counts judges what the rules let go.
"""

from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from itertools import count
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from gpadapters.memory.request_limiter import InMemoryRequestLimiter
from gpadapters.redis.request_limiter import RedisRequestLimiter
from gpcore.domain import hearing, reserving
from gpcore.domain.request_pacing import MOST_PER_SECOND, Ask, Heard, Permit, Scope, Target, Verdict, Window
from gpcore.domain.request_states import FleetState, MajorState
from gpcore.domain.reserving import LEASE_US
from gpcore.ports.request_limiter import RequestLimiter
from tests.property.live_redis import LiveRedis
from tests.settable_clock import SECOND, SettableClock

APPLICATION = "1214497633075331073"
LIMIT = 3
LENGTH_US = 2 * SECOND
CLOCK_DIFFERENCE_US = 3600 * SECOND
"""Discord's clock is an hour ahead."""

REQUEST_US = 10 * SECOND
"""A request arrives in this time or never."""

ROUTES = ("POST /a", "PATCH /a", "GET /b")
BUCKETS = {"POST /a": "a", "PATCH /a": "a", "GET /b": "b", "GET /c": "c"}
targets = st.builds(
    lambda route, major, place, token: Target(route=route, major=major, resource=f"{route}{major}{place}", token=token),
    st.sampled_from(ROUTES),
    st.sampled_from("12"),
    st.sampled_from("xy"),
    st.sampled_from("ttu"),
)
patiences = st.sampled_from([0, SECOND // 20, SECOND, 60 * SECOND])
steps = st.one_of(
    st.sampled_from([0, 1, SECOND, LENGTH_US, LENGTH_US + hearing.RESET_MARGIN_US]), st.integers(0, 3 * SECOND)
)


@dataclass(kw_only=True)
class Flight:
    """A request on its way, and what came of it.

    Attributes:
        cold: It left to learn.
        unseen: It left to learn a bucket that another route knows or is learning, without being counted there.
    """

    ask: Ask
    at_us: int
    cold: bool
    unseen: bool
    status: int = 0
    window: Window | None = None
    report: Heard | None = None


@dataclass
class ServersWindow:
    ends_us: int
    used: int = 0
    arrived: int = 0
    unseen: int = 0


@dataclass
class CountingDiscord:
    """Windows that begin with their first request."""

    windows: dict[tuple[str, str], ServersWindow] = field(default_factory=dict)

    def arrive(self, flight: Flight, now_us: int) -> ServersWindow:
        target = flight.ask.target
        key = BUCKETS[target.route], target.major
        window = self.windows.get(key)
        if window is None or now_us >= window.ends_us:
            window = self.windows[key] = ServersWindow(now_us + LENGTH_US)
        window.arrived += 1
        window.unseen += flight.unseen
        flight.status = 200 if window.used < LIMIT else 429
        window.used += flight.status == 200
        flight.window = Window(
            bucket=BUCKETS[target.route],
            limit=LIMIT,
            remaining=LIMIT - window.used,
            reset_after_us=window.ends_us - now_us,
            ends_ms=(window.ends_us + CLOCK_DIFFERENCE_US) // 1000,
        )
        return window


class RequestsMachine(RuleBasedStateMachine):
    """Checks after every operation that rules and stores agree; a property adds its own checks.

    Attributes:
        seen: What a property met, so that its test can tell that it was put to the test.
    """

    seen: ClassVar[Counter[str]]

    def __init__(self, live: LiveRedis) -> None:
        super().__init__()
        self.live = live
        self.prefix = live.fresh_prefix()
        self.clock = SettableClock()
        self.fleet = FleetState()
        self.majors: dict[str, MajorState] = {}
        self.memory = InMemoryRequestLimiter(self.clock)
        self.redis = RedisRequestLimiter(live.client, APPLICATION, self.prefix, self.clock)
        self.discord = CountingDiscord()
        self.flying: list[Flight] = []
        self.landed: list[Flight] = []
        self.reported: list[Flight] = []
        self.nonces = count()

    def asked(self, ask: Ask, permit: Permit) -> None:
        """Check what the property says of the first answer to one ask."""

    def arrived(self, flight: Flight, window: ServersWindow) -> None:
        """Check what the property says of one request at Discord."""

    def told(self, report: Heard) -> None:
        """Check what the property says of one report, after it."""

    @rule(goal=targets, patience=patiences)
    def ask(self, goal: Target, patience: int) -> None:
        self.put(Ask(target=goal, nonce=f"n{next(self.nonces)}", patience_us=patience))

    @rule(goal=targets, number=st.integers(2, 5))
    def ask_often(self, goal: Target, number: int) -> None:
        for _ in range(number):
            self.ask(goal, 60 * SECOND)

    def put(self, ask: Ask) -> Permit:
        major = self.majors.get(ask.target.major, MajorState())
        cold = reserving.bucket_name(self.fleet, ask.target.route) not in major.buckets
        self.fleet, self.majors[ask.target.major], permit = reserving.reserve(
            self.fleet, major, ask, now_us=self.clock.now, most_per_second=MOST_PER_SECOND
        )
        self.agree(permit, lambda limiter: limiter.reserve(ask))
        if any(flight.ask == ask for flight in self.flying):
            return permit
        if permit.verdict is Verdict.GO:
            unseen = cold and self.others_know(ask.target, major)
            self.flying.append(Flight(ask=ask, at_us=self.clock.now, cold=cold, unseen=unseen))
        self.asked(ask, permit)
        return permit

    def others_know(self, target: Target, major: MajorState) -> bool:
        bucket = BUCKETS[target.route]
        others = {(BUCKETS[one.ask.target.route], one.ask.target.major) for one in self.flying + self.landed}
        return bucket in major.buckets or (bucket, target.major) in others

    @precondition(lambda self: self.flying)
    @rule(data=st.data())
    def ask_again(self, data: st.DataObject) -> None:
        flight = data.draw(st.sampled_from(self.flying))
        if self.clock.now < flight.at_us + LEASE_US:
            before = self.fleet, dict(self.majors)
            self.put(flight.ask)
            assert (self.fleet, self.majors) == before

    @precondition(lambda self: self.flying)
    @rule(data=st.data())
    def arrive(self, data: st.DataObject) -> None:
        flight = data.draw(st.sampled_from(self.flying))
        self.flying.remove(flight)
        if self.clock.now < flight.at_us + REQUEST_US:
            self.arrived(flight, self.discord.arrive(flight, self.clock.now))
        self.landed.append(flight)

    @precondition(lambda self: self.flying)
    @rule()
    def all_arrive(self) -> None:
        for flight in self.flying:
            if self.clock.now < flight.at_us + REQUEST_US:
                self.arrived(flight, self.discord.arrive(flight, self.clock.now))
        self.landed += self.flying
        self.flying = []

    @precondition(lambda self: self.landed)
    @rule(data=st.data(), lost=st.sampled_from([False, False, False, True]))
    def report(self, data: st.DataObject, lost: bool) -> None:
        flight = data.draw(st.sampled_from(self.landed))
        self.landed.remove(flight)
        self.tell_what_came(flight, lost=lost)

    def tell_what_came(self, flight: Flight, *, lost: bool = False) -> None:
        throttled = flight.status == 429 and not lost
        self.tell(
            flight,
            Heard(
                target=flight.ask.target,
                nonce=flight.ask.nonce,
                status=0 if lost else flight.status,
                window=None if lost else flight.window,
                scope=Scope.USER if throttled else Scope.NONE,
                retry_after_us=flight.window.reset_after_us if throttled and flight.window else 0,
            ),
        )

    @precondition(lambda self: self.landed)
    @rule(data=st.data())
    def report_all(self, data: st.DataObject) -> None:
        for flight in data.draw(st.permutations(self.landed)):
            self.landed.remove(flight)
            self.tell_what_came(flight)

    @precondition(lambda self: self.reported)
    @rule(data=st.data())
    def report_again(self, data: st.DataObject) -> None:
        flight = data.draw(st.sampled_from(self.reported))
        if flight.report is not None:
            self.tell(flight, flight.report)

    def tell(self, flight: Flight, report: Heard) -> None:
        if flight.report is None:
            self.reported.append(flight)
        flight.report = report
        major = self.majors.get(report.target.major, MajorState())
        self.fleet, self.majors[report.target.major] = hearing.hear(self.fleet, major, report, now_us=self.clock.now)
        self.agree(None, lambda limiter: limiter.report(report))
        self.told(report)

    @rule(step=steps)
    def advance(self, step: int) -> None:
        self.clock.advance(step)

    @property
    def limiters(self) -> tuple[RequestLimiter, RequestLimiter]:
        return self.memory, self.redis

    def agree(self, expected: object, ask: Callable[[RequestLimiter], Coroutine[object, object, object]]) -> None:
        """Check that both stores answer alike."""
        assert [self.live.run(ask(limiter)) for limiter in self.limiters] == [expected, expected]


class RefusedMachine(RequestsMachine):
    """Discord refuses for reasons of its own, too."""

    @precondition(lambda self: self.landed)
    @rule(
        data=st.data(),
        status=st.sampled_from([401, 403, 429, 429, 429]),
        scope=st.sampled_from([Scope.USER, Scope.SHARED, Scope.GLOBAL, Scope.EDGE]),
        wait_us=st.integers(1, 20 * SECOND),
    )
    def refuse(self, data: st.DataObject, status: int, scope: Scope, wait_us: int) -> None:
        flight = data.draw(st.sampled_from(self.landed))
        self.landed.remove(flight)
        throttled = status == 429
        heard = Heard(
            target=flight.ask.target,
            nonce=flight.ask.nonce,
            status=status,
            scope=scope if throttled else Scope.NONE,
            retry_after_us=wait_us if throttled else 0,
            code=50013,
        )
        self.tell(flight, heard)
