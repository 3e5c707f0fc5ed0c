"""Commands and scripts, each sent once, its failure told as a port error."""

import asyncio
from collections.abc import Sequence
from typing import Final, cast

from redis.exceptions import AuthenticationError, BusyLoadingError, NoScriptError, ReadOnlyError, RedisError
from redis.exceptions import ConnectionError as RedisConnectionError

from gpadapters.redis.connecting import Argument, is_cluster
from gpadapters.redis.errors import translated
from gpadapters.redis.links import link_to
from gpadapters.redis.scripts import Script
from gpadapters.redis.settings import RedisSettings
from gpadapters.redis.watched_calls import CallWatch

Field = int | bytes
"""What a script's reply consists of."""


class RedisClient:
    """Sends commands over one connection that all callers share, or in a cluster one for each node.

    Args:
        settings: Where the server is.
        timeout: Seconds after which a call fails, whatever it waits for.
        watch: Measures and traces the calls.

    Attributes:
        address: The server, without credentials.
        clustered: Whether it is a cluster, where the keys of one call must share a slot.

    Raises:
        ConfigurationError: The URL cannot be used; the text never contains it.
    """

    def __init__(self, settings: RedisSettings, *, timeout: float, watch: CallWatch | None = None) -> None:
        link, self.address = link_to(settings, timeout=timeout)
        self._timeout: Final = timeout
        self._watch: Final = CallWatch() if watch is None else watch
        self._link: Final = link
        self.clustered: Final = is_cluster(settings)

    async def close(self) -> None:
        """Fail the calls that wait and close the connection; later calls fail."""
        await self._link.close()

    async def execute(self, *command: Argument, key: str | None = None) -> object:
        """Send one command and return its reply as redis-py parses it.

        Args:
            *command: Its name and arguments.
            key: The key that it is about, which in a cluster chooses the node.

        Raises:
            PortUnavailableError: No answer; the command may have been executed.
            PortRejectedError: The server refused it.
        """
        with self._watch.call(str(command[0])):
            try:
                return await self._link.send(command, key)
            except (RedisError, OSError) as error:
                raise translated(error, self.address) from error

    async def evaluate(self, script: Script, keys: Sequence[str], arguments: Sequence[Argument]) -> Sequence[Field]:
        """Run a script and return its reply; one whose connection broke is repeated once if it may be.

        Raises:
            PortUnavailableError: No answer; the script may have run, once in effect.
            PortRejectedError: The server refused it.
        """
        with self._watch.call(script.name):
            return await self._run(script, (len(keys), *keys, *arguments), keys[0] if keys else None)

    async def _run(self, script: Script, tail: tuple[Argument, ...], key: str | None) -> Sequence[Field]:
        began = asyncio.get_running_loop().time()
        try:
            # Nearly always this is all, and a coroutine less is a twentieth of a decision's cost.
            reply = await self._link.send(("EVALSHA", script.digest, *tail), key)
        except (RedisError, OSError) as error:
            try:
                reply = await self._evaluate_after(error, script, tail, key, until=began + self._timeout)
            except (RedisError, OSError) as final:
                raise translated(final, self.address) from final
        return cast("Sequence[Field]", reply)

    async def _evaluate_after(
        self, error: Exception, script: Script, tail: tuple[Argument, ...], key: str | None, *, until: float
    ) -> object:
        """Go on after a first failure, as far as that cannot run the script twice in effect."""
        if isinstance(error, NoScriptError):
            try:
                return await self._introduce(script, tail, key)
            except (RedisError, OSError) as second:
                error = second
        if not _may_repeat(script, error):
            raise error
        async with asyncio.timeout_at(until):
            return await self._introduce(script, tail, key)

    async def _introduce(self, script: Script, tail: tuple[Argument, ...], key: str | None) -> object:
        """Send the whole script: the server was restarted or its scripts were flushed. It keeps it from now on."""
        return await self._link.send(("EVAL", script.source, *tail), key)


def _may_repeat(script: Script, error: Exception) -> bool:
    """Whether another try may help and cannot harm. A call that was late already is not repeated."""
    if not script.repeatable or isinstance(error, TimeoutError | AuthenticationError | BusyLoadingError):
        return False
    return isinstance(error, RedisConnectionError | ReadOnlyError | OSError)
