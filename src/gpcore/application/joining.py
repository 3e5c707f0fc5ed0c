"""Redeliveries that meet their first copy still running in this process."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from gpcore.domain.settling import Ack, Disposition


class InFlight:
    """Runs one delivery an id at a time and lets the others share its outcome.

    After a lost connection the broker hands a message out again while its first copy still runs
    here. The second copy waits for the first one's disposition: an acknowledgement holds for
    both, whereas a retry or dead letter is published again, because the first copy's may have
    been lost with the connection.
    """

    def __init__(self) -> None:
        self._running: Final[dict[str, asyncio.Future[Disposition]]] = {}

    async def run(self, claim_id: str, work: Callable[[], Awaitable[Disposition]]) -> Disposition:
        """Do the work, or wait for the same id's work that is being done."""
        while (running := self._running.get(claim_id)) is not None:
            await asyncio.wait([running])
            if not running.cancelled():
                shared = running.result()
                return Ack("joined") if isinstance(shared, Ack) else shared
        mine: asyncio.Future[Disposition] = asyncio.get_running_loop().create_future()
        self._running[claim_id] = mine
        try:
            disposition = await work()
            mine.set_result(disposition)
            return disposition
        finally:
            del self._running[claim_id]
            if not mine.done():
                mine.cancel()
