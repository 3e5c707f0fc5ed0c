"""What a request passes before it is sent, and what learns from its answer."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final

from typing_extensions import override

from gpadapters.discord.answers import Answer, Call
from gpadapters.discord.buckets import Buckets
from gpadapters.discord.errors import is_global, retry_after
from gpcore.errors import GpError, PortThrottledError
from gpcore.ports.clock import Clock

SHORTEST_WAIT: Final = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a gate said.

    Attributes:
        nonce: Names the request to the gate.
        wait: Seconds until asking again may help; 0 lets it through.
        error: Why it will not go at all.
    """

    nonce: str = ""
    wait: float = 0.0
    error: GpError | None = None


class Gate(ABC):
    """Lets requests through as their limits allow."""

    __slots__ = ()

    @abstractmethod
    async def enter(self, call: Call, *, patience: float) -> Entry:
        """Ask for one request, whose caller can wait ``patience`` seconds; a wait is never longer."""

    @abstractmethod
    async def leave(self, call: Call, entry: Entry, answer: Answer) -> None:
        """Learn what came of a request that was let through."""


class LocalGate(Gate):
    """Knows what Discord told this process.

    It is enough for interactions: one worker owns an interaction at a time, and no global limit holds
    for them.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets = Buckets()
        self._all_blocked_until = 0.0

    @override
    async def enter(self, call: Call, *, patience: float) -> Entry:
        wait = self._wait(call)
        return Entry(error=used_up(call, wait)) if wait > patience else Entry(wait=wait)

    @override
    async def leave(self, call: Call, entry: Entry, answer: Answer) -> None:
        now = self._clock.monotonic()
        self._buckets.learn(call.route, answer, now=now)
        if not isinstance(answer.error, PortThrottledError) or not answer.status:
            return
        until = now + max(retry_after(answer), SHORTEST_WAIT)
        if is_global(answer):
            self._all_blocked_until = max(self._all_blocked_until, until)
        else:
            self._buckets.block(call.route, until=until)

    def _wait(self, call: Call) -> float:
        now = self._clock.monotonic()
        if now < self._all_blocked_until:
            return self._all_blocked_until - now
        return self._buckets.take(call.route, now=now)


def used_up(call: Call, wait: float) -> PortThrottledError:
    """Return the error of a call that would have to wait too long."""
    return PortThrottledError(f"{call} has used up its limit", retry_after=wait)
