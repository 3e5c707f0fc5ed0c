"""Keeps publishes of the same message id apart.

The broker returns an unroutable message without saying which publish it was; the client library
goes by message id. Were two copies of one event published at once, the return of the first would
be taken for the second's, and the first would count as delivered: a lost message.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class OneAtATime:
    """Lets one publish of each message id be under way."""

    def __init__(self) -> None:
        self._under_way: dict[str, asyncio.Event] = {}

    @asynccontextmanager
    async def alone(self, message_id: str | None) -> AsyncIterator[None]:
        """Wait until no other publish of this id is under way, then hold it."""
        if message_id is None:
            yield
            return
        while (other := self._under_way.get(message_id)) is not None:
            await other.wait()
        self._under_way[message_id] = asyncio.Event()
        try:
            yield
        finally:
            self._under_way.pop(message_id).set()
