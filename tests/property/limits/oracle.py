"""The limits by definition: slow, naive, sharing no formula with what it judges.

Each kind only says whether a cost fits at an instant. What remains is found by trying costs, a wait
by searching the first instant at which the cost fits, the idle time by searching the first at which
the whole capacity fits. A window keeps every unit apart, a counter its admitted uses by aligned window,
and the even rate is a leaking bucket (the other face of GCRA), all with exact fractions.
"""

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Generic, TypeVar

from gpcore.domain.limit_rules import NEVER, CooldownRule, CounterRule, Decision, GcraRule, Rule, WindowRule

R = TypeVar("R", WindowRule, CounterRule, GcraRule)


class Meter(ABC, Generic[R]):
    """What one key has taken."""

    @abstractmethod
    def fits(self, rule: R, cost: int, at: int) -> bool:
        """Tell whether ``cost`` units may be taken at an instant; waiting never makes it worse."""

    @abstractmethod
    def take(self, rule: R, at: int, nonce: str) -> None:
        """Take the rule's cost."""

    @abstractmethod
    def capacity(self, rule: R) -> int:
        """Return what fits after a long pause."""

    @abstractmethod
    def horizon(self, rule: R, at: int) -> int:
        """Return an instant by which nothing taken matters any more."""

    def knows(self, rule: R, at: int, nonce: str | None) -> bool:
        """Tell whether the use is remembered."""
        return False

    def forget(self, nonce: str) -> None:
        """Give back what the use took, if it is remembered."""

    def wait(self, rule: R, now: int, nonce: str | None) -> int:
        if self.knows(rule, now, nonce):
            return 0
        if rule.cost > self.capacity(rule):
            return NEVER
        return self._first(rule, rule.cost, now) - now

    def remaining(self, rule: R, now: int) -> int:
        return next(cost for cost in range(self.capacity(rule), -1, -1) if cost == 0 or self.fits(rule, cost, now))

    def idle_after(self, rule: R, now: int) -> int:
        return self._first(rule, self.capacity(rule), now) - now

    def _first(self, rule: R, cost: int, now: int) -> int:
        if cost == 0:
            return now
        instants = range(now, max(now, self.horizon(rule, now)) + 1)
        return instants[bisect_left(instants, True, key=lambda at: self.fits(rule, cost, at))]


class UnitByUnit(Meter[WindowRule]):
    """Counts the units of the window one by one."""

    def __init__(self) -> None:
        self.units: list[tuple[int, str]] = []

    def fits(self, rule: WindowRule, cost: int, at: int) -> bool:
        return len(self._inside(rule, at)) + cost <= rule.limit

    def take(self, rule: WindowRule, at: int, nonce: str) -> None:
        self.units = self._inside(rule, at) + [(self._present(at), nonce)] * rule.cost

    def capacity(self, rule: WindowRule) -> int:
        return rule.limit

    def horizon(self, rule: WindowRule, at: int) -> int:
        return self._present(at) + rule.window_us

    def knows(self, rule: WindowRule, at: int, nonce: str | None) -> bool:
        return nonce in {owner for _, owner in self._inside(rule, at)}

    def forget(self, nonce: str) -> None:
        self.units = [unit for unit in self.units if unit[1] != nonce]

    def _present(self, at: int) -> int:
        """Return the time that counts: never before something already written."""
        return max([at, *(time for time, _ in self.units)])

    def _inside(self, rule: WindowRule, at: int) -> list[tuple[int, str]]:
        present = self._present(at)
        return [unit for unit in self.units if present - rule.window_us < unit[0] <= present]


class UseByUse(Meter[CounterRule]):
    """Keeps every admitted use with the aligned window that it was counted in."""

    def __init__(self) -> None:
        self.uses: list[tuple[int, int]] = []

    def fits(self, rule: CounterRule, cost: int, at: int) -> bool:
        number, elapsed = self._position(rule, at)
        here = sum(units for window, units in self.uses if window == number)
        before = sum(units for window, units in self.uses if window == number - 1)
        covered = Fraction(rule.window_us - elapsed, rule.window_us)
        return before * covered + here + cost <= rule.limit

    def take(self, rule: CounterRule, at: int, nonce: str) -> None:
        self.uses.append((self._position(rule, at)[0], rule.cost))

    def capacity(self, rule: CounterRule) -> int:
        return rule.limit

    def horizon(self, rule: CounterRule, at: int) -> int:
        return (self._position(rule, at)[0] + 2) * rule.window_us

    def _position(self, rule: CounterRule, at: int) -> tuple[int, int]:
        """Return the window's number and the time elapsed in it; never before a window already used."""
        last = max([at // rule.window_us, *(window for window, _ in self.uses)])
        return last, max(0, at - last * rule.window_us)


class LeakingBucket(Meter[GcraRule]):
    """A bucket that leaks one unit each interval and overflows above the burst."""

    def __init__(self) -> None:
        self.level, self.seen_at = Fraction(0), 0

    def fits(self, rule: GcraRule, cost: int, at: int) -> bool:
        return self._level(rule, at) + cost <= rule.burst

    def take(self, rule: GcraRule, at: int, nonce: str) -> None:
        self.level, self.seen_at = self._level(rule, at) + rule.cost, at

    def capacity(self, rule: GcraRule) -> int:
        return rule.burst

    def horizon(self, rule: GcraRule, at: int) -> int:
        return int(self.seen_at + self.level * rule.interval_us) + 1

    def _level(self, rule: GcraRule, at: int) -> Fraction:
        return max(Fraction(0), self.level - Fraction(at - self.seen_at, rule.interval_us))


METERS: Mapping[type[Rule], Callable[[], Meter[Any]]] = {
    WindowRule: UnitByUnit,
    CounterRule: UseByUse,
    GcraRule: LeakingBucket,
}


def as_metered(rule: Rule) -> WindowRule | CounterRule | GcraRule:
    """Return a cooldown as a window of one."""
    if isinstance(rule, CooldownRule):
        return WindowRule(key=rule.key, limit=1, window_us=rule.duration_us)
    return rule


class LimitingOracle:
    """Decides lists of rules by asking each key's meter."""

    def __init__(self) -> None:
        self._meters: dict[str, Meter[Any]] = {}

    def decide(self, rules: Sequence[Rule], now: int, nonce: str | None) -> Decision:
        metered = [as_metered(rule) for rule in rules]
        waits = [self._meter(rule).wait(rule, now, nonce) for rule in metered]
        refusals = [index for index, wait in enumerate(waits) if wait != 0]
        if not refusals and nonce is not None:
            for rule in metered:
                self._take(rule, now, nonce)
        hopeless = [index for index in refusals if waits[index] == NEVER]
        longest_first = hopeless or sorted(refusals, key=lambda index: -waits[index])
        limiting = next(iter(longest_first), None)
        return Decision(
            allowed=not refusals,
            remaining=min(self._meter(rule).remaining(rule, now) for rule in metered),
            retry_after_us=0 if limiting is None else waits[limiting],
            reset_after_us=max(self._meter(rule).idle_after(rule, now) for rule in metered),
            now_us=now,
            limiting=limiting,
        )

    def refund(self, rules: Iterable[Rule], nonce: str) -> None:
        for rule in map(as_metered, rules):
            self._meter(rule).forget(nonce)

    def reset(self, rules: Iterable[Rule]) -> None:
        for rule in rules:
            self._meters.pop(rule.key, None)

    def _meter(self, rule: Rule) -> Meter[Any]:
        return self._meters.setdefault(rule.key, METERS[type(rule)]())

    def _take(self, rule: WindowRule | CounterRule | GcraRule, now: int, nonce: str) -> None:
        meter = self._meter(rule)
        if rule.cost and not meter.knows(rule, now, nonce):
            meter.take(rule, now, nonce)
