"""The limits by definition: slow, naive, sharing no formula with what it judges.

It keeps every unit apart, counts the units of a window one by one, finds a wait by trying the
instants at which a unit leaves, and finds what remains by trying costs. A cooldown is a window
with room for one unit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from gpcore.domain.limits import NEVER, CooldownRule, Decision, Rule, WindowRule

Unit = tuple[int, str]


def as_window(rule: Rule) -> WindowRule:
    """Return a cooldown as a window of one."""
    if isinstance(rule, CooldownRule):
        return WindowRule(key=rule.key, limit=1, window_us=rule.duration_us)
    return rule


class LimitingOracle:
    """Remembers units as (time, nonce) pairs."""

    def __init__(self) -> None:
        self._units: dict[str, list[Unit]] = {}

    def decide(self, rules: Sequence[Rule], now: int, nonce: str | None) -> Decision:
        windows = [as_window(rule) for rule in rules]
        waits = [self._wait(window, now, nonce) for window in windows]
        refusals = [index for index, wait in enumerate(waits) if wait != 0]
        if not refusals and nonce is not None:
            for window in windows:
                self._take(window, now, nonce)
        hopeless = [index for index in refusals if waits[index] == NEVER]
        longest_first = hopeless or sorted(refusals, key=lambda index: -waits[index])
        limiting = next(iter(longest_first), None)
        return Decision(
            allowed=not refusals,
            remaining=min(self._remaining(window, now) for window in windows),
            retry_after_us=0 if limiting is None else waits[limiting],
            reset_after_us=max(self._idle_after(window, now) for window in windows),
            now_us=now,
            limiting=limiting,
        )

    def refund(self, rules: Iterable[Rule], nonce: str) -> None:
        for rule in rules:
            self._units[rule.key] = [unit for unit in self._all(rule.key) if unit[1] != nonce]

    def reset(self, rules: Iterable[Rule]) -> None:
        for rule in rules:
            self._units[rule.key] = []

    def departures(self, lengths: Mapping[str, int]) -> list[int]:
        """Return the instants at which units leave, given each key's length."""
        return [time + length for key, length in lengths.items() for time, _ in self._all(key)]

    def _all(self, key: str) -> list[Unit]:
        return self._units.get(key, [])

    def _present(self, key: str, now: int) -> int:
        """Return the time that counts: never before something already written."""
        return max([now, *(time for time, _ in self._all(key))])

    def _inside(self, window: WindowRule, now: int) -> list[Unit]:
        at = self._present(window.key, now)
        return [unit for unit in self._all(window.key) if at - window.window_us < unit[0] <= at]

    def _admits(self, window: WindowRule, now: int) -> bool:
        return window.cost == 0 or len(self._inside(window, now)) + window.cost <= window.limit

    def _is_known(self, window: WindowRule, now: int, nonce: str | None) -> bool:
        return nonce in {owner for _, owner in self._inside(window, now)}

    def _wait(self, window: WindowRule, now: int, nonce: str | None) -> int:
        if self._is_known(window, now, nonce) or self._admits(window, now):
            return 0
        departures = sorted(time + window.window_us for time, _ in self._all(window.key))
        return next((at - now for at in departures if at > now and self._admits(window, at)), NEVER)

    def _remaining(self, window: WindowRule, now: int) -> int:
        costs = range(window.limit, -1, -1)
        return next(cost for cost in costs if self._admits(replace(window, cost=cost), now))

    def _idle_after(self, window: WindowRule, now: int) -> int:
        instants = sorted({now, *(time + window.window_us for time, _ in self._all(window.key))})
        return next(at - now for at in instants if at >= now and not self._inside(window, at))

    def _take(self, window: WindowRule, now: int, nonce: str) -> None:
        if window.cost == 0 or self._is_known(window, now, nonce):
            return
        at = self._present(window.key, now)
        self._units[window.key] = [*self._inside(window, now), *[(at, nonce)] * window.cost]
