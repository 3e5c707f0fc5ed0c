"""Keeping a number of worker processes alive."""

import asyncio
import logging
import random
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

from gpcore.domain.backoff import Backoff
from gpcore.errors import ConfigurationError
from gprunner.fleet.child import Child

_LOG: Final = logging.getLogger("gp.fleet")
_MISCONFIGURED: Final = 2
_SHORTEST: Final = 0.5
_LONGEST: Final = 30.0
_HEALTHY_AFTER: Final = 60.0
"""Seconds that a process must have run for the back-off to begin afresh."""


class Fleet:
    """Starts children, starts those that crash again, and ends them all together.

    Args:
        children: Prepared, none of them running.
        forgiving: Start a child again even if its configuration is wrong: somebody is about to mend it.
    """

    def __init__(self, children: Sequence[Child], *, forgiving: bool = False) -> None:
        self.children: Final = tuple(children)
        self._forgiving: Final = forgiving
        self._restarts: Final = dict.fromkeys((child.name for child in children), 0)
        self._stopping: Final = asyncio.Event()
        self._renewed: Final[set[str]] = set()

    @property
    def restarts(self) -> Mapping[str, int]:
        """How often each child was started again after a crash."""
        return self._restarts

    @property
    def stopping(self) -> bool:
        """Whether the fleet ends."""
        return self._stopping.is_set()

    async def run(self) -> None:
        """Keep the children alive until ``stop``, then wait until they have drained.

        Raises:
            ConfigurationError: A child cannot run as it is configured; the others have drained.
        """
        keepers = [asyncio.create_task(self._keep(child)) for child in self.children]
        try:
            await asyncio.wait(keepers, return_when=asyncio.FIRST_EXCEPTION)
        finally:
            self.stop()
            await asyncio.wait(keepers)
        for keeper in keepers:
            keeper.result()

    def stop(self) -> None:
        """Have every child drain, and start none again."""
        self._stopping.set()
        for child in self.children:
            child.drain()

    def renew(self) -> None:
        """Have every child drain and start again, as after a change of the bot's code."""
        for child in self.children:
            if child.pid is not None:
                self._renewed.add(child.name)
                child.drain()

    def kill(self) -> None:
        """End every child at once; the broker takes back what they held."""
        self._stopping.set()
        for child in self.children:
            child.kill()

    async def _keep(self, child: Child) -> None:
        backoff = Backoff(initial=_SHORTEST, maximum=_LONGEST, unit=random.random)
        while not self._stopping.is_set():
            started = asyncio.get_running_loop().time()
            code = await child.run()
            if self._stopping.is_set():
                return
            if child.name in self._renewed:
                self._renewed.discard(child.name)
                continue
            if code == _MISCONFIGURED and not self._forgiving:
                raise ConfigurationError(f"worker {child.name} cannot run as it is configured; its reasons are above")
            if asyncio.get_running_loop().time() - started >= _HEALTHY_AFTER:
                backoff.reset()
            await self._pause(child, code, backoff.next_pause())

    async def _pause(self, child: Child, code: int, seconds: float) -> None:
        self._restarts[child.name] += 1
        _LOG.error("worker %s ended with %d; it starts again in %.1f s", child.name, code, seconds)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
