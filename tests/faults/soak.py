"""Publish events and interactions while a schedule of faults runs, and account for each of them in the end.

``python -m tests.faults.soak`` starts servers of its own; SOAK_SECONDS and SOAK_SEED choose the run.
"""

import asyncio
import logging
import os
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Sequence
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
from tests.faults.diary import runs
from tests.faults.harming import Harmer
from tests.faults.ledger import Ledger
from tests.faults.scene import Scene
from tests.faults.schedule import SHORTEST_PAUSE, Kind, schedule
from tests.servers.rabbitmq_process import RabbitProcess
from tests.servers.rabbitmq_sandbox import hasty
from tests.servers.redis_process import RedisProcess
from tests.servers.tcp_proxy import TcpProxy

WORKERS: Final = 2
A_SECOND: Final = 20
"""Events published a second; of interactions a fifth as many."""

_EVENTS: Final = ("plain",) * 12 + ("slow-0.3",) * 4 + ("fails-2",) * 2 + ("fails-99",)
_COMMANDS: Final = ("quick", "long", "long")
_SETTLING: Final = 180.0


class Soak:
    """Two workers, what harms them, and the ledger.

    ``node`` is ``None`` where others use the broker too: ``kinds`` must not have its restart then.
    """

    def __init__(
        self,
        scene: Scene,
        redis: RedisProcess,
        node: RabbitProcess | None,
        seed: int,
        kinds: Sequence[Kind] = tuple(Kind),
    ) -> None:
        self.ledger = Ledger()
        self._scene = scene
        self._redis = redis
        self._node = node
        self._seed = seed
        self._kinds = kinds

    async def run(self, seconds: float) -> Ledger:
        """Do it all and return the ledger; the servers are still there afterwards."""
        # More than can be done in the time: no fault takes less than its pause.
        plan = schedule(self._seed, length=int(seconds / SHORTEST_PAUSE), workers=WORKERS, kinds=self._kinds)
        async with AsyncExitStack() as stack:
            broker = await stack.enter_async_context(TcpProxy.to(self._scene.world.rabbitmq_url))
            state = await stack.enter_async_context(TcpProxy.to(self._redis.url))
            harmer = Harmer(self._scene, broker, state, self._redis, self._node)
            await harmer.begin(WORKERS)
            until = time.monotonic() + seconds
            publishing = asyncio.gather(self._publish_events(until), self._publish_interactions(until))
            self.ledger.faults = await harmer.harm(plan, until)
            await publishing
            await self._settle()
            await harmer.end()
        self._read()
        return self.ledger

    async def _publish_events(self, until: float) -> None:
        chance = random.Random(f"{self._seed} events")
        while time.monotonic() < until:
            user_id, send = self._scene.prepare(chance.choice(_EVENTS))
            self.ledger.events[user_id] = time.time()
            # As an ingestor must: the same event until the broker confirms it.
            while not await _confirmed(send()):
                await asyncio.sleep(0.2)
            await asyncio.sleep(1 / A_SECOND)

    async def _publish_interactions(self, until: float) -> None:
        chance = random.Random(f"{self._seed} interactions")
        while time.monotonic() < until:
            interaction_id, send = self._scene.prepare_command(chance.choice(_COMMANDS), {"seconds": 0.5})
            self.ledger.interactions[interaction_id] = time.time()
            while not await _confirmed(send()):
                await asyncio.sleep(0.2)
            await asyncio.sleep(5 / A_SECOND)

    async def _settle(self) -> None:
        """Wait until all are accounted for and the queues are at rest, or long enough."""
        until = time.monotonic() + _SETTLING
        while time.monotonic() < until:
            at_rest = await self._at_rest()
            await self._collect_the_dead()
            self._read()
            if at_rest and not self.ledger.lost and not self.ledger.thinking:
                return
            await asyncio.sleep(0.5)

    async def _collect_the_dead(self) -> None:
        for lane in Lane:
            for message_id, reason in (await self._scene.dead_letters(lane)).items():
                self.ledger.parked[self._scene.id_of(message_id)] = reason

    def _read(self) -> None:
        self.ledger.runs = runs(self._scene.diary())
        self.ledger.told, self.ledger.thinking = self._scene.told(), self._scene.thinking()

    async def _at_rest(self) -> bool:
        """Tell whether nothing waits that could still have a second effect."""
        names = self._scene.sandbox.names
        queues = [names.queue(lane) for lane in Lane]
        queues += [f"{names.prefix}.retry.{rung}s" for rung in (1, 2, 3)]
        queues += [f"{names.prefix}.interactions.retry.{rung}s" for rung in (1, 5)]
        return not any([await self._scene.sandbox.waiting(queue) for queue in queues])


async def _confirmed(sending: Awaitable[None]) -> bool:
    try:
        await sending
    except PortError:
        return False
    return True


async def main() -> int:
    """Run one soak on servers of its own, print the ledger, and return the exit code."""
    # The client libraries tell of every connection that the faults deny them; the ledger is what counts.
    logging.disable(logging.CRITICAL)
    seconds = float(os.environ.get("SOAK_SECONDS", "120"))
    seed = int(os.environ.get("SOAK_SEED", str(random.randrange(10_000))))
    sys.stdout.write(f"soak of {seconds:g} s with SOAK_SEED={seed}\n")
    sys.stdout.flush()
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
    sys.stdout.write(ledger.text() + "\n")
    return 0 if ledger.balanced else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
