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

    def snapshot(self, keys: Sequence[str]) -> list[object]:
        """Return the exact stored bytes under the keys."""
        return [self.execute("DUMP", key) for key in keys]

    def remaining_ms(self, key: str) -> int:
        """Return the key's time to live: -2 without the key, -1 without an expiry."""
        reply = self.execute("PTTL", key)
        assert isinstance(reply, int)
        return reply

    def close(self) -> None:
        self.run(self.client.close())
        self._runner.close()
