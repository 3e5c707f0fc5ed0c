"""The rate limits of the bot token in this process."""

from typing import Final

from typing_extensions import override

from gpadapters.memory.expiring_states import ExpiringStates
from gpcore.domain import hearing, reserving
from gpcore.domain.request_pacing import MOST_PER_SECOND, Ask, Heard, Permit
from gpcore.domain.request_states import FleetState, MajorState
from gpcore.errors import PortUnavailableError
from gpcore.ports.clock import Clock
from gpcore.ports.request_limiter import RequestLimiter

_KEPT_US: Final = 3600 * reserving.SECOND_US


class InMemoryRequestLimiter(RequestLimiter):
    """Keeps the limits for one process; nothing awaits between a read and its write.

    Args:
        clock: Tells the time.
        most_per_second: This process's share of the bot's requests, at least 1.

    Attributes:
        unavailable: Set it, and every call fails as if the store were down. For tests.
    """

    def __init__(self, clock: Clock, *, most_per_second: int = MOST_PER_SECOND) -> None:
        self._clock = clock
        self._most = most_per_second
        self._fleet = FleetState()
        self._majors: ExpiringStates[MajorState] = ExpiringStates()
        self.unavailable = False

    @override
    async def reserve(self, ask: Ask) -> Permit:
        self._check_available()
        now_us = self._clock.now_us()
        self._fleet, major, permit = reserving.reserve(
            self._fleet, self._of(ask.target.major), ask, now_us=now_us, most_per_second=self._most
        )
        self._keep(ask.target.major, major, now_us)
        return permit

    @override
    async def report(self, heard: Heard) -> None:
        self._check_available()
        now_us = self._clock.now_us()
        self._fleet, major = hearing.hear(self._fleet, self._of(heard.target.major), heard, now_us=now_us)
        self._keep(heard.target.major, major, now_us)

    def _of(self, major: str) -> MajorState:
        return self._majors.get(major) or MajorState()

    def _keep(self, major: str, state: MajorState, now_us: int) -> None:
        self._majors.put(major, state, deadline_us=now_us + _KEPT_US, now_us=now_us)

    def _check_available(self) -> None:
        if self.unavailable:
            raise PortUnavailableError("the in-memory request limiter was made unavailable")
