"""Keeps the brake in step with everybody who leaves by the same address."""

import asyncio
from typing import Final

from gpadapters.discord.brake import Brake
from gpcore.errors import PortError
from gpcore.ports.clock import Clock
from gpcore.ports.egress_ledger import EgressLedger

_EVERY: Final = 1.0


class EgressWatch:
    """Tells the ledger what the brake noted, and the brake what the others told.

    At most once a second, and only while requests are made. No request waits for it: an interaction
    looks at the brake alone, which is a second behind the others at most.
    """

    def __init__(self, brake: Brake, ledger: EgressLedger, clock: Clock) -> None:
        self._brake = brake
        self._ledger = ledger
        self._clock = clock
        self._looked_at: float | None = None
        self._look: asyncio.Task[None] | None = None

    def look_soon(self) -> None:
        """Look in the background, unless that was done within the last second and nothing urgent is to tell."""
        now = self._clock.monotonic()
        recently = self._looked_at is not None and now < self._looked_at + _EVERY
        if (recently and not self._brake.urgent) or (self._look is not None and not self._look.done()):
            return
        self._looked_at = now
        self._look = asyncio.create_task(self._tell(), name="gp-egress-watch")

    async def looked(self) -> None:
        """Wait for a look that is under way."""
        if self._look is not None:
            await self._look

    async def close(self) -> None:
        """Tell what is left to tell, and stop."""
        await self.looked()
        if self._brake.has_news:
            await self._tell()

    async def _tell(self) -> None:
        news = self._brake.news()
        try:
            view = await self._ledger.tell(news)
        except PortError:
            # The brake keeps the news, and works with what this process knows.
            return
        self._brake.learn(view, told=news)
