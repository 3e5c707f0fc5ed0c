"""Deferring by itself when a handler takes its time."""

import asyncio
import contextlib
from contextlib import AbstractAsyncContextManager
from typing import Final

from gpcore.application.conversation import Conversation
from gpcore.errors import GpError
from gpcore.ports.clock import Alarm, Clock

_MS: Final = 1000


class AutomaticDefer(AbstractAsyncContextManager[None]):
    """Defers at ``at_ms`` (Unix ms) unless the body has answered by then.

    A defer that fails is not raised here: the handler's own answer will find out and say why.
    When the body ends, a defer that is being sent is waited for, never torn. Most bodies end before
    there is anything to do, so that there is an alarm and no task until then.
    """

    _alarm: Alarm

    def __init__(self, conversation: Conversation, *, at_ms: int, ephemeral: bool, clock: Clock) -> None:
        self._conversation: Final = conversation
        self._at_ms: Final = at_ms
        self._ephemeral: Final = ephemeral
        self._clock: Final = clock
        self._deferring: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        left_ms = self._at_ms - self._clock.now_us() // _MS
        self._alarm = self._clock.call_after(left_ms / _MS, self._begin)

    async def __aexit__(self, *_ended: object) -> None:
        self._alarm.cancel()
        await self._conversation.settle_down()
        if self._deferring is not None:
            self._deferring.cancel()
            await asyncio.wait([self._deferring])
            if not self._deferring.cancelled():
                self._deferring.result()

    def _begin(self) -> None:
        self._deferring = asyncio.get_running_loop().create_task(self._defer())

    async def _defer(self) -> None:
        with contextlib.suppress(GpError):
            await self._conversation.defer_if_silent(ephemeral=self._ephemeral)
