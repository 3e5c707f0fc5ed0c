"""One worker process of a fleet, seen from its parent.

The parent speaks to it through a pipe on its standard input, which it closes to have the worker
drain. A signal would not do: a service manager that signals the whole group would be the first,
the parent the second, and the second signal ends at once. The pipe also closes when the parent dies.
"""

import asyncio
import logging
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

_LOG: Final = logging.getLogger("gp.fleet")
_HEALTH: Final = "/health"


class Child:
    """Runs the same command again and again, one process at a time."""

    def __init__(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> None:
        """Prepare; nothing runs before ``run``.

        Args:
            name: What logs and metrics call it.
            command: Prints the address of its health endpoint as its first line.
            env: Added to this process's environment.
        """
        self.name: Final = name
        self._command: Final = tuple(command)
        self._env: Final = dict(env)
        self._process: asyncio.subprocess.Process | None = None
        self._address: str | None = None
        self._asked_to_drain = False

    @property
    def pid(self) -> int | None:
        """Of the process that runs, ``None`` between two."""
        return self._process.pid if self._process is not None else None

    @property
    def address(self) -> str | None:
        """Where its endpoints are, ``None`` before it has told."""
        return self._address

    async def run(self) -> int:
        """Start a process and wait for its end; return its exit code, negative for a signal."""
        self._asked_to_drain = False
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, **self._env},
            # Ctrl-C on a terminal goes to a whole group: only the parent is to hear of it.
            start_new_session=True,
        )
        _LOG.info("worker started", extra={"worker": self.name, "pid": self._process.pid})
        if self._asked_to_drain:
            self.drain()
        try:
            await self._read(self._process)
            return await self._process.wait()
        finally:
            self._process, self._address = None, None

    def drain(self) -> None:
        """Ask the process to end in order, also one that is only just being started."""
        self._asked_to_drain = True
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    def kill(self) -> None:
        """End the process at once; harmless if there is none."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        """Learn the address from the first line, and keep the pipe from filling up."""
        if process.stdout is None:
            return
        while line := await process.stdout.readline():
            if self._address is None:
                self._address = line.decode().strip().removesuffix(_HEALTH)
