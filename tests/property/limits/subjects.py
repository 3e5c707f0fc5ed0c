"""What the properties are asked of.

The pure functions, the in-memory store, a real Redis or Valkey, and the same server used as a cluster has to be.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from gpadapters.memory.admission_store import InMemoryAdmissionStore
from gpadapters.redis.admission_store import RedisAdmissionStore
from gpadapters.redis.cluster_admission_store import RedisClusterAdmissionStore
from gpcore.domain import limiting
from gpcore.domain.limit_rules import Decision, Rule, WindowRule
from gpcore.domain.limit_states import State
from gpcore.ports.admission_store import AdmissionStore
from tests.property.live_redis import LiveRedis
from tests.settable_clock import SettableClock


class Subject(ABC):
    """Decides at whatever time it is told."""

    @abstractmethod
    def decide(self, rules: Sequence[Rule], now: int, nonce: str | None) -> Decision:
        """Take, or only look if there is no nonce."""

    @abstractmethod
    def refund(self, rules: Sequence[Rule], nonce: str) -> None:
        """Give back what the nonce took."""

    @abstractmethod
    def reset(self, rules: Sequence[Rule]) -> None:
        """Forget the keys."""

    @abstractmethod
    def image(self, rules: Sequence[Rule]) -> list[object]:
        """Return exactly what is stored for the rules."""

    @abstractmethod
    def units_logged(self, window: WindowRule) -> int:
        """Return how many units the log holds, those that have left the window among them."""


class Pure(Subject):
    """Applies the pure decisions to a dictionary."""

    def __init__(self) -> None:
        self.states: dict[str, State] = {}

    def decide(self, rules: Sequence[Rule], now: int, nonce: str | None) -> Decision:
        changes, decision = limiting.decide(self.states, now_us=now, rules=rules, nonce=nonce)
        self.states.update({key: change.state for key, change in changes.items()})
        return decision

    def refund(self, rules: Sequence[Rule], nonce: str) -> None:
        self.states.update(limiting.refund(self.states, rules=rules, nonce=nonce))

    def reset(self, rules: Sequence[Rule]) -> None:
        for rule in rules:
            self.states.pop(rule.key, None)

    def image(self, rules: Sequence[Rule]) -> list[object]:
        return [self.states.get(rule.key) for rule in rules]

    def units_logged(self, window: WindowRule) -> int:
        return _units_of(self.states.get(window.key))


class Stored(Subject):
    """A store that reads a clock which is set before each call."""

    def __init__(self, live: LiveRedis) -> None:
        self.live = live
        self.clock = SettableClock()
        self.store = self.made()

    @abstractmethod
    def made(self) -> AdmissionStore:
        """Return an empty store."""

    def decide(self, rules: Sequence[Rule], now: int, nonce: str | None) -> Decision:
        self.clock.now = now
        store = self.store
        return self.live.run(store.peek(rules) if nonce is None else store.admit(rules, nonce=nonce))

    def refund(self, rules: Sequence[Rule], nonce: str) -> None:
        self.live.run(self.store.refund(rules, nonce=nonce))

    def reset(self, rules: Sequence[Rule]) -> None:
        self.live.run(self.store.reset(rules))


class InMemory(Stored):
    """The twin."""

    def made(self) -> InMemoryAdmissionStore:
        return InMemoryAdmissionStore(self.clock)

    def image(self, rules: Sequence[Rule]) -> list[object]:
        assert isinstance(self.store, InMemoryAdmissionStore)
        return [self.store.stored(rule.key) for rule in rules]

    def units_logged(self, window: WindowRule) -> int:
        assert isinstance(self.store, InMemoryAdmissionStore)
        return _units_of(self.store.stored(window.key))


class InRedis(Stored):
    """The Lua scripts on a real server."""

    def made(self) -> RedisAdmissionStore:
        self.prefix = self.live.fresh_prefix()
        return RedisAdmissionStore(self.live.client, self.prefix, self.clock)

    def image(self, rules: Sequence[Rule]) -> list[object]:
        return self.live.snapshot(self.keys(rules))

    def units_logged(self, window: WindowRule) -> int:
        return sum(self.live.numbers("ZCARD", self.keys([window])))

    def keys(self, rules: Sequence[Rule]) -> list[str]:
        return [self.prefix + rule.key for rule in rules]


class InCluster(Stored):
    """The scripts as a cluster needs them: an entity at a time, its name in the key."""

    def made(self) -> RedisClusterAdmissionStore:
        self.prefix = self.live.fresh_prefix()
        return RedisClusterAdmissionStore(self.live.client, self.prefix, self.clock)

    def image(self, rules: Sequence[Rule]) -> list[object]:
        # What was taken and given back may have left out what had lapsed: the decisions are the same, not the bytes.
        return [self.decide([rule], self.clock.now, None) for rule in rules]

    def units_logged(self, window: WindowRule) -> int:
        return sum(self.live.numbers("ZCARD", [self.prefix + window.key]))


def _units_of(log: State | None) -> int:
    assert log is None or isinstance(log, tuple)
    return sum(hit.units for hit in log or ())


Subjects = Callable[[], Subject]
"""Makes a subject with nothing stored."""

SUBJECTS: dict[str, Callable[[LiveRedis], Subject]] = {
    "pure": lambda _: Pure(),
    "memory": InMemory,
    "redis": InRedis,
    "cluster": InCluster,
}
