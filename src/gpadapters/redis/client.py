"""One connection to Redis, shared by all callers of an event loop.

The commands that wait while an exchange runs go out together as the next one, so many small calls
cost few system calls, and a caller that gives up never breaks the connection for the others.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Final, cast

from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    NoScriptError,
    ReadOnlyError,
    RedisError,
    ResponseError,
)
from redis.exceptions import ConnectionError as RedisConnectionError

from gpadapters.redis.connecting import Argument, connection_to
from gpadapters.redis.errors import translated
from gpadapters.redis.scripts import Script
from gpadapters.redis.settings import RedisSettings

Field = int | bytes
"""What a script's reply consists of."""

MOST_AT_ONCE: Final = 512
"""Commands in one exchange, so that the first ones do not wait long for the last."""


class _Call:
    __slots__ = ("command", "reply")

    def __init__(self, command: tuple[Argument, ...], reply: asyncio.Future[object]) -> None:
        self.command = command
        self.reply = reply

    def answer(self, reply: object) -> None:
        if not self.reply.done():
            self.reply.set_result(reply)

    def fail(self, error: Exception) -> None:
        if not self.reply.done():
            self.reply.set_exception(error)


class RedisClient:
    """Sends commands over one connection, made when first needed and again when lost.

    Args:
        settings: Where the server is.
        timeout: Seconds after which a call fails, whatever it waits for.

    Attributes:
        address: The server, without credentials.

    Raises:
        ConfigurationError: The URL cannot be used; the text never contains it.
    """

    def __init__(self, settings: RedisSettings, *, timeout: float) -> None:
        self._connection, self.address = connection_to(settings)
        self._connect_timeout = settings.connect_timeout
        self._timeout = timeout
        self._waiting: Final[deque[_Call]] = deque()
        self._exchanging: asyncio.Task[None] | None = None
        self._closed = False

    async def close(self) -> None:
        """Fail the calls that wait and close the connection; later calls fail."""
        self._closed = True
        if self._exchanging is not None:
            self._exchanging.cancel()
            await asyncio.wait([self._exchanging])
        self._fail_all(self._waiting, RedisConnectionError("closed"))
        await self._connection.disconnect()

    async def execute(self, *command: Argument) -> object:
        """Send one command and return its reply as redis-py parses it.

        Raises:
            PortUnavailableError: No answer; the command may have been executed.
            PortRejectedError: The server refused it.
        """
        try:
            return await self._send(command)
        except (RedisError, OSError) as error:
            raise translated(error, self.address) from error

    async def evaluate(self, script: Script, keys: Sequence[str], arguments: Sequence[Argument]) -> Sequence[Field]:
        """Run a script and return its reply; one whose connection broke is repeated once if it may be.

        Raises:
            PortUnavailableError: No answer; the script may have run, once in effect.
            PortRejectedError: The server refused it.
        """
        tail = (len(keys), *keys, *arguments)
        try:
            try:
                reply = await self._evaluate(script, tail)
            except (RedisError, OSError) as error:
                if not _may_repeat(script, error):
                    raise
                reply = await self._evaluate(script, tail)
        except (RedisError, OSError) as error:
            raise translated(error, self.address) from error
        return cast("Sequence[Field]", reply)

    async def _evaluate(self, script: Script, tail: tuple[Argument, ...]) -> object:
        try:
            return await self._send(("EVALSHA", script.digest, *tail))
        except NoScriptError:
            # Not executed: the server was restarted or its scripts were flushed. EVAL keeps it.
            return await self._send(("EVAL", script.source, *tail))

    async def _send(self, command: tuple[Argument, ...]) -> object:
        if self._closed:
            raise RedisConnectionError("closed")
        call = _Call(command, asyncio.get_running_loop().create_future())
        self._waiting.append(call)
        if self._exchanging is None:
            self._exchanging = asyncio.create_task(self._exchange_all(), name="redis")
        async with asyncio.timeout(self._timeout):
            return await call.reply

    async def _exchange_all(self) -> None:
        try:
            while batch := self._next_batch():
                await self._exchange(batch)
        finally:
            self._exchanging = None

    def _next_batch(self) -> deque[_Call]:
        batch: deque[_Call] = deque()
        while self._waiting and len(batch) < MOST_AT_ONCE:
            call = self._waiting.popleft()
            if not call.reply.done():
                batch.append(call)
        return batch

    async def _exchange(self, batch: deque[_Call]) -> None:
        """Send all and answer each; what fails the connection fails every call not yet answered."""
        usable = False
        try:
            async with asyncio.timeout(self._connect_timeout):
                await self._connect()
            async with asyncio.timeout(self._timeout):
                usable = await self._converse(batch)
        except (RedisError, OSError) as error:
            self._fail_all(batch, error)
        finally:
            self._fail_all(batch, RedisConnectionError("closed"))
            if not usable:
                await self._connection.disconnect(nowait=True)

    async def _connect(self) -> None:
        # A connection that the server closed meanwhile shows as readable: nothing was asked yet.
        if self._connection.is_connected and await self._connection.can_read():
            await self._connection.disconnect(nowait=True)
        await self._connection.connect()

    async def _converse(self, batch: deque[_Call]) -> bool:
        """Return whether the connection is worth keeping."""
        packed = self._connection.pack_commands([call.command for call in batch])
        await self._connection.send_packed_command(packed, check_health=False)
        usable = True
        while batch:
            try:
                reply = await self._connection.read_response()
            except ResponseError as error:
                # After a failover the same name may lead to the new master.
                usable = usable and not isinstance(error, ReadOnlyError)
                batch.popleft().fail(error)
            else:
                batch.popleft().answer(reply)
        return usable

    @staticmethod
    def _fail_all(calls: deque[_Call], error: Exception) -> None:
        while calls:
            calls.popleft().fail(error)


def _may_repeat(script: Script, error: Exception) -> bool:
    """Whether another try may help and cannot harm. A call that was late already is not repeated."""
    if not script.repeatable or isinstance(error, TimeoutError | AuthenticationError | BusyLoadingError):
        return False
    return isinstance(error, RedisConnectionError | ReadOnlyError | OSError)
