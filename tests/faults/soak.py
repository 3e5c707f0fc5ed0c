"""Publish events while a schedule of faults runs, and account for each of them in the end.

``python -m tests.faults.soak`` starts servers of its own; SOAK_SECONDS and SOAK_SEED choose the run.
"""

import asyncio
import logging
import os
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final
from uuid import uuid4

from gpadapters.rabbitmq.names import Names
from gpadapters.rabbitmq.publisher import RabbitPublisher
from gpadapters.simulator.server import SimulatedDiscord
from gpcore.domain.wire_message import Lane
from gpcore.errors import PortError
from tests.e2e.conftest import World
from tests.e2e.processes import GpProcess
from tests.faults.ledger import Ledger
from tests.faults.scene import Scene
from tests.servers.rabbitmq_process import RabbitProcess
from tests.servers.rabbitmq_sandbox import hasty
from tests.servers.redis_process import RedisProcess
from tests.servers.tcp_proxy import TcpProxy

WORKERS: Final = 2
CONCURRENCY: Final = 20
PREFETCH: Final = 40
A_SECOND: Final = 20
"""Events published a second."""

_NAMES: Final = ("plain",) * 12 + ("slow-0.3",) * 4 + ("fails-2",) * 2 + ("fails-99",)
_SETTLING: Final = 180.0


class Soak:
    """Two workers, what harms them, and the ledger."""

    def __init__(self, scene: Scene, redis: RedisProcess, node: RabbitProcess | None, seed: int) -> None:
        self.scene = scene
        self.ledger = Ledger(published=scene.joined)
        self._redis = redis
        self._node = node
        self._chance = random.Random(seed)
        self._workers: list[GpProcess] = []
        self._ways: list[TcpProxy] = []

    async def run(self, seconds: float) -> Ledger:
        """Do it all and return the ledger; servers and workers are still there afterwards."""
        async with AsyncExitStack() as stack:
            for url in (self.scene.world.rabbitmq_url, self._redis.url):
                self._ways.append(await stack.enter_async_context(TcpProxy.to(url)))
            self._workers = [await self._worker() for _ in range(WORKERS)]
            until = time.monotonic() + seconds
            publishing = asyncio.create_task(self._publish(until))
            await self._harm(until)
            await publishing
            await self._settle()
            for worker in self._workers:
                await worker.stop()
        self.ledger.effects = self.scene.effects()
        return self.ledger

    async def _worker(self, *, ready: bool = True) -> GpProcess:
        broker, state = (way.url for way in self._ways)
        return await self.scene.worker(ready=ready, RABBITMQ_URL=broker, REDIS_URL=state)

    async def _publish(self, until: float) -> None:
        while time.monotonic() < until:
            await self._publish_one(self._chance.choice(_NAMES))
            await asyncio.sleep(1 / A_SECOND)

    async def _publish_one(self, name: str) -> None:
        """Publish until the broker confirms, as an ingestor must: the same event each time."""
        user_id, send = self.scene.prepare(name)
        while True:
            try:
                await send()
            except PortError:
                await asyncio.sleep(0.2)
            else:
                self.scene.joined[user_id] = name
                return

    async def _harm(self, until: float) -> None:
        faults: list[tuple[str, Callable[[], Awaitable[None]]]] = [
            ("worker_killed", self._kill_a_worker),
            ("worker_killed", self._kill_a_worker),
            ("broker_cut", self._cut_the_broker),
            ("broker_cut", self._cut_the_broker),
            ("redis_cut", self._cut_redis),
            ("redis_slow", self._slow_redis_down),
            ("redis_killed", self._kill_redis),
        ]
        if self._node is not None:
            faults.append(("broker_restarted", self._restart_the_broker))
        # A killed worker, then each at least once in a seeded order, then at random.
        plan = [*self._chance.sample(faults, len(faults)), faults[0]]
        while time.monotonic() < until:
            await asyncio.sleep(self._chance.uniform(0.2, 1.5))
            name, harm = plan.pop() if plan else self._chance.choice(faults)
            self.ledger.faults[name] += 1
            await harm()

    async def _kill_a_worker(self) -> None:
        which = self._chance.randrange(WORKERS)
        await self._workers[which].kill()
        self._workers[which] = await self._worker(ready=False)

    async def _cut_the_broker(self) -> None:
        self._ways[0].cut()

    async def _cut_redis(self) -> None:
        self._ways[1].cut()

    async def _slow_redis_down(self) -> None:
        self._ways[1].delay = 0.4
        await asyncio.sleep(1)
        self._ways[1].delay = 0.0

    async def _kill_redis(self) -> None:
        self._redis.kill()
        await asyncio.sleep(0.5)
        await asyncio.to_thread(self._redis.start)

    async def _restart_the_broker(self) -> None:
        assert self._node is not None
        await asyncio.to_thread(self._node.stop)
        await asyncio.to_thread(self._node.start)

    async def _settle(self) -> None:
        """Wait until all are accounted for and the queues are at rest, or long enough."""
        until = time.monotonic() + _SETTLING
        while time.monotonic() < until:
            for event_id, reason in (await self.scene.dead_letters()).items():
                self.ledger.parked[self.scene.user_of(event_id)] = reason
            self.ledger.effects = self.scene.effects()
            if not self.ledger.lost and await self._at_rest():
                return
            await asyncio.sleep(0.5)

    async def _at_rest(self) -> bool:
        """Tell whether nothing waits that could still have a second effect."""
        names = self.scene.sandbox.names
        queues = [names.queue(Lane.EVENTS), *(f"{names.prefix}.retry.{rung}s" for rung in (1, 2, 3))]
        return not any([await self.scene.sandbox.waiting(queue) for queue in queues])


async def main() -> int:
    """Run one soak on servers of its own, print the ledger, and return the exit code."""
    # The client libraries tell of every connection that the faults deny them; the ledger is what counts.
    logging.disable(logging.CRITICAL)
    seconds = float(os.environ.get("SOAK_SECONDS", "120"))
    seed = int(os.environ.get("SOAK_SEED", str(random.randrange(10_000))))
    sys.stdout.write(f"soak of {seconds:g} s with SOAK_SEED={seed}\n")
    node, redis = RabbitProcess(), RedisProcess()
    node.start()
    redis.start()
    prefix = f"s{uuid4().hex[:12]}"
    publisher = RabbitPublisher(hasty(node.url), Names(prefix))
    started: list[GpProcess] = []

    async def begin(*arguments: str, env: dict[str, str]) -> GpProcess:
        started.append(await GpProcess.start(*arguments, env=env))
        return started[-1]

    with tempfile.TemporaryDirectory(prefix="gp-soak-") as folder:
        try:
            async with SimulatedDiscord() as discord:
                world = World(node.url, redis.url, prefix, discord, publisher)
                scene = Scene(world, begin, Path(folder) / "effects")
                ledger = await Soak(scene, redis, node, seed).run(seconds)
                await scene.sandbox.disconnect()
        finally:
            for process in started:
                await process.kill()
            await publisher.close()
            redis.close()
            node.close()
    bound = ledger.bound(concurrency=CONCURRENCY, prefetch=PREFETCH, workers=WORKERS)
    sys.stdout.write(ledger.text(bound=bound) + "\n")
    return 1 if ledger.lost or ledger.repeated > bound else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
