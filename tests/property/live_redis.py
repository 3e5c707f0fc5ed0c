import asyncio
from collections.abc import Coroutine, Sequence
from itertools import count
from typing import TypeVar
from uuid import uuid4

from gpadapters.redis.client import RedisClient
from gpadapters.redis.connecting import Argument
from tests.servers.redis import a_client

T = TypeVar("T")


class LiveRedis:
    """One connection on a loop of its own, for machines that are driven synchronously."""

    def __init__(self, url: str) -> None:
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._prefix = uuid4().hex
        self._prefixes = count()
        self.client: RedisClient = a_client(url)

    def run(self, work: Coroutine[object, object, T]) -> T:
        return self._runner.run(work)

    def execute(self, *command: Argument) -> object:
        return self.run(self.client.execute(*command))

    def fresh_prefix(self) -> str:
        """Return a key prefix for one example, without anything that a pattern would read."""
        return f"{self._prefix}-{next(self._prefixes)}:"

    def of_each(self, command: str, keys: Sequence[str]) -> list[object]:
        """Return the replies to a command for each key."""

        async def ask() -> list[object]:
            return await asyncio.gather(*(self.client.execute(command, key) for key in keys))

        return self.run(ask())

    def snapshot(self, keys: Sequence[str]) -> list[object]:
        """Return the exact stored bytes under the keys."""
        return self.of_each("DUMP", keys)

    def numbers(self, command: str, keys: Sequence[str]) -> list[int]:
        """Return the replies to a command that counts, for each key."""
        replies = self.of_each(command, keys)
        return [reply for reply in replies if isinstance(reply, int)]

    def remaining_ms(self, key: str) -> int:
        """Return the key's time to live: -2 without the key, -1 without an expiry."""
        return self.numbers("PTTL", [key])[0]

    def close(self) -> None:
        self.run(self.client.close())
        self._runner.close()
