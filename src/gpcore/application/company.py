"""Who may run beside whom: any number together, or one alone."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final


class Company:
    """Lets in whoever comes, first come, first served; whoever wants to be alone waits until nobody is in.

    Who comes later waits behind it, so that neither can be kept out for ever.
    """

    def __init__(self) -> None:
        self._inside = 0
        self._taken = False
        self._waiting: Final[deque[tuple[asyncio.Future[None], bool]]] = deque()

    @asynccontextmanager
    async def together(self) -> AsyncIterator[None]:
        """Hold a place beside others for the body."""
        await self._enter(alone=False)
        try:
            yield
        finally:
            self._leave(alone=False)

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Hold the only place for the body."""
        await self._enter(alone=True)
        try:
            yield
        finally:
            self._leave(alone=True)

    async def _enter(self, *, alone: bool) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((waiter, alone))
        self._let_in()
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter.cancelled():
                # Who waited behind it may have waited for nothing else.
                self._let_in()
            else:
                self._leave(alone=alone)
            raise

    def _leave(self, *, alone: bool) -> None:
        self._inside -= 1
        self._taken = self._taken and not alone
        self._let_in()

    def _let_in(self) -> None:
        while self._waiting:
            waiter, alone = self._waiting[0]
            if not waiter.done():
                if self._taken or (alone and self._inside):
                    return
                self._inside += 1
                self._taken = alone
                waiter.set_result(None)
            self._waiting.popleft()
