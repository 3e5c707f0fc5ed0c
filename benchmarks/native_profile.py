"""Where a worker's processor time really goes: samples of the whole process, named after Python functions.

``python -m benchmarks.native_profile interactions`` needs CPython 3.12 or later and Linux's ``perf``. Python's own
profiler (``benchmarks.profiling``) counts calls, but makes small functions look dear; this slows all of them down
alike. What the collector does is told apart, because it happens wherever something was allocated.
"""

import argparse
import asyncio
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from benchmarks.__main__ import apply_topology
from benchmarks.contenders import Child, Program, order_for, started
from benchmarks.load import events, interactions, loading
from benchmarks.scenarios.throughput import Make
from benchmarks.servers import Servers, private_servers

_GP: Final = Program(name="gp", command=("gp_worker",))
_LANES: Final[dict[str, tuple[Make, int, int]]] = {
    "events": (events, 100, 20_000),
    "interactions": (interactions, 50, 2_000),
}
_WARM_UP: Final = 0.5
_SECONDS: Final = "1"
_RECORD: Final = ("perf", "record", "--freq", "1500", "--call-graph", "dwarf,32768")
_SCRIPT: Final = ("perf", "script", "--no-inline", "--fields", "ip,sym", "--input")
_PYTHON: Final = re.compile(r"py::(?P<function>.+?):(?P<file>/.*)")
_LIBRARY: Final = re.compile(r".*/(?:site-packages|src|python3\.\d+)/")
_COLLECTOR: Final = "gc_collect_main"
_OURS: Final = ("gpcore", "gpadapters", "gprunner")


async def samples_of(lane: str, servers: Servers, into: Path) -> str:
    """Let a worker empty its queue under ``perf`` and return the stacks that it saw."""
    make, in_flight, count = _LANES[lane]
    queue = servers.events if lane == "events" else servers.interactions
    async with loading(servers.rabbitmq) as load, started(_GP, servers, PYTHONPERFSUPPORT="1") as child:
        await load.put(queue, make(count))
        await child.begin(order_for(servers, queue, count=count, in_flight=in_flight))
        await asyncio.sleep(_WARM_UP)
        await _record(child, into)
        await child.says()
    return await asyncio.to_thread(_told, [*_SCRIPT, str(into)])


async def _record(child: Child, into: Path) -> None:
    what = ("--output", str(into), "--pid", str(child.process.pid), "--", "sleep", _SECONDS)
    quiet = asyncio.subprocess.DEVNULL
    recorder = await asyncio.create_subprocess_exec(*_RECORD, *what, stdout=quiet, stderr=quiet)
    await recorder.wait()


def _told(command: Sequence[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def places(stacks: str) -> Iterable[tuple[str, str]]:
    """Yield the innermost Python function of each sample, and the file that it is in."""
    for stack in stacks.split("\n\n"):
        found = _PYTHON.search(stack)
        if _COLLECTOR in stack:
            yield "", "garbage collector"
        elif found is not None:
            yield found["function"], _LIBRARY.sub("", found["file"])


def package(file: str) -> str:
    """Return what to sum a file up under: one of ours for itself, all of a library together."""
    top, _, _ = file.partition("/")
    return file if top in _OURS else top


def room(file: str) -> str:
    """Return the part of gp that a file belongs to, or that it does not."""
    top, _, below = file.partition("/")
    if top == "gpadapters":
        return f"{top}/{below.partition('/')[0]}"
    return top if top in _OURS or not below else "libraries"


def main(arguments: Sequence[str] | None = None) -> None:
    """Sample a few workers and print shares of their time."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.native_profile", description=__doc__)
    parser.add_argument("lane", choices=sorted(_LANES))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--top", type=int, default=40)
    chosen = parser.parse_args(arguments)
    if not hasattr(sys, "activate_stack_trampoline"):
        parser.error("needs CPython 3.12 or later: before that Python functions have no names for perf")
    found: list[tuple[str, str]] = []
    with tempfile.TemporaryDirectory() as folder, private_servers() as servers:
        apply_topology(servers)
        for _ in range(chosen.rounds):
            found += places(asyncio.run(samples_of(chosen.lane, servers, Path(folder) / "samples")))
    _show("by part of gp", Counter(room(file) for _, file in found), chosen.top)
    _show("by library and file", Counter(package(file) for _, file in found), chosen.top)
    _show("by function", Counter(f"{function} {file}" for function, file in found), chosen.top)


def _show(title: str, shares: Counter[str], top: int) -> None:
    print(f"\n{title}, per cent of {shares.total()} samples")
    for name, count in shares.most_common(top):
        print(f"{100 * count / shares.total():6.1f}  {name}")


if __name__ == "__main__":
    main()
