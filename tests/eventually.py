"""Waiting for something to become true on real servers."""

import asyncio
import time
from collections.abc import Awaitable, Callable

PATIENCE = 20.0
"""Seconds before a condition counts as never coming true; large, because machines are shared."""


async def eventually(condition: Callable[[], object], *, within: float = PATIENCE) -> None:
    """Poll until ``condition`` returns something true."""
    until = time.monotonic() + within
    while not condition():
        assert time.monotonic() < until, "it never came true"
        await asyncio.sleep(0.01)


async def eventually_true(question: Callable[[], Awaitable[object]], *, within: float = PATIENCE) -> None:
    """Poll until ``question`` answers something true."""
    until = time.monotonic() + within
    while not await question():
        assert time.monotonic() < until, "it never came true"
        await asyncio.sleep(0.05)
