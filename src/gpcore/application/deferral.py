"""Deferring by itself when a handler takes its time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from gpcore.application.conversation import Conversation
from gpcore.errors import GpError
from gpcore.ports.clock import Clock

_MS: Final = 1000


@asynccontextmanager
async def automatic_defer(
    conversation: Conversation, *, at_ms: int, ephemeral: bool, clock: Clock
) -> AsyncIterator[None]:
    """Defer at ``at_ms`` (Unix ms) unless the body has answered by then.

    A defer that fails is not raised here: the handler's own answer will find out and say why.
    When the body ends, a defer that is being sent is waited for, never torn.
    """
    timer = asyncio.create_task(_defer_at(conversation, at_ms, ephemeral=ephemeral, clock=clock))
    try:
        yield
    finally:
        await conversation.settle_down()
        timer.cancel()
        await asyncio.wait([timer])
        if not timer.cancelled():
            timer.result()


async def _defer_at(conversation: Conversation, at_ms: int, *, ephemeral: bool, clock: Clock) -> None:
    await clock.sleep((at_ms - clock.now_us() // _MS) / _MS)
    with contextlib.suppress(GpError):
        await conversation.defer_if_silent(ephemeral=ephemeral)
