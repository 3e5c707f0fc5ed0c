"""Doing what a schedule says, and noting how long each fault was felt."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

import aiohttp

from tests.e2e.processes import GpProcess
from tests.faults.explaining import FOR_EVER, Fault
from tests.faults.scene import Scene
from tests.faults.schedule import Kind, Planned
from tests.servers.rabbitmq_process import RabbitProcess
from tests.servers.redis_process import RedisProcess
from tests.servers.tcp_proxy import TcpProxy

LEASE: Final = 3.0
_BEYOND_THE_LEASE: Final = LEASE + 1.5
_LOOK: Final = 0.1
_SLOWER_THAN_ANYBODY_WAITS: Final = 0.4


class Harmer:
    """Two workers behind proxies, and hands on everything that they need."""

    def __init__(
        self, scene: Scene, broker: TcpProxy, state: TcpProxy, redis: RedisProcess, node: RabbitProcess | None
    ) -> None:
        self._scene = scene
        self._broker = broker
        self._state = state
        self._redis = redis
        self._node = node
        self._workers: list[GpProcess] = []
        self._deeds: Mapping[Kind, Callable[[int], Awaitable[None]]] = {
            Kind.WORKER_KILLED: self._kill_a_worker,
            Kind.WORKER_PAUSED: self._pause_a_worker,
            Kind.BROKER_CUT: self._cut_the_broker,
            Kind.BROKER_RESTARTED: self._restart_the_broker,
            Kind.STATE_CUT: self._cut_the_state,
            Kind.STATE_SLOW: self._slow_the_state_down,
            Kind.STATE_MUTE: self._drop_a_reply,
            Kind.STATE_RESTARTED: self._restart_the_state,
        }

    async def begin(self, workers: int) -> None:
        """Start the workers and wait until they are ready."""
        self._workers = [await self._worker(ready=True) for _ in range(workers)]

    async def end(self) -> None:
        """Drain the workers; each must end by itself."""
        for worker in self._workers:
            assert await worker.stop() == 0, worker.log

    async def harm(self, plan: Sequence[Planned], until: float) -> list[Fault]:
        """Do the faults one after the other until the time is over (``time.monotonic``).

        Returns:
            What was done; each lasts until every worker was ready again.
        """
        done: list[Fault] = []
        watching: list[asyncio.Task[Fault]] = []
        for planned in plan:
            await asyncio.sleep(planned.pause)
            if time.monotonic() > until:
                break
            began, process = time.time(), 0
            if planned.kind in (Kind.WORKER_KILLED, Kind.WORKER_PAUSED):
                process = self._workers[planned.worker].process.pid
            await self._deeds[planned.kind](planned.worker)
            fault = Fault(kind=planned.kind, began=began, ended=FOR_EVER, process=process)
            watching.append(asyncio.create_task(self._felt(fault)))
        done += await asyncio.gather(*watching)
        return done

    async def _felt(self, fault: Fault) -> Fault:
        """Wait until nobody feels a fault any more."""
        # What was cut is noticed a moment later: an answer of before would be believed.
        await asyncio.sleep(2 * _LOOK)
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=1)) as session:
            while not all([await _ready(session, worker) for worker in self._workers]):
                await asyncio.sleep(_LOOK)
        return Fault(kind=fault.kind, began=fault.began, ended=time.time(), process=fault.process)

    async def _worker(self, *, ready: bool) -> GpProcess:
        return await self._scene.worker(
            ready=ready,
            RABBITMQ_URL=self._broker.url,
            REDIS_URL=self._state.url,
            CLAIM_LEASE_MS=str(int(LEASE * 1000)),
        )

    async def _kill_a_worker(self, which: int) -> None:
        await self._workers[which].kill()
        self._workers[which] = await self._worker(ready=False)

    async def _pause_a_worker(self, which: int) -> None:
        process = self._workers[which].process
        if process.returncode is not None:
            return
        process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(_BEYOND_THE_LEASE)
        process.send_signal(signal.SIGCONT)

    async def _cut_the_broker(self, _which: int) -> None:
        self._broker.cut()

    async def _restart_the_broker(self, _which: int) -> None:
        assert self._node is not None
        await asyncio.to_thread(self._node.stop)
        await asyncio.to_thread(self._node.start)

    async def _cut_the_state(self, _which: int) -> None:
        self._state.cut()

    async def _slow_the_state_down(self, _which: int) -> None:
        self._state.delay = _SLOWER_THAN_ANYBODY_WAITS
        await asyncio.sleep(1)
        self._state.delay = 0.0

    async def _drop_a_reply(self, _which: int) -> None:
        self._state.drop_replies = 1

    async def _restart_the_state(self, _which: int) -> None:
        self._redis.kill()
        await asyncio.sleep(0.5)
        await asyncio.to_thread(self._redis.start)


async def _ready(session: aiohttp.ClientSession, worker: GpProcess) -> bool:
    address = worker.known_address
    if address is None:
        return False
    try:
        async with session.get(f"{address}/readyz") as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False
