"""Decisions a second of the limits, beside two other libraries, in one run on one private server.

Every contender decides for the same number of keys with the same number of tasks. The rounds are
interleaved, so that a busy moment of the machine hits all alike: compare ratios, not figures.
"""

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from benchmarks.limiter_contenders import BASELINE, LIMIT, Contender, others, ours
from gpadapters.memory.admission_store import InMemoryAdmissionStore
from gpadapters.redis import open_stores
from gpadapters.system.clock import SystemClock
from gpcore import Gcra, SlidingWindow, WindowCounter
from tests.servers.redis import connected
from tests.servers.redis_process import RedisProcess

_MICROSECONDS: Final = 1e6
_SIZES: Final = (10, 100, 128, 129, 1000)


async def one_round(contender: Contender, *, tasks: int, decisions: int) -> None:
    """Let the tasks decide until all decisions are made, and note the figures."""
    # So many keys that no limit is reached in any round: refusals are cheaper than admissions.
    keys = decisions // (LIMIT // 10)
    numbers = iter(range(decisions))

    async def work() -> int:
        return sum([await contender.decide(str(number % keys)) for number in numbers])

    wall, cpu = time.perf_counter(), time.process_time()
    admitted = await asyncio.gather(*(work() for _ in range(tasks)))
    contender.rates.append(decisions / (time.perf_counter() - wall))
    contender.cpu_us.append((time.process_time() - cpu) / decisions * _MICROSECONDS)
    assert sum(admitted) == decisions


async def decisions_per_second(url: str, *, tasks: int, decisions: int, rounds: int) -> list[Contender]:
    """Measure all contenders."""
    async with open_stores(url) as stores:
        contenders = [
            *ours(stores.admissions, "Redis"),
            *others(url),
            *ours(InMemoryAdmissionStore(SystemClock()), "memory"),
        ]
        for contender in contenders:
            await contender.decide("warm")
        for _ in range(rounds):
            for contender in contenders:
                await one_round(contender, tasks=tasks, decisions=decisions)
    return contenders


async def bytes_per_key(url: str) -> Mapping[str, int]:
    """Return what the server keeps for one key, by kind and units taken."""
    sizes = dict[str, int]()
    async with open_stores(url) as stores, connected(url) as client:
        for size in _SIZES:
            for limit in (
                SlidingWindow(size, per=3600),
                WindowCounter(size, per=3600),
                Gcra(size, per=3600, burst=size),
            ):
                name = f"{type(limit).__name__}, {size} units"
                for use in range(size):
                    await stores.admissions.admit([limit.rule(f"rl:{name}")], nonce=f"{use:08x}")
                usage = await client.execute("MEMORY", "USAGE", f"rl:{name}")
                assert isinstance(usage, int)
                sizes[name] = usage
    return sizes


@contextmanager
def private_server() -> Iterator[str]:
    """Give the URL of a server of our own."""
    process = RedisProcess()
    process.start()
    try:
        yield process.url
    finally:
        process.close()


def report(contenders: Sequence[Contender]) -> list[Mapping[str, object]]:
    """Return a row for each contender; ratios are medians of the ratios of each round."""
    baseline = next(contender for contender in contenders if contender.name == BASELINE)
    return [
        {
            "limiter": contender.name,
            "decisions_per_second": round(statistics.median(contender.rates)),
            "spread": f"{min(contender.rates):.0f}-{max(contender.rates):.0f}",
            "cpu_us": round(statistics.median(contender.cpu_us), 1),
            "times_baseline": round(
                statistics.median(own / other for own, other in zip(contender.rates, baseline.rates, strict=True)), 2
            ),
            "any_window_holds_at_most": contender.promise,
        }
        for contender in contenders
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=100)
    parser.add_argument("--decisions", type=int, default=20_000, help="in each round")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    with private_server() as url:
        measured = decisions_per_second(
            url, tasks=chosen.tasks, decisions=chosen.decisions, rounds=min(chosen.rounds, LIMIT // 10)
        )
        rows = report(asyncio.run(measured))
        sizes = asyncio.run(bytes_per_key(url))
    if chosen.json:
        print(json.dumps({"limiters": rows, "bytes_per_key": sizes}, indent=2))
        return
    print(f"{'':34} {'decisions/s':>12} {'spread':>17} {'CPU µs':>7} {'×':>6}  any window holds at most")
    for row in rows:
        print(
            f"{row['limiter']:34} {row['decisions_per_second']:>12} {row['spread']:>17} {row['cpu_us']:>7}"
            f" {row['times_baseline']:>6}  {row['any_window_holds_at_most']}"
        )
    print(f"× is against {BASELINE!r} in the same run. Bytes kept for one key:")
    for name, size in sizes.items():
        print(f"{name:34} {size:>12}")


if __name__ == "__main__":
    main()
