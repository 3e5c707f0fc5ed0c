"""Between the gateway and the broker: a bounded buffer, and the tasks that empty it."""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

from gpcore.errors import PortRejectedError, PortUnavailableError
from gpcore.ports.clock import Clock
from gprunner.ingesting import Ingestor

INTERACTION_SECONDS: Final = 3.0
"""After which Discord takes no first answer any more."""

CAPACITY: Final = 10_000
"""Interactions, and likewise other dispatches, that may wait; then the oldest is dropped."""

LONGEST_PAUSE: Final = 0.5
"""Between two attempts: how much of an interaction's time the end of an outage may cost."""

DRAIN_SECONDS: Final = 5.0
"""How long the end waits for what has not been published yet."""

_INTERACTION: Final = "INTERACTION_CREATE"
_SENDERS: Final = 8
_FIRST_PAUSE: Final = 0.1
_LOG: Final = logging.getLogger("ingestor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """What the gateway sent, and when (monotonic seconds); ``raw`` may hold an interaction's token."""

    name: str
    raw: Mapping[str, Any] = field(repr=False)
    shard_id: int
    sequence: int
    received_at: float


class Forwarder:
    """Takes dispatches without ever waiting, and publishes them as the broker allows.

    Interactions go first. While the broker cannot be reached everything waits; an interaction at
    most ``INTERACTION_SECONDS``, counted from its receipt so that a wrong clock loses none.

    Attributes:
        dropped: How many were not published, by reason (``refused``, ``expired``, ``overflow``) and
            dispatch name.
    """

    def __init__(self, ingestor: Ingestor, clock: Clock, *, capacity: int = CAPACITY) -> None:
        self.dropped: Final[Counter[tuple[str, str]]] = Counter()
        self._ingestor: Final = ingestor
        self._clock: Final = clock
        self._capacity: Final = capacity
        self._interactions: Final[deque[Dispatch]] = deque()
        self._others: Final[deque[Dispatch]] = deque()
        # One for each waiting dispatch: a sender takes any of them, then the dispatch that is due.
        self._tickets: Final[asyncio.Queue[None]] = asyncio.Queue()
        self._broker_is_away = False

    def take(self, name: str, raw: Mapping[str, Any], *, shard_id: int, sequence: int) -> None:
        """Keep a dispatch until it is published; arguments as for ``Ingestor.publish``."""
        lane = self._interactions if name == _INTERACTION else self._others
        if len(lane) < self._capacity:
            self._tickets.put_nowait(None)
        else:
            self._drop(lane.popleft(), "overflow", f"{self._capacity} wait already")
        received_at = self._clock.monotonic()
        lane.append(Dispatch(name=name, raw=raw, shard_id=shard_id, sequence=sequence, received_at=received_at))

    async def send(self) -> None:
        """Publish until cancelled; several may run."""
        while True:
            await self._tickets.get()
            await self._publish((self._interactions or self._others).popleft())
            self._tickets.task_done()

    async def drain(self) -> None:
        """Wait until nothing waits."""
        await self._tickets.join()

    async def _publish(self, dispatch: Dispatch) -> None:
        pause = _FIRST_PAUSE
        while not self._expired(dispatch):
            try:
                await self._ingestor.publish(
                    dispatch.name, dispatch.raw, shard_id=dispatch.shard_id, sequence=dispatch.sequence
                )
            except PortRejectedError as error:
                self._drop(dispatch, "refused", str(error))
                return
            except PortUnavailableError as error:
                self._note(away=True, why=str(error))
                await self._clock.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                self._note(away=False)
                return
        self._drop(dispatch, "expired", f"waited {INTERACTION_SECONDS:g} s")

    def _expired(self, dispatch: Dispatch) -> bool:
        age = self._clock.monotonic() - dispatch.received_at
        return dispatch.name == _INTERACTION and age >= INTERACTION_SECONDS

    def _drop(self, dispatch: Dispatch, reason: str, details: str) -> None:
        """Count it; only the first of its kind is worth a line."""
        self.dropped[reason, dispatch.name] += 1
        if self.dropped[reason, dispatch.name] == 1:
            _LOG.warning("%s is dropped (%s: %s); more will only be counted", dispatch.name, reason, details)

    def _note(self, *, away: bool, why: str = "") -> None:
        if away != self._broker_is_away:
            self._broker_is_away = away
            waiting = len(self._interactions) + len(self._others)
            _LOG.warning("the broker is %s, %d wait %s", "away" if away else "back", waiting, why)


@asynccontextmanager
async def forwarding(ingestor: Ingestor, clock: Clock, *, capacity: int = CAPACITY) -> AsyncIterator[Forwarder]:
    """Give a forwarder that publishes; in the end what waits has a few seconds to leave."""
    forwarder = Forwarder(ingestor, clock, capacity=capacity)
    async with asyncio.TaskGroup() as tasks:
        senders = [tasks.create_task(forwarder.send()) for _ in range(_SENDERS)]
        try:
            yield forwarder
        finally:
            with suppress(TimeoutError):
                async with clock.deadline(DRAIN_SECONDS):
                    await forwarder.drain()
            for sender in senders:
                sender.cancel()
            _LOG.info("dropped: %s", {" ".join(kind): count for kind, count in sorted(forwarder.dropped.items())})
