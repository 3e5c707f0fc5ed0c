"""A dictionary that forgets what has lapsed, so that a long-running twin does not grow."""

from typing import Final, Generic, TypeVar

S = TypeVar("S")

KEPT_AFTER_US: Final = 60_000_000
"""Kept past its deadline, as in Redis: a clock that steps back by less finds it again."""

SMALLEST_SWEEP: Final = 1024


class ExpiringStates(Generic[S]):
    """Maps keys to states with a deadline; sweeps whenever it has doubled since the last sweep.

    A deadline only decides what is forgotten, never what a state means: that is the rules' part.
    """

    def __init__(self) -> None:
        self._states: Final[dict[str, tuple[S, int]]] = {}
        self._sweep_at = SMALLEST_SWEEP

    def get(self, key: str) -> S | None:
        """Return the state under ``key``, perhaps a lapsed one."""
        entry = self._states.get(key)
        return entry[0] if entry else None

    def put(self, key: str, state: S, *, deadline_us: int, now_us: int) -> None:
        """Keep ``state`` at least until ``deadline_us``."""
        self._states[key] = (state, deadline_us)
        if len(self._states) >= self._sweep_at:
            self._sweep(now_us)

    def replace(self, key: str, state: S) -> None:
        """Change the state of a key that is there, not its deadline."""
        self._states[key] = (state, self._states[key][1])

    def discard(self, key: str) -> None:
        """Forget ``key``; harmless if it is not there."""
        self._states.pop(key, None)

    def __len__(self) -> int:
        return len(self._states)

    def _sweep(self, now_us: int) -> None:
        lapsed = [key for key, (_, deadline) in self._states.items() if deadline + KEPT_AFTER_US <= now_us]
        for key in lapsed:
            del self._states[key]
        self._sweep_at = max(SMALLEST_SWEEP, 2 * len(self._states))
