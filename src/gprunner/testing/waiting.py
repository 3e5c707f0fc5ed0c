"""Waiting for the bot without letting real time pass."""

import asyncio
from collections.abc import Callable
from typing import Final

from gprunner.testing.errors import KitError
from gprunner.testing.stories import Journal
from gprunner.testing.timers import BotTime

LONGEST_WAIT: Final = 1200.0
"""Virtual seconds: longer than an interaction's token lives and any event waits for its state."""

_TURNS: Final = 100
"""Turns of the event loop in which whatever can go on goes on."""

_REAL_PAUSE: Final = 0.001
_LONGEST_THREAD: Final = 30.0


class Waiting:
    """Lets the bot's tasks run, and time pass when they can do no more without it.

    Args:
        time: The bot's time.
        journal: Tells what runs, for errors.
        outside: Real seconds to wait for sockets and the like before time passes.
    """

    def __init__(self, time: BotTime, journal: Journal, *, outside: float) -> None:
        self._time: Final = time
        self._journal: Final = journal
        self._outside: Final = outside

    async def until(self, done: Callable[[], bool], what: str) -> None:
        """Wait until ``done``, moving time from alarm to alarm.

        Raises:
            KitError: It does not come about, however much time passes.
        """
        clock = self._time.clock
        latest = clock.monotonic() + LONGEST_WAIT
        while not await self._settles(done):
            gap = clock.seconds_to_next_alarm()
            if gap is None or clock.monotonic() + gap > latest:
                raise KitError(f"{what} was not settled; {self._still_running()}")
            await clock.advance(gap)

    async def advance(self, seconds: float) -> None:
        """Let this much time pass."""
        await self._settles(lambda: False)
        await self._time.clock.advance(seconds)
        await self._settles(lambda: False)

    async def _settles(self, done: Callable[[], bool]) -> bool:
        """Let everything run that can, waiting for what is real; tell whether it is done."""
        real = asyncio.get_running_loop()
        started = real.time()
        while True:
            for _ in range(_TURNS):
                if done():
                    return True
                await asyncio.sleep(0)
            waited = real.time() - started
            if waited >= (_LONGEST_THREAD if self._time.threads else self._outside):
                return done()
            await asyncio.sleep(_REAL_PAUSE)

    def _still_running(self) -> str:
        running = ", ".join(self._journal.running)
        return (
            f"still running: {running}"
            if running
            else "no handler is running: does a worker live, and was the client entered?"
        )
