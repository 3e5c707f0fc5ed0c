"""Who may run beside whom: any number together, or one alone."""

import asyncio
from collections import deque
from contextlib import AbstractAsyncContextManager
from typing import Final


class Company:
    """Lets in whoever comes, first come, first served; whoever wants to be alone waits until nobody is in.

    Who comes later waits behind it, so that neither can be kept out for ever.
    """

    def __init__(self) -> None:
        self._inside = 0
        self._taken = False
        self._waiting: Final[deque[tuple[asyncio.Future[None], bool]]] = deque()

        self._beside: Final = _Place(self, alone=False)
        self._only: Final = _Place(self, alone=True)

    def together(self) -> AbstractAsyncContextManager[None]:
        """Hold a place beside others for the body."""
        return self._beside

    def alone(self) -> AbstractAsyncContextManager[None]:
        """Hold the only place for the body."""
        return self._only

    async def enter(self, *, alone: bool) -> None:
        """Take a place; whoever took it must ``leave`` it."""
        if not self._waiting and not self._taken and not (alone and self._inside):
            self._inside += 1
            self._taken = alone
            return
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
                self.leave(alone=alone)
            raise

    def leave(self, *, alone: bool) -> None:
        """Give a place up."""
        self._inside -= 1
        self._taken = self._taken and not alone
        if self._waiting:
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


class _Place(AbstractAsyncContextManager[None]):
    """Entered as often as there are places."""

    def __init__(self, company: Company, *, alone: bool) -> None:
        self._company: Final = company
        self._alone: Final = alone

    async def __aenter__(self) -> None:
        await self._company.enter(alone=self._alone)

    async def __aexit__(self, *_: object) -> None:
        self._company.leave(alone=self._alone)
