"""Messages that nobody made, and putting them into queues."""

import asyncio
import itertools
import secrets
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import aiormq
from aiormq.abc import AbstractChannel
from pamqp.commands import Basic

from gpcore.domain.dispatches import INTERACTION_CREATE
from gpcore.domain.ids import snowflake_at
from gprunner import synthetic
from gprunner.encoding import encode
from gprunner.settings import EMBEDDED_APPLICATION_ID

AHEAD_MS: Final = 2500
"""So much later than now interactions seem to be made, so that those that wait in a queue are still fresh.

Workers believe up to five seconds.
"""

_SOMEBODY: Final = synthetic.user("430305391411331087", "alice.example")
_JSON: Final = Basic.Properties(content_type="application/json")
_AT_ONCE: Final = 200
_SEQUENCES: Final = 1 << 22
_numbers: Final = itertools.count(secrets.randbelow(1 << 30))
"""No two events of a run are the same, or the later one would be a duplicate."""


def events(count: int) -> list[bytes]:
    """Return so many different members' joinings in gp's second envelope."""
    now_ms = time.time_ns() // 1_000_000
    raw = synthetic.member_join(user=_SOMEBODY, joined_at="2026-11-23T12:00:00+00:00")
    return [
        encode("v2", "GUILD_MEMBER_ADD", raw, now_ms=now_ms, sequence=next(_numbers)).message.body for _ in range(count)
    ]


def interaction(number: int, *, ahead_ms: int = AHEAD_MS, name: str = "ping") -> tuple[str, bytes]:
    """Return a command's id and its body in gp's second envelope."""
    now_ms = time.time_ns() // 1_000_000
    whose = snowflake_at(now_ms + ahead_ms, number % _SEQUENCES)
    origin = synthetic.Origin(now_ms=now_ms, application_id=EMBEDDED_APPLICATION_ID, user=_SOMEBODY, id=whose)
    raw = synthetic.command([name], [], origin)
    return whose, encode("v2", INTERACTION_CREATE, raw, now_ms=now_ms).message.body


def interactions(count: int) -> list[bytes]:
    """Return so many different commands, made a little in the future."""
    return [interaction(number)[1] for number in range(count)]


class Load:
    """Puts messages into queues of one broker."""

    def __init__(self, channel: AbstractChannel) -> None:
        self._channel: Final = channel

    async def put(self, queue: str, bodies: Iterable[bytes]) -> None:
        """Publish in order; the broker has them all when this returns."""
        for some in _chunks(bodies):
            await asyncio.gather(*(self.put_one(queue, body) for body in some))
        # The broker answers a channel in order: what was sent before is there.
        await self._channel.queue_declare(queue, passive=True)

    async def put_one(self, queue: str, body: bytes) -> None:
        """Publish, and wait until it has left."""
        await self._channel.basic_publish(body, routing_key=queue, properties=_JSON)

    async def empty(self, queues: Sequence[str]) -> None:
        """Throw away what is ready in these queues."""
        for queue in queues:
            await self._channel.queue_purge(queue)


def _chunks(bodies: Iterable[bytes]) -> Iterator[list[bytes]]:
    rest = iter(bodies)
    while some := list(itertools.islice(rest, _AT_ONCE)):
        yield some


@asynccontextmanager
async def loading(url: str) -> AsyncIterator[Load]:
    """Connect for the body."""
    connection = await aiormq.connect(url)
    try:
        yield Load(await connection.channel(publisher_confirms=False))
    finally:
        await connection.close()
