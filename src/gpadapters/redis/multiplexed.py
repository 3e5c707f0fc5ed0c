"""One connection to Redis, shared by all callers of an event loop.

The commands that are asked for within one turn of the loop leave as one write. Those of later turns
do not wait for their replies, so the server works while this process reads. Redis answers in order,
which is how replies find their callers; a caller that gives up only leaves a reply that is passed over.
"""

import asyncio
from collections import deque
from collections.abc import Iterable
from contextvars import Context
from typing import Final

from hiredis import pack_command
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ReadOnlyError, RedisError, ResponseError

from gpadapters.redis.batches import Batch, Call
from gpadapters.redis.connecting import Argument, Wire

REPLIES_AT_ONCE: Final = 16
"""Replies read before their callers run."""


class MultiplexedConnection:
    """Sends commands over one connection, made when first needed and again when lost.

    Args:
        wire: The connection, not open yet.
        timeout: Seconds after which a call fails, whatever it waits for.
        connect_timeout: Seconds to connect. A call whose own time is up does not wait for it.
        stall_timeout: Seconds without any reply, while one is due, after which the connection is given up.
    """

    def __init__(self, wire: Wire, *, timeout: float, connect_timeout: float, stall_timeout: float) -> None:
        self._wire: Final = wire
        self._timeout: Final = timeout
        self._connect_timeout: Final = connect_timeout
        self._stall_timeout: Final = stall_timeout
        self._joinable: Batch | None = None
        self._waiting: Final[deque[Batch]] = deque()
        self._pending: Final[deque[Call]] = deque()
        self._writer: asyncio.Task[None] | None = None
        self._reader: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None
        self._heard_at = 0.0
        self._closed = False

    def send(
        self,
        command: tuple[Argument, ...],
        key: str | None = None,  # noqa: ARG002 - a Link's: all keys are on this server
        *,
        first: tuple[Argument, ...] | None = None,
    ) -> "asyncio.Future[object]":
        """Let one command go with this turn's others.

        Args:
            command: Its name and arguments.
            key: Of no interest here.
            first: One to send right before it, whose reply nobody waits for.

        Returns:
            What its reply will be. It fails with ``RedisError`` or ``OSError`` if the command failed or nobody
            knows whether it was executed, with ``TimeoutError`` if it was not answered in time and may be
            executed yet.

        Raises:
            ValueError: An argument cannot be encoded; nothing was sent.
            RedisConnectionError: The connection was closed for good.
        """
        if self._closed:
            raise RedisConnectionError("closed")
        # Packed here, so that what cannot be packed is this caller's error alone.
        packed = _packed(command)
        batch = self._joinable or self._new_batch()
        return batch.add(packed, first=None if first is None else _packed(first))

    @property
    def idle(self) -> bool:
        """Whether no call waits, be it for its reply or to be sent."""
        return not self._pending and not self._waiting

    async def close(self) -> None:
        """Fail the calls that wait and close the connection; later calls fail."""
        self._closed = True
        running = [task for task in (self._writer, self._reader, self._ending) if task is not None]
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)
        self._lose(RedisConnectionError("closed"))
        self._refuse(RedisConnectionError("closed"))
        await self._wire.disconnect()

    def _new_batch(self) -> Batch:
        loop = asyncio.get_running_loop()
        batch = Batch(loop, self._timeout, self._expire)
        self._waiting.append(batch)
        self._joinable = batch
        loop.call_soon(self._seal)
        if self._writer is None:
            # Writer and reader outlive the call that happens to need them first, so they keep none of its context.
            self._writer = loop.create_task(self._write_all(), name="redis writer", context=Context())
        return batch

    def _seal(self) -> None:
        """The turn is over: what comes now has a deadline of its own."""
        self._joinable = None

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                await self._connect()
                await self._write(self._waiting.popleft() if self._waiting else None)
        except (RedisError, OSError) as error:
            self._lose(error)
            self._refuse(error)
        finally:
            self._writer = None

    async def _connect(self) -> None:
        if self._ending is not None:
            await asyncio.wait([self._ending])
            self._ending = None
        if self._reader is None:
            async with asyncio.timeout(self._connect_timeout):
                await self._wire.connect()
            self._reader = asyncio.create_task(self._read_all(), name="redis reader", context=Context())

    async def _write(self, batch: Batch | None) -> None:
        if batch is self._joinable:
            # It leaves in the turn that it was made in: whoever comes now waits for the next.
            self._joinable = None
        calls = batch.leave() if batch is not None else ()
        if not calls:
            return
        self._pending.extend(calls)
        async with asyncio.timeout(self._stall_timeout):
            await self._wire.send_packed_command([b"".join([call.packed for call in calls])], check_health=False)

    async def _read_all(self) -> None:
        try:
            while True:
                for _ in range(REPLIES_AT_ONCE):
                    await self._read_one()
                # The callers answered so far ask on, and the server works, while the next replies are read.
                await asyncio.sleep(0)
        except (RedisError, OSError) as error:
            self._lose(error)
        finally:
            await self._wire.disconnect(nowait=True)

    async def _read_one(self) -> None:
        try:
            reply = await self._wire.read_response()
        except ResponseError as error:
            self._next_call().fail(error)
            if isinstance(error, ReadOnlyError):
                # After a failover the same name may lead to the new master.
                raise RedisConnectionError("a replica") from error
        else:
            self._next_call().answer(reply)

    def _next_call(self) -> Call:
        self._heard_at = asyncio.get_running_loop().time()
        if not self._pending:
            raise RedisConnectionError("a reply that nobody asked for")
        return self._pending.popleft()

    def _expire(self, batch: Batch) -> None:
        """The time of a batch is over; a connection that stays silent for longer is of no use."""
        batch.fail_all(TimeoutError())
        if batch.unanswered:
            batch.wake_after(self._stall_timeout - self._timeout, self._give_up)

    def _give_up(self, batch: Batch) -> None:
        silent = asyncio.get_running_loop().time() - self._heard_at
        if silent < self._stall_timeout:
            batch.wake_after(self._stall_timeout - silent, self._give_up)
        else:
            self._lose(TimeoutError())

    def _lose(self, error: Exception) -> None:
        """Fail what was sent and not answered; the reader closes the connection."""
        reader, self._reader = self._reader, None
        if reader is not None and reader is not asyncio.current_task():
            reader.cancel()
            self._ending = reader
        _fail(self._pending, error)
        self._pending.clear()

    def _refuse(self, error: Exception) -> None:
        """Fail what was not sent yet."""
        for batch in self._waiting:
            batch.fail_all(error)
        self._waiting.clear()
        self._joinable = None


def _packed(command: tuple[Argument, ...]) -> bytes:
    # hiredis' stub says a tuple of one; any number is meant.
    packed: bytes = pack_command(command)  # type: ignore[arg-type]
    return packed


def _fail(calls: Iterable[Call], error: Exception) -> None:
    for call in calls:
        call.fail(error)
