"""Processes that each run a coroutine function against the state, and talk in lines of JSON.

The function gets the server's URL, a key prefix, a ``Talk`` and whatever else the test gives it::

    async def work(url: str, prefix: str, talk: Talk, name: str) -> None: ...

    async with process(work, url, prefix, "one") as one:
        await one.hear()
"""

import asyncio
import importlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]


class Talk:
    """The child's side of the conversation."""

    def say(self, word: object) -> None:
        """Tell the test something."""
        sys.stdout.write(json.dumps(word) + "\n")
        sys.stdout.flush()

    async def hear(self) -> Any:  # noqa: ANN401 - whatever the test said
        """Wait for the test to say something, while everything else goes on."""
        return json.loads(await asyncio.to_thread(sys.stdin.readline))


class ChildProcess:
    """The test's side of the conversation."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def hear(self) -> Any:  # noqa: ANN401 - whatever the child said
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        assert line, "the process ended without an answer; its error output is above"
        return json.loads(line)

    def say(self, word: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(word).encode() + b"\n")

    def stop(self) -> None:
        """Let it stand still, as a machine does that swaps or a virtual one that is moved."""
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self._process.kill()

    async def end(self) -> None:
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
        await self._process.communicate()


@asynccontextmanager
async def process(
    work: Callable[..., Awaitable[None]], url: str, prefix: str, *arguments: object
) -> AsyncIterator[ChildProcess]:
    """Give a running process, which is killed at the end if it still runs."""
    where = json.dumps([work.__module__, work.__qualname__, url, prefix, *arguments])
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.integration.redis.processes", where),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    child = ChildProcess(started)
    try:
        yield child
    finally:
        await child.end()


def _main() -> None:
    module, name, url, prefix, *arguments = json.loads(sys.argv[1])
    work = getattr(importlib.import_module(module), name)
    asyncio.run(work(url, prefix, Talk(), *arguments))


if __name__ == "__main__":
    _main()
